import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, PHONE, until, Venue } from "./kit";

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
const bid = (login: string, id: number, code: string, price: string) => venue.call(login, "POST", `/api/v1/auctions/${id}/lots/${code}/bids`, { price });

// Protects the heart of the app: a bid is placed, overtaken and answered, and both devices of a person see it.
it("a trader bids, is overtaken and answers, on a phone and on a second device", async () => {
  const phone = await Person.enter(browser, venue, "b1-trader", PHONE);
  const desk = await Person.enter(browser, venue, "b1-trader", DESKTOP, "en");
  await phone.page.locator("a.card", { hasText: "金属镨钕" }).tap();
  await phone.page.waitForSelector(".pad .hold:not([disabled])");
  await desk.page.goto("/auctions/1/1");
  await desk.page.waitForSelector(".pad .hold:not([disabled])");

  const answered = phone.page.waitForResponse((one) => one.url().endsWith("/lots/1/bids") && one.request().method() === "POST");
  await phone.hold(".pad .hold");
  await answered;
  // Within a second of the answer it stands on the other device too.
  await desk.page.getByText("You lead", { exact: false }).first().waitFor({ timeout: 1_000 });
  await phone.page.getByText("你领先", { exact: false }).first().waitFor();
  const placed = await lot(1, "1");
  expect(placed.accepted).toBe(1);

  const over = (Number(placed.best_price) + 1000).toFixed(2);
  expect((await bid("b2-trader", 1, "1", over)).status).toBe(201);
  // On both devices within a second.
  await Promise.all([phone, desk].map((one) => one.page.locator(".hero .tag.warn").waitFor({ timeout: 1_000 })));
  // The next bid is already set up.
  const next = (Number(over) + 500).toLocaleString("en-US");
  await until(async () => (await phone.page.locator(".pad .hold").innerText()).includes(next), "the next step on the button");
  await phone.hold(".pad .hold");
  await phone.page.locator(".hero .tag.accent").waitFor();
  expect((await lot(1, "1")).accepted).toBe(3);
  expect(phone.complaints.concat(desk.complaints)).toEqual([]);
  await phone.leave();
  await desk.leave();
});

