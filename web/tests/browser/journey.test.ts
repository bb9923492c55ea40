import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, PHONE, until, Venue } from "./kit";
import { Watch } from "./watch";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());

interface Lot {
  code: string;
  status: string;
  leader: string | null;
  best_price: string | null;
}
interface Auction {
  id: number;
  title: string;
  status: string;
  side: string;
  format: string;
  bidding: { countdown_from: string; start_price: string; step: string };
  lots: Lot[];
}
const PATIENCE_MS = 420_000;
/** What a call answers; while the node is away it is asked again. */
async function get<T>(login: string, path: string): Promise<T> {
  return until(() => venue.call(login, "GET", path).then(({ status, json }) => status === 200 && (json as T), () => false), `an answer of ${path}`, 60_000);
}
const read = (id: number) => get<Auction>("b3-trader", `/api/v1/auctions/${id}`);

/** Lots that somebody fights for here. */
const taken = new Set<string>();

/** A lot that bots bid for, that ends soon after the last bid, and that nobody fights for yet: the one that has moved most. */
async function lively(): Promise<{ auction: Auction; lot: Lot } | undefined> {
  const page = await get<{ items: Auction[] }>("b3-trader", "/api/v1/auctions?status=running&side=sale&limit=50");
  const found = page.items
    .filter((auction) => auction.title.includes("示范") && auction.bidding.countdown_from === "opening")
    .flatMap((auction) => auction.lots.map((lot) => ({ auction, lot, moved: (Number(lot.best_price) - Number(auction.bidding.start_price)) / Number(auction.bidding.step) })))
    .filter(({ auction, lot }) => lot.status === "running" && lot.best_price !== null && !taken.has(`${auction.id}/${lot.code}`))
    .sort((one, other) => other.moved - one.moved)[0];
  if (found) taken.add(`${found.auction.id}/${found.lot.code}`);
  return found;
}

/** Bids in the room whenever somebody else leads, until the lot has ended; whether it was won, and how often one was overtaken. */
async function fight(person: Person, id: number, code: string, atFirstOvertaking: () => Promise<void>): Promise<{ won: boolean; overtaken: number }> {
  const { page } = person;
  await page.goto(`/auctions/${id}/${code}`);
  let overtaken = 0;
  let bids = 0;
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const lot = (await read(id)).lots.find((one) => one.code === code)!;
    if (lot.status !== "running") {
      const contracts = await get<{ items: { auction: number; lot: string }[] }>(person.user.login, "/api/v1/contracts");
      return { won: contracts.items.some((one) => one.auction === id && one.lot === code), overtaken };
    }
    const leading = await page.locator(".hero .tag.accent").isVisible();
    if (bids > overtaken && !leading && (await page.locator(".hero .tag.warn").isVisible())) {
      overtaken += 1;
      if (overtaken === 1) await atFirstOvertaking();
    }
    if (!leading && (await page.locator(".pad .hold:not([disabled])").isVisible())) {
      const most = page.locator(".pad .step").nth(1);
      if (await most.isEnabled()) await most.click();
      await person.hold(".pad .hold").catch(() => undefined); // The lot may end under one's finger.
      // It is answered: one leads, or somebody was faster.
      await until(async () => !(await page.locator(".pad .waiting").isVisible()), "an answer");
      if (await page.locator(".hero .tag.accent").isVisible()) bids = overtaken + 1;
    }
    await page.waitForTimeout(200);
  }
  throw new Error("the lot did not end");
}

