import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, launch, Person, PHONE, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

interface Lots {
  lots: { code: string; best_price: string | null; accepted: number; status: string }[];
}
const lot = async (id: number, code: string) => ((await venue.call("b3-trader", "GET", `/api/v1/auctions/${id}`)).json as Lots).lots.find((one) => one.code === code)!;
const bid = async (login: string, id: number, code: string, price: string) => expect((await venue.call(login, "POST", `/api/v1/auctions/${id}/lots/${code}/bids`, { price })).status).toBe(201);

/** A sale of ours that runs. */
async function sale(title: string, bidding: object = {}, lots: object[] = [{ code: "1", quantity: "3" }, { code: "2", quantity: "3" }]): Promise<number> {
  const [opens, closes] = [2_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const terms = { title, side: "sale", product: "Ce-oxide", unit: "t", opens, closes, bidding: { start_price: "12000.00", limit_price: "14000.00", step: "100.00", margin_rate: "0.1", ...bidding }, lots };
  const { id } = (await venue.call("nre-manager", "POST", "/api/v1/auctions", terms)).json as { id: number };
  expect((await venue.call("operator-1", "POST", `/api/v1/auctions/${id}/approval`, {})).status).toBe(200);
  await until(async () => (await lot(id, "1")).status === "running", "it runs");
  return id;
}

// Protects the terminal: three panes that are moved by mouse and by keyboard and stay as they were, and fill the window.
it("has three panes whose widths are kept", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", DESKTOP);
  const { page } = person;
  await page.goto("/auctions/1/1");
  await page.waitForSelector(".pad .hold:not([disabled])");
  const widths = () => page.evaluate(() => [...document.querySelectorAll(".terminal > .pane")].map((one) => Math.round(one.getBoundingClientRect().width)));
  const [left, , right] = await widths();
  const edges = page.getByRole("separator");
  const edge = (await edges.first().boundingBox())!;
  await page.mouse.move(edge.x, 400);
  await page.mouse.down();
  await page.mouse.move(edge.x + 60, 400, { steps: 4 });
  await page.mouse.up();
  await edges.last().focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await until(async () => (await widths())[0] === left! + 60 && (await widths())[2] === right! + 32, "the panes are moved");
  // Arrows on an edge are for the edge: the lot is the same.
  expect(new URL(page.url()).pathname).toBe("/auctions/1/1");
  await page.reload();
  await page.waitForSelector(".pad .hold");
  expect((await widths())[0]).toBe(left! + 60);
  expect((await widths())[2]).toBe(right! + 32);
  await edges.first().dblclick();
  await until(async () => (await widths())[0] === left, "it is put back");
  // Nothing is below the window, and the chart takes what is left over.
  const sizes = await page.evaluate(() => ({ page: document.documentElement.scrollHeight, window: window.innerHeight, chart: document.querySelector(".hero .path")!.getBoundingClientRect().height }));
  expect(sizes.page).toBeLessThanOrEqual(sizes.window);
  expect(sizes.chart).toBeGreaterThan(160);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects who bids without a mouse, and who does not see: everything by keys, and a voice that says what matters.
it("bids by keyboard, and says aloud that one leads and was overtaken", async () => {
  const id = await sale("keyboard");
  const person = await Person.enter(browser, venue, "b2-trader", DESKTOP, "en");
  const { page } = person;
  await page.goto(`/auctions/${id}/1`);
  await page.waitForSelector(".pad .hold:not([disabled])");
  await page.keyboard.press("ArrowDown");
  await page.waitForURL(`**/auctions/${id}/2`);
  await page.keyboard.press("ArrowUp");
  await page.waitForURL(`**/auctions/${id}/1`);
  await page.keyboard.press("b");
  await page.waitForSelector(".pad .hold:focus");
  await page.keyboard.down(" ");
  await page.locator(".hero .tag.accent").waitFor();
  await page.keyboard.up(" ");
  expect((await lot(id, "1")).best_price).toBe("12000.00");
  const spoken = page.locator("[data-test=spoken]");
  await spoken.getByText("You lead at 12,000").waitFor();
  await bid("b3-trader", id, "1", "12100.00");
  await spoken.getByText("You are overtaken; the best price is 12,100").waitFor({ timeout: 5_000 });
  // Not every price is said.
  await bid("b4-trader", id, "1", "12200.00");
  await until(async () => (await page.locator(".hero .price").innerText()).includes("12,200"), "the next price");
  expect(await spoken.innerText()).toContain("12,100");
  // A short press is no bid; the next one is set up.
  await page.keyboard.press("b");
  await page.keyboard.press(" ");
  expect(await page.locator(".pad .hold").innerText()).toContain("12,300");
  expect((await lot(id, "1")).accepted).toBe(3);
  await page.keyboard.press("Escape");
  await page.waitForURL("**/auctions");
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects against a slip of the hand: far from the best price, or above one's own limit, a bid is asked once more; by
// press and confirmation as by holding. And what had moved meanwhile is said.
it("asks once more where a bid is far or above one's limit, and says when the price had moved", async () => {
  const id = await sale("once more", { start_price: "12000.00", limit_price: "90000.00" });
  const person = await Person.enter(browser, venue, "b5-trader", PHONE);
  const { page } = person;
  await page.goto("/me");
  await page.getByRole("tab", { name: "设置" }).tap();
  await page.selectOption("#confirm", "press");
  await page.fill("#limit", "100,000");
  await page.locator("form", { has: page.locator("#limit") }).locator("button.btn").tap();
  await until(async () => ((await venue.call("b5-trader", "GET", "/api/v1/limits")).json as { bid_amount_max: string | null }).bid_amount_max === "100000.00", "the limit is kept");
  await page.goto(`/auctions/${id}/1`);
  const button = page.locator(".pad .hold");
  await page.waitForSelector(".pad .hold:not([disabled])");
  const twice = async () => {
    await button.tap();
    await page.waitForSelector(".pad .hold.asking");
    await button.tap();
  };
  await page.fill(".pad .own input", "13000");
  await twice();
  await page.locator(".pad .says", { hasText: "请再确认一次" }).waitFor();
  expect((await lot(id, "1")).accepted).toBe(0);
  await twice();
  await page.locator(".hero .tag.accent").waitFor();
  expect((await lot(id, "1")).best_price).toBe("13000.00");

  // 3 t at 34,000 are more than 100,000.
  await page.goto(`/auctions/${id}/2`);
  await page.waitForSelector(".pad .hold:not([disabled])");
  await page.fill(".pad .own input", "34,000");
  await twice();
  await page.locator(".pad .says", { hasText: "个人限额" }).waitFor();
  expect((await lot(id, "2")).accepted).toBe(0);

  // The price that was seen travels with the bid; somebody is faster on the way.
  await page.route(`**/auctions/${id}/lots/2/bids`, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    expect(route.request().postDataJSON()).toMatchObject({ price: "12500.00", seen_price: "12000.00" });
    await bid("b6-trader", id, "2", "12200.00");
    return route.continue();
  });
  await bid("b3-trader", id, "2", "12000.00");
  await until(async () => (await page.locator(".hero .price").innerText()).includes("12,000"), "the price is seen");
  await page.fill(".pad .own input", "12500");
  await twice();
  await page.locator(".pad .says", { hasText: "你看到的是 12,000，到达时最优价是 12,200" }).waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects what one reads after the hammer, also who comes only then: won, lost, and what is held.
it("says to who comes later whether one has won or lost, and what one's money is held for", async () => {
  const id = await sale("after the hammer", { limit_price: "12100.00" });
  await bid("b7-trader", id, "1", "12000.00");
  await bid("b8-trader", id, "1", "12100.00");
  await bid("b8-trader", id, "2", "12000.00");
  const winner = await Person.enter(browser, venue, "b8-trader", PHONE);
  await winner.page.goto(`/auctions/${id}/1`);
  await winner.page.locator("[data-test=result]", { hasText: "你已成交" }).waitFor();
  await winner.page.locator("[data-test=standing]", { hasText: "你成交" }).waitFor();
  await winner.page.locator("[data-test=standing]", { hasText: "领先" }).waitFor();
  expect(await winner.page.locator("[data-test=result]").innerText()).toContain("36,300.00");
  await winner.page.goto("/me");
  await winner.page.locator("[data-test=margins]", { hasText: "合同保证金" }).waitFor();
  const { held } = (await venue.call("b8-trader", "GET", "/api/v1/funds")).json as { held: string };
  expect((await winner.page.locator("[data-test=margin-sum]").innerText()).replace(/[^\d.]/g, "")).toBe(held);
  const loser = await Person.enter(browser, venue, "b7-trader", DESKTOP, "en");
  await loser.page.goto(`/auctions/${id}/1`);
  await loser.page.locator("[data-test=result]", { hasText: "Not won" }).waitFor();
  await loser.page.locator("[data-test=result]", { hasText: "free again" }).waitFor();
  expect(winner.complaints.concat(loser.complaints)).toEqual([]);
  await winner.leave();
  await loser.leave();
});

// Protects how it looks to each: theme, colours of a direction and language change at once, without a reload, and stay.
it("changes theme, colours and language without a reload", async () => {
  const id = await sale("colours");
  await bid("b3-trader", id, "1", "12000.00");
  await bid("b4-trader", id, "1", "12100.00");
  const person = await Person.enter(browser, venue, "b9-trader", { ...PHONE, reducedMotion: "reduce" });
  const { page } = person;
  await page.goto("/me");
  await page.evaluate(() => Object.assign(window, { same: true }));
  await page.getByRole("tab", { name: "设置" }).tap();
  const up = () => page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--up").trim());
  const red = await up();
  await page.selectOption("#theme", "dark");
  await page.selectOption("#rising", "green");
  await page.selectOption("#language", "en");
  await page.getByRole("tab", { name: "Settings" }).waitFor();
  expect(await page.evaluate(() => [document.documentElement.dataset.theme, document.documentElement.lang, document.body.classList.contains("body--dark"), (window as unknown as { same?: boolean }).same])).toEqual(["dark", "en", true, true]);
  expect(await up()).not.toBe(red);
  await page.goto(`/auctions/${id}/1`);
  await page.locator(".hero .price.up").waitFor();
  expect(await page.evaluate(() => document.documentElement.dataset.rising)).toBe("green");
  // Who wants no motion gets none, except how far a button was held.
  expect(await page.evaluate(() => Number.parseFloat(getComputedStyle(document.querySelector(".btn")!).transitionDuration))).toBeLessThan(0.01);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects following: an announcement that one follows stands with the others, and its opening is told wherever one is.
it("follows an announcement and is told when it opens", async () => {
  const [opens, closes] = [60_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const terms = { title: "铈的专场", side: "sale", product: "Ce-oxide", unit: "t", opens, closes, bidding: { start_price: "12000.00", step: "100.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "3" }] };
  const { id } = (await venue.call("nre-manager", "POST", "/api/v1/auctions", terms)).json as { id: number };
  await venue.call("operator-1", "POST", `/api/v1/auctions/${id}/approval`, {});
  const person = await Person.enter(browser, venue, "b10-trader", PHONE);
  const { page } = person;
  await page.goto("/auctions?tab=coming");
  await page.locator(".entry", { hasText: "铈的专场" }).locator("[data-test=follow]").tap();
  await page.getByRole("tab", { name: "关注" }).tap();
  await page.locator(".entry", { hasText: "铈的专场" }).waitFor();
  expect(await page.locator(".entry").count()).toBe(1);
  // The desktop shows it within a second, and what is let go there is let go here; a new device has it from the start.
  const desk = await Person.enter(browser, venue, "b10-trader", DESKTOP);
  await desk.page.goto("/auctions?tab=followed");
  const there = desk.page.locator(".entry", { hasText: "铈的专场" });
  await there.locator("[data-test=follow]").click();
  await page.locator(".entry").waitFor({ state: "detached", timeout: 1_000 });
  await desk.page.getByRole("tab", { name: "即将开始" }).click();
  await there.locator("[data-test=follow]").click();
  await page.locator(".entry", { hasText: "铈的专场" }).waitFor({ timeout: 1_000 });
  expect(desk.complaints).toEqual([]);
  await desk.leave();
  // What a device remembers from before is merged as soon as it is used.
  const old = (await venue.call("b10-trader", "GET", "/api/v1/auctions?status=running&limit=1")).json as { items: { id: number }[] };
  await page.evaluate((id) => localStorage.setItem("bayan.settings", JSON.stringify({ ...(JSON.parse(localStorage.getItem("bayan.settings") ?? "{}") as object), followed: [id, 9_999] })), old.items[0]!.id);
  await page.reload();
  await page.locator(".entry").nth(1).waitFor();
  const here = () => page.evaluate(() => (JSON.parse(localStorage.getItem("bayan.settings")!) as { followed: number[] }).followed);
  await until(async () => (await here()).length === 0, "what the device remembers is handed in");
  const kept = (await venue.call("b10-trader", "GET", "/api/v1/followed")).json as { auctions: number[] };
  expect(kept.auctions).toEqual([id, old.items[0]!.id]);
  // Under rules that are older than following the star stays on this device, beside what the exchange has, and comes along later.
  await page.route("**/api/v1/followed", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 409, json: { type: "about:blank", title: "Conflict", status: 409, detail: "rules 3", reason: "rules_not_in_force" } }) : route.continue()));
  await page.getByRole("tab", { name: "进行中" }).tap();
  const other = page.locator(".entry", { has: page.locator("[data-test=follow][aria-pressed=false]") }).first();
  await other.locator("[data-test=follow]").tap();
  await until(async () => (await here()).length === 1, "the device remembers");
  await page.getByRole("tab", { name: "关注" }).tap();
  await page.locator(".entry").nth(2).waitFor();
  expect(await page.locator(".toast").count()).toBe(0);
  await page.reload();
  await page.locator(".entry").nth(2).waitFor();
  const [mine] = await here();
  await page.unroute("**/api/v1/followed");
  await page.reload();
  await until(async () => (await here()).length === 0, "it is handed in");
  expect((await venue.call("b10-trader", "GET", "/api/v1/followed")).json).toEqual({ auctions: [id, old.items[0]!.id, mine] });
  await page.locator("nav.bar a[href='/contracts']").tap();
  await page.locator(".toast", { hasText: "关注的公告开始了：铈的专场" }).waitFor({ timeout: 70_000 });
  expect(person.complaints).toEqual([]);
  await person.leave();
});
