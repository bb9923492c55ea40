import type { Browser, WebSocketRoute } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { launch, Person, PHONE, until, Venue } from "./kit";

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
  lots: { code: string; best_price: string | null; accepted: number }[];
}
const lot = async (code: string) => ((await venue.call("b3-trader", "GET", "/api/v1/auctions/1")).json as Lots).lots.find((one) => one.code === code)!;
const bid = (login: string, code: string, price: string) => venue.call(login, "POST", `/api/v1/auctions/1/lots/${code}/bids`, { price });
const grouped = (price: string) => Number(price).toLocaleString("en-US");

const TEN_MINUTES_MS = 600_000;

// Protects what a phone shows that slept: time stood still in it, its connection died without a word, the market went
// on, and a bid had just been sent. At no moment after it wakes is the old price shown as current; the bid is there once.
it("a phone that slept for ten minutes shows no old price as current and loses no bid", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  const { page } = person;
  let asleep = false;
  const sockets: WebSocketRoute[] = [];
  await page.routeWebSocket("**/api/v1/feed*", (socket) => {
    const born = !asleep;
    sockets.push(socket);
    const server = socket.connectToServer();
    // A connection from before the sleep never says another word, not even that it has ended.
    socket.onMessage((message) => !(born && asleep) && server.send(message));
    server.onMessage((message) => !(born && asleep) && socket.send(message));
    server.onClose(() => undefined);
  });
  // The date goes on while a phone sleeps; the time since the page was opened may not.
  await page.addInitScript(() => {
    const real = Date.now;
    const slept = { ms: 0, visible: true };
    Object.assign(window, { slept });
    Date.now = () => real() + slept.ms;
    Object.defineProperty(document, "visibilityState", { get: () => (slept.visible ? "visible" : "hidden") });
  });
  await page.goto("/auctions/1/1");
  await page.waitForSelector(".pad .hold:not([disabled])");

  // The bid goes out, the phone falls asleep, the answer never comes.
  await page.route("**/lots/1/bids", async (route) => {
    if (route.request().method() !== "POST" || asleep) return route.continue();
    asleep = true;
    await route.fetch();
    await route.abort("connectionreset");
  });
  const button = (await page.locator(".pad .hold").boundingBox())!;
  await page.mouse.move(button.x + button.width / 2, button.y + button.height / 2);
  await page.mouse.down();
  await until(async () => (await lot("1")).accepted === 1, "the bid is in the book");
  await page.evaluate(() => {
    (window as unknown as { slept: { visible: boolean } }).slept.visible = false;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.mouse.up();

  const before = (await lot("1")).best_price!;
  const over = (Number(before) + 1000).toFixed(2);
  expect((await bid("b2-trader", "1", over)).status).toBe(201);

  // It wakes. Everything that is then shown is written down, with whether it is shown as current.
  const shown = page.evaluate(
    ([gone, patience]) =>
      new Promise<{ old: boolean; current: boolean }[]>((resolve) => {
        const { slept } = window as unknown as { slept: { ms: number; visible: boolean } };
        const seen: { old: boolean; current: boolean }[] = [];
        slept.ms = gone as number;
        slept.visible = true;
        document.dispatchEvent(new Event("visibilitychange"));
        const look = () => {
          const hero = document.querySelector(".hero")?.textContent ?? "";
          const current = document.querySelector(".stale") === null;
          seen.push({ old: !hero.includes(patience as string), current });
          if (current && hero.includes(patience as string)) resolve(seen);
          else requestAnimationFrame(look);
        };
        // What the page makes of it is there with the next frame.
        requestAnimationFrame(() => requestAnimationFrame(look));
      }),
    [TEN_MINUTES_MS, grouped(over)] as const,
  );
  const frames = await shown;
  expect(frames.filter((one) => one.old && one.current)).toEqual([]);
  expect(frames.some((one) => !one.current)).toBe(true);
  await page.locator(".hero .tag.warn").waitFor();
  expect((await lot("1")).accepted).toBe(2);
  expect(sockets.length).toBeGreaterThan(1);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects a person without a network: the shell opens, says so, shows no price, and goes on by itself; a bid that was
// sent into the void is asked again under its key.
it("offline the shell opens and says so; back online all is as it was, and the bid is there once", async () => {
  const person = await Person.enter(browser, venue, "b4-trader", PHONE);
  const { page, context } = person;
  await page.goto("/auctions/1/2");
  await page.waitForSelector(".pad .hold:not([disabled])");
  // From now on the shell comes from this device.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await until(async () => page.evaluate(async () => (await caches.keys()).length > 0), "the shell is kept");

  await page.route("**/lots/2/bids", (route) => (route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue()));
  await person.hold(".pad .hold");
  await until(async () => page.evaluate(() => (JSON.parse(localStorage.getItem("bayan.bids") ?? "[]") as unknown[]).length === 1), "the bid is kept");
  expect((await lot("2")).accepted).toBe(0);
  await context.setOffline(true);
  await page.reload();
  await page.getByText("连不上交易所").waitFor();
  expect(await page.locator(".hero").count()).toBe(0);

  await page.unroute("**/lots/2/bids");
  await context.setOffline(false);
  await page.locator(".hero .tag.accent").waitFor({ timeout: 30_000 });
  expect(new URL(page.url()).pathname).toBe("/auctions/1/2");
  expect(await page.locator(".stale").count()).toBe(0);
  await until(async () => (await lot("2")).accepted === 1, "the bid is in the book");
  await until(async () => page.evaluate(() => localStorage.getItem("bayan.bids") === "[]"), "nothing is under way");
  expect((await lot("2")).accepted).toBe(1);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects a double press, a tab that is open beside it, and one that resumes: whatever is pressed while a bid is under way, there is one bid.
it.each([
  ["held", "hold", "b5-trader"],
  ["pressed and confirmed", "press", "b6-trader"],
] as const)("a double press and a second tab are one bid, %s", async (_, mode, login) => {
  const person = await Person.enter(browser, venue, login, PHONE);
  const { page, context } = person;
  await page.evaluate((confirm) => localStorage.setItem("bayan.settings", JSON.stringify({ ...(JSON.parse(localStorage.getItem("bayan.settings")!) as object), confirm })), mode);
  const before = (await lot("3")).accepted;
  const keys = new Set<string>();
  let tried = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  await context.route("**/lots/3/bids", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    tried += 1;
    keys.add(route.request().headers()["idempotency-key"]!);
    await opened;
    // It arrives; the first two answers are lost.
    await route.fetch();
    if (tried <= 2) return route.abort("connectionreset");
    return route.continue();
  });
  const other = await context.newPage();
  for (const one of [page, other]) {
    await one.goto("/auctions/1/3");
    await one.waitForSelector(".pad .hold:not([disabled])");
  }
  const button = page.locator(".pad .hold");
  if (mode === "hold") {
    // A tap that is let go at once gives nothing; the press behind it is held.
    await button.tap();
    await person.hold(".pad .hold");
  } else {
    await button.click();
    await page.locator(".pad .asking").waitFor();
    const { x, y, width, height } = (await button.boundingBox())!;
    await page.mouse.dblclick(x + width / 2, y + height / 2);
    await page.mouse.dblclick(x + width / 2, y + height / 2);
  }
  // While it is under way there is nothing to press, in neither tab.
  for (const one of [page, other]) {
    await one.locator(".pad .waiting").waitFor();
    expect(await one.locator(".pad .hold").count()).toBe(0);
  }
  // A third tab opens while it is under way, and asks too.
  const third = await context.newPage();
  await third.goto("/auctions/1/3");
  await third.locator(".pad .waiting").waitFor();
  open();
  for (const one of [page, other, third]) await one.locator(".hero .tag.accent").waitFor();
  await until(async () => page.evaluate(() => localStorage.getItem("bayan.bids") === "[]"), "nothing is under way");
  for (const one of [page, other, third]) await until(async () => (await one.locator(".pad .waiting").count()) === 0, "the pad is free");
  expect(keys.size).toBe(1);
  expect(tried).toBeGreaterThan(1);
  expect((await lot("3")).accepted).toBe(before + 1);
  await person.leave();
});
