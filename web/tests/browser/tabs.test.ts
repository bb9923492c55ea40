import type { Browser, Page } from "playwright-core";
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
  lots: { code: string; accepted: number }[];
}
const accepted = async (code: string) => ((await venue.call("b3-trader", "GET", "/api/v1/auctions/1")).json as Lots).lots.find((one) => one.code === code)!.accepted;
const kept = (page: Page) => page.evaluate(() => JSON.parse(localStorage.getItem("bayan.bids") ?? "[]") as { user: string; lot: string }[]);

/** Somebody else signs in in a tab that stood at the sign-in before. */
async function takeOver(tab: Page, login: string): Promise<void> {
  const other = tab.getByText("换一个用户");
  if (await other.isVisible()) await other.click();
  await tab.fill("#login", login);
  await tab.fill("#password", venue.user(login).password);
  await tab.locator("form button.main").click();
  await tab.waitForURL(/\/markets/);
}

/** Two tabs of one browser: one at the sign-in, the other in a room as b1. */
async function twoTabs(code: string, init?: () => void): Promise<{ person: Person; door: Page }> {
  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  if (init) await context.addInitScript(init);
  const door = await context.newPage();
  await door.goto("/sign-in");
  await door.waitForSelector("#password");
  const person = await Person.within(context, venue, "b1-trader");
  await person.page.goto(`/auctions/1/${code}`);
  await person.page.waitForSelector(".pad .hold:not([disabled])");
  return { person, door };
}

// Protects two firms before one browser, which has one cookie for all its tabs: where one signs in, no tab goes on as the other.
it("a tab in which somebody else signs in ends what the others show", async () => {
  const { person, door } = await twoTabs("1");
  await takeOver(door, "b2-trader");
  await person.page.waitForURL(/\/sign-in\?to=/);
  expect(await person.page.locator(".pad, [data-test=available]").count()).toBe(0);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects the moment between: a tab that has not heard of it yet is refused, its bid is in no book under any name, and waits for who gave it.
it("a bid of a tab that has not heard of it is not given with the other's session", async () => {
  const { person, door } = await twoTabs("2", () => window.addEventListener("storage", (event) => event.stopImmediatePropagation()));
  const { page } = person;
  await takeOver(door, "b2-trader");
  // One tab in front does not make the other look.
  await until(async () => page.locator(".pad .hold:not([disabled])").isVisible(), "the tab shows the first one still");
  const refused = page.waitForResponse((one) => one.url().includes("/lots/2/bids") && one.request().method() === "POST");
  await person.hold(".pad .hold");
  expect((await refused).status()).toBe(409);
  await page.waitForURL(/\/sign-in\?to=/);
  expect(await accepted("2")).toBe(0);
  expect((await kept(page)).map(({ user, lot }) => ({ user, lot }))).toEqual([{ user: "b1-trader", lot: "2" }]);
  // Who has come sees nothing of it, and gives none for the other.
  await door.goto("/auctions/1/2");
  await door.waitForSelector(".pad .hold:not([disabled])");
  expect(await accepted("2")).toBe(0);
  // Back again, it is asked again as promised.
  await door.goto("/me");
  await door.evaluate(() => fetch("/api/v1/sessions/current", { method: "DELETE" }));
  await door.waitForURL(/\/sign-in/);
  await page.goto("/sign-in");
  await page.waitForSelector("#password");
  await takeOver(page, "b1-trader");
  await until(async () => (await accepted("2")) === 1, "it is given for who gave it");
  await until(async () => (await kept(page)).length === 0, "it is answered");
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects who was signed in before a one-time link was opened: that session does not live on without anybody to end it.
it("a one-time link signs out who was there", async () => {
  const person = await Person.enter(browser, venue, "b4-trader", PHONE);
  const { page } = person;
  const sessions = async () => ((await venue.call("b4-trader", "GET", "/api/v1/sessions")).json as { items: unknown[] }).items.length;
  const before = await sessions();
  const made = await venue.call("hx-manager", "POST", "/api/v1/users", { login: "hx-new", name: "新人", role: "trader", member: "HX" });
  const { password } = made.json as { password: string };
  const other = await page.context().newPage();
  await other.goto(`/welcome#${new URLSearchParams({ login: "hx-new", password }).toString()}`);
  await other.fill("#welcome-new", "a password of my own");
  await other.fill("#welcome-again", "a password of my own");
  await other.locator("form button.main").click();
  await other.waitForURL(/\/markets/);
  expect(await sessions()).toBe(before - 1);
  await page.waitForURL(/\/sign-in/);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects who comes back to a session that ended meanwhile: a browser only says that the door stayed shut, and "reconnecting" would stand there for ever.
it("a session that ended while one was away is noticed when one comes back", async () => {
  const person = await Person.enter(browser, venue, "b5-trader", PHONE);
  const { page } = person;
  await page.addInitScript(() => {
    const Real = WebSocket;
    Object.assign(window, {
      WebSocket: class extends Real {
        constructor(url: string) {
          super("away" in window ? url.replace("/feed", "/nowhere") : url);
        }
      },
    });
  });
  await page.goto("/auctions/1/3");
  await page.waitForSelector(".pad .hold:not([disabled])");
  await page.evaluate(() => Object.assign(window, { away: true }));
  await venue.kill();
  await venue.run();
  await page.locator(".stale").waitFor();
  const id = await page.evaluate(async () => ((await (await fetch("/api/v1/sessions")).json()) as { items: { id: string; current: boolean }[] }).items.find((one) => one.current)!.id);
  expect((await venue.call("b5-trader", "DELETE", `/api/v1/sessions/${id}`)).status).toBeLessThan(300);
  await page.locator(".stale").waitFor();
  await page.evaluate(() => delete (window as { away?: boolean }).away);
  await page.waitForURL(/\/sign-in\?to=/);
  expect(person.complaints).toEqual([]);
  await person.leave();
});