/** As a trader: be overtaken by a bot, answer, and win, with `strike` at the first overtaking. */
async function win(person: Person, strike: () => Promise<void>): Promise<Watch> {
  const watch = await Watch.over(person);
  let overtaken = 0;
  let won: { auction: Auction; lot: Lot } | undefined;
  const end = Date.now() + PATIENCE_MS;
  while ((!won || overtaken === 0) && Date.now() < end) {
    const found = await until(lively, "a lot that bots bid for", PATIENCE_MS);
    const fought = await fight(person, found.auction.id, found.lot.code, strike);
    overtaken += fought.overtaken;
    await watch.holds(found.auction.id, found.lot.code);
    if (fought.won) won = found;
  }
  expect(overtaken).toBeGreaterThan(0);
  expect(won).toBeDefined();
  // What was won stands where one looks for it.
  await person.page.goto("/contracts");
  await person.page.locator("main li.panel", { hasText: won!.auction.title }).first().waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();
  return watch;
}

/** As a manager: publish a procurement like the last one; the node dies; as an operator: approve it; a trader sees it coming. */
async function publish(device: typeof PHONE, language: "zh" | "en", quantity: string, strike: () => Promise<void>): Promise<void> {
  const person = await Person.enter(browser, venue, "hx-manager", device, language);
  await person.page.locator("nav.bar a[href='/publish']").click();
  await person.page.locator("li.line button").first().click();
  await person.page.locator("input[id^=q]").first().fill(quantity);
  await person.page.locator("#day").fill(day(2));
  await person.page.locator("form button.main").click();
  await person.page.locator("[role=status].note").waitFor();
  // What was handed in and answered is there after kill -9.
  await strike();
  const operator = await Person.enter(browser, venue, "operator-1", device, language);
  const waiting = operator.page.locator("article.item", { hasText: quantity });
  await waiting.waitFor();
  await waiting.locator("button.main").click();
  await operator.page.locator("[data-test=do]").click();
  await until(async () => (await operator.page.locator("article.item", { hasText: quantity }).count()) === 0, "it waits no more");
  const coming = (await venue.call("b6-trader", "GET", "/api/v1/auctions?status=published&side=procurement&limit=50")).json as { items: { lots: { quantity: string }[] }[] };
  expect(coming.items.some((one) => one.lots.some((lot) => lot.quantity === quantity))).toBe(true);
  expect([...person.complaints, ...operator.complaints]).toEqual([]);
  await person.leave();
  await operator.leave();
}

/** One node that is killed and started again, and three of which the one that leads is killed. */
const GROUNDS = [
  { name: "one node", args: [] as string[], strike: async () => (await venue.kill(), venue.run()), awayMostMs: Infinity },
  { name: "three nodes behind the entrance", args: ["--nodes", "3", "--respawn"], strike: async () => venue.killLeader(), awayMostMs: 1_000 },
];

describe.each(GROUNDS)("$name", ({ args, strike, awayMostMs }) => {
  beforeAll(async () => {
    venue = await Venue.start(args);
  });
  afterAll(async () => venue?.stop());

  // Protects the whole: what a newcomer does with the demonstration market against its bots, on a phone in Chinese and at
  // the same time on a desktop in English, with the node that leads killed in the middle of it. No price is shown that
  // was none, no bid that was answered is lost, and with several nodes the page is back within a second.
  it("bid, be overtaken by a bot, answer and win, while the node dies", { timeout: PATIENCE_MS + 120_000 }, async () => {
    let struck: Promise<void> | undefined;
    const once = () => (struck ??= strike());
    const phone = await Person.enter(browser, venue, "b1-trader", PHONE, "zh");
    const desktop = await Person.enter(browser, venue, "b2-trader", DESKTOP, "en");
    const watches = await Promise.all([win(phone, once), win(desktop, once)]);
    expect(struck).toBeDefined();
    for (const watch of watches) expect(watch.longestAwayMs).toBeLessThanOrEqual(awayMostMs);
  });

  // Protects the other half of it: a manager publishes like the last time, the node that leads is killed, an operator approves.
  it("publish and approve, while the node dies between them, on a phone in Chinese and on a desktop in English", async () => {
    await publish(PHONE, "zh", "33.25", strike);
    await publish(DESKTOP, "en", "44.75", strike);
  });
});