// Protects a lost answer: the node dies while the bid is on its way; the app reconnects by itself and the bid is there once.
it("a bid survives the death of the node", async () => {
  const person = await Person.enter(browser, venue, "b4-trader", PHONE);
  const { page } = person;
  await page.goto("/auctions/1/2");
  await page.waitForSelector(".pad .hold:not([disabled])");
  // The request goes out, and the node is killed before the answer comes back.
  let cut = false;
  await page.route("**/lots/2/bids", async (route) => {
    if (route.request().method() !== "POST" || cut) return route.continue();
    cut = true;
    await route.fetch();
    await venue.kill();
    await route.abort("connectionreset");
  });
  await person.hold(".pad .hold");
  await page.locator(".stale").waitFor();
  await venue.run();
  await page.locator(".hero .tag.accent").waitFor({ timeout: 30_000 });
  expect((await lot(1, "2")).accepted).toBe(1);
  await until(async () => !(await page.locator(".stale").isVisible()), "live again");
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects the clock: a phone that is wrong by an hour shows a countdown that is right to 100 ms.
it("the countdown does not ask the device's clock", async () => {
  const person = await Person.enter(browser, venue, "b5-trader", PHONE);
  const { page } = person;
  // Not by whole seconds: else the digits would change at the right moment and be wrong all the same.
  const WRONG_MS = 3_600_377;
  await page.addInitScript((wrong) => {
    const real = Date.now;
    Date.now = () => real() + wrong;
  }, WRONG_MS);
  await page.goto("/auctions/1/3");
  await page.waitForSelector(".pad .hold:not([disabled])");
  const lots = ((await venue.call("b5-trader", "GET", "/api/v1/auctions/1")).json as { lots: { code: string; end: string }[] }).lots;
  const end = Date.parse(lots.find((one) => one.code === "3")!.end);
  // At each change of the digits: what they say is left, and what truly is.
  const seen = await page.evaluate(
    ([at, wrong]) =>
      new Promise<{ shown: string; left: number }[]>((resolve) => {
        const found: { shown: string; left: number }[] = [];
        const timer = document.querySelector(".clock [role=timer]")!;
        new MutationObserver(() => {
          found.push({ shown: timer.textContent ?? "", left: at! - (Date.now() - wrong!) });
          if (found.length === 7) resolve(found);
        }).observe(timer, { characterData: true, childList: true, subtree: true });
      }),
    [end, WRONG_MS],
  );
  const ms = (shown: string) => shown.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
  expect(seen.length).toBe(7);
  expect(Math.max(...seen.map(({ shown, left }) => Math.abs(ms(shown) - left))), JSON.stringify(seen)).toBeLessThanOrEqual(100);
  await person.leave();
});

// Protects who works without a mouse: in a group of choices the arrows choose, and Tab stops once; elsewhere they change the lot.
it("the arrows choose a price in the pad, and a lot outside it", async () => {
  const person = await Person.enter(browser, venue, "b3-trader", DESKTOP);
  const { page } = person;
  await page.goto("/auctions/1/1");
  await page.waitForSelector(".pad .hold:not([disabled])");
  const steps = page.locator(".pad [role=radio]:not([disabled])");
  expect(await steps.count()).toBe(2);
  const chosen = () => steps.evaluateAll((all) => all.map((one) => [one.getAttribute("aria-checked"), one.tabIndex, one === document.activeElement]));
  await steps.first().focus();
  for (const [press, at] of [["ArrowRight", 1], ["ArrowDown", 0], ["ArrowUp", 1], ["Home", 0], ["End", 1]] as const) {
    await page.keyboard.press(press);
    await until(async () => (await chosen())[at]![0] === "true", `${press} chooses`);
    expect(await chosen(), press).toEqual(at === 1 ? [["false", -1, false], ["true", 0, true]] : [["true", 0, true], ["false", -1, false]]);
    expect(new URL(page.url()).pathname).toBe("/auctions/1/1");
  }
  await page.locator(".pad .hold").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForURL("**/auctions/1/2");
  // The same for what chooses a part of a screen; each part says whose it is.
  await page.goto("/auctions");
  await page.locator("[role=tab]").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForURL("**/auctions?tab=coming");
  const tab = page.locator("[role=tab][aria-selected=true]");
  expect(await page.locator(`#${await tab.getAttribute("aria-controls")}`).getAttribute("aria-labelledby")).toBe(await tab.getAttribute("id"));
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects publishing: like the last one with another quantity and day, then approved by staff in the console.
it("a manager publishes, an operator approves, a trader sees it", async () => {
  const manager = await Person.enter(browser, venue, "hx-manager", DESKTOP);
  const operator = await Person.enter(browser, venue, "operator-1", DESKTOP);
  const trader = await Person.enter(browser, venue, "b6-trader", PHONE, "en");
  await manager.page.locator("nav.bar a[href='/publish']").click();
  await manager.page.locator("li.line button").first().click();
  await manager.page.locator("input[id^=q]").first().fill("33.5");
  await manager.page.locator("#day").fill(day(2));
  await manager.page.locator("form button.main").click();
  await manager.page.locator("[role=status].note").waitFor();
  const submitted = operator.page.locator("article.item").first();
  await submitted.waitFor();
  await submitted.locator("button.main").click();
  await operator.page.locator("[data-test=do]").click();
  await until(async () => (await operator.page.locator("article.item").count()) === 0, "nothing waits any more");
  await trader.page.goto("/auctions?tab=coming");
  await trader.page.locator("a.line").first().waitFor();
  expect([...manager.complaints, ...operator.complaints, ...trader.complaints]).toEqual([]);
  for (const one of [manager, operator, trader]) await one.leave();
});
