import { readFileSync, writeFileSync } from "node:fs";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, launch, Person, PHONE, until, Venue } from "./kit";

/** What a person does at the most, from the signed-in home screen. */
const BUDGET = {
  "see the live price of a running auction": 0,
  "place the next bid (+1 step) in a running auction": 2,
  "place a bid at one's own price": 4,
  "publish a procurement like the last one, new quantity and date": 6,
  "find the award of a lot just won": 2,
  "sign in with a password on a known device": 3,
} as const;
type Task = keyof typeof BUDGET;
const counted = new Map<Task, number>();

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
  const rows = [...counted].map(([task, actions]) => `| ${task} | ${actions} | ${BUDGET[task]} |`);
  console.log(["| task | actions | at most |", "| --- | --- | --- |", ...rows].join("\n"));
  if (process.env.STEPS_WRITE) {
    const place = new URL("../../../docs/steps.md", import.meta.url);
    const text = readFileSync(place, "utf8");
    const found = Object.entries(Object.fromEntries(counted));
    writeFileSync(place, found.reduce((all, [task, actions]) => all.replace(new RegExp(`(\\| ${task.replace(/[()+']/g, "\\$&")} \\| )\\d+`), `$1${actions}`), text));
  }
});

/**
 * Counts what the page itself receives of a real person: a tap, what is typed into one field, a choice. Typing goes on
 * until something else is done; Enter is an action of its own.
 */
async function count(person: Person, task: Task, act: () => Promise<void>): Promise<void> {
  await person.page.evaluate(() => {
    const counter = { actions: 0, typing: undefined as EventTarget | undefined | null };
    (window as unknown as { counter: typeof counter }).counter = counter;
    const on = (kind: string, heard: (event: Event) => void) => document.addEventListener(kind, (event) => event.isTrusted && heard(event), true);
    on("pointerdown", () => { counter.actions += 1; counter.typing = undefined; });
    on("keydown", (event) => {
      const key = (event as KeyboardEvent).key;
      if (key === "Enter") { counter.actions += 1; counter.typing = undefined; return; }
      if (counter.typing !== event.target) { counter.actions += 1; counter.typing = event.target; }
    });
    on("change", (event) => { if (event.target instanceof HTMLSelectElement) counter.actions += 1; });
  });
  await act();
  const actions = await person.page.evaluate(() => (window as unknown as { counter: { actions: number } }).counter.actions);
  counted.set(task, actions);
  expect(actions, task).toBeLessThanOrEqual(BUDGET[task]);
}

const keys = async (person: Person, text: string) => person.page.keyboard.type(text);

// Protects the step budgets, each task done as a person would on a phone.
it("sees a live price without doing anything", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  await count(person, "see the live price of a running auction", async () => {
    await person.page.locator("a.card", { hasText: "565,000" }).waitFor();
    await venue.call("b2-trader", "POST", "/api/v1/auctions/1/lots/1/bids", { price: "565000.00" });
    await venue.call("b3-trader", "POST", "/api/v1/auctions/1/lots/1/bids", { price: "566000.00" });
    await person.page.locator("a.card", { hasText: "566,000" }).waitFor();
  });
  await person.leave();
});

it("places the next bid", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  await count(person, "place the next bid (+1 step) in a running auction", async () => {
    await person.page.locator("a.card", { hasText: "金属镨钕" }).tap();
    await person.page.waitForSelector(".pad .hold:not([disabled])");
    await person.hold(".pad .hold");
    await person.page.locator(".hero .tag.accent").waitFor();
  });
  await person.leave();
});

it("places a bid at its own price", async () => {
  const person = await Person.enter(browser, venue, "b4-trader", PHONE);
  await count(person, "place a bid at one's own price", async () => {
    await person.page.locator("a.card", { hasText: "金属镨钕" }).tap();
    await person.page.waitForSelector(".pad .hold:not([disabled])");
    await person.page.locator(".pad .own input").tap();
    await keys(person, "567500");
    await until(async () => (await person.page.locator(".pad .hold").innerText()).includes("567,500"), "the price on the button");
    await person.hold(".pad .hold");
    await person.page.locator(".hero .tag.accent").waitFor();
  });
  await person.leave();
});

it("publishes a procurement like the last one", async () => {
  const person = await Person.enter(browser, venue, "hx-manager", PHONE);
  await count(person, "publish a procurement like the last one, new quantity and date", async () => {
    await person.page.locator("nav.bar a[href='/publish']").tap();
    await person.page.locator("li.line button").first().tap();
    await person.page.locator("input[id^=q]").first().waitFor();
    await until(() => person.page.evaluate(() => document.activeElement?.id.startsWith("q") ?? false), "the quantity is at hand");
    await keys(person, "28.5");
    await person.page.locator("#day").tap();
    const [year, month, date] = day(3).split("-");
    // The parts of a date field stand in the order of the browser's own language.
    await keys(person, `${month}${date}${year}`);
    expect(await person.page.inputValue("#day")).toBe(day(3));
    await person.page.locator("form button.main").tap();
    await person.page.locator("[role=status].note").waitFor();
  });
  const page = (await venue.call("hx-manager", "GET", "/api/v1/auctions?limit=1")).json as { items: { lots: { quantity: string }[]; opens: string }[] };
  expect(page.items[0]!.lots[0]!.quantity).toBe("28.5");
  // The day is that of the exchange, eight hours ahead of UTC.
  expect(new Date(Date.parse(page.items[0]!.opens) + 8 * 3_600_000).toISOString().slice(0, 10)).toBe(day(3));
  await person.leave();
});

it("finds the award of a lot just won", async () => {
  const person = await Person.enter(browser, venue, "b5-trader", PHONE);
  // A lot that ends with the first bid, which is at the limit price.
  const [opens, closes] = [2_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const submitted = await venue.call("nre-manager", "POST", "/api/v1/auctions", {
    title: "氧化铈", side: "sale", product: "Ce-oxide", unit: "t", opens, closes,
    bidding: { start_price: "12000.00", limit_price: "12345.00", step: "345.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "3" }],
  });
  const { id } = submitted.json as { id: number };
  expect((await venue.call("operator-1", "POST", `/api/v1/auctions/${id}/approval`, {})).status).toBe(200);
  await until(async () => (await venue.call("b5-trader", "POST", `/api/v1/auctions/${id}/lots/1/bids`, { price: "12345.00" })).status === 201, "the bid that ends the lot");
  await count(person, "find the award of a lot just won", async () => {
    await person.page.locator("nav.bar a[href='/contracts']").tap();
    await person.page.locator("main li.panel", { hasText: "12,345" }).waitFor();
  });
  await person.leave();
});

it("signs in on a known device", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  await person.page.evaluate(() => localStorage.removeItem("bayan.session"));
  await person.context.clearCookies();
  await person.page.goto("/sign-in");
  await count(person, "sign in with a password on a known device", async () => {
    await person.page.waitForSelector("#password:focus");
    await keys(person, person.user.password);
    await person.page.locator("form button.main").tap();
    await person.page.waitForURL(/markets/);
  });
  await person.leave();
});
