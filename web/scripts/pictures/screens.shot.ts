import { mkdirSync, rmSync } from "node:fs";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { DESKTOP, launch, Person, PHONE } from "../../tests/browser/kit";
import { act, panels, rest, type Scene, setUp, type Stage } from "./stage";

/** Where the pictures go: docs/screens/, which is made on demand and not kept. */
const PLACE = new URL("../../../docs/screens/", import.meta.url).pathname;
/** `ONLY=room` takes only the pictures whose names have this in them, and leaves the others. */
const ONLY = process.env.ONLY ? new RegExp(process.env.ONLY) : undefined;
let stage: Stage;
let browser: Browser;

beforeAll(async () => {
  if (!ONLY) rmSync(PLACE, { recursive: true, force: true });
  mkdirSync(PLACE, { recursive: true });
  [stage, browser] = await Promise.all([setUp(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.venue.stop();
});

type Look = { device: "phone" | "desktop"; theme: "light" | "dark"; language: "zh" | "en"; all: boolean };
const LOOKS: Look[] = [
  { device: "phone", theme: "light", language: "zh", all: true },
  { device: "desktop", theme: "light", language: "zh", all: true },
  { device: "phone", theme: "dark", language: "en", all: false },
  { device: "desktop", theme: "dark", language: "en", all: false },
];
const STAFF = ["operator-1", "settlement-1", "admin-1", "auditor-1"];

it.each(LOOKS)("screens: $device, $theme, $language", async ({ device, theme, language, all }) => {
  const { venue, auction } = stage;
  const options = { ...(device === "phone" ? PHONE : DESKTOP), colorScheme: theme };
  const shoot = async (person: { page: Person["page"] }, what: string) => {
    const name = `${device}-${theme}-${language}-${what}`;
    if (ONLY && !ONLY.test(name)) return;
    await rest(person);
    await person.page.screenshot({ path: `${PLACE}${name}.png` });
  };
  const visit = async (person: { page: Person["page"] }, what: string, path: string) => {
    await person.page.goto(path);
    await shoot(person, what);
  };

  const context = await browser.newContext({ ...options, baseURL: venue.url });
  const stranger = { page: await context.newPage() };
  await stranger.page.addInitScript((chosen) => localStorage.setItem("bayan.settings", JSON.stringify({ language: chosen })), language);
  for (const what of ["sign-in", "rules", "apply"]) await visit(stranger, what, `/${what}`);
  await context.close();

  const trader = await Person.enter(browser, venue, "b1-trader", options, language);
  await visit(trader, "markets", "/markets");
  await visit(trader, "product", "/markets/PrNd-oxide");
  await visit(trader, "auctions", "/auctions");
  await visit(trader, "room-overtaken", `/auctions/${auction.open}/1`);
  if (all) {
    await visit(trader, "product-without-trade", "/markets/Tb-oxide");
    await trader.page.goto("/markets/PrNd-oxide");
    await trader.page.getByRole("tab", { name: "示范历史" }).click();
    await trader.page.locator("canvas").first().waitFor();
    await shoot(trader, "product-made-up");
    for (const tab of ["coming", "ended"]) await visit(trader, `auctions-${tab}`, `/auctions?tab=${tab}`);
    await visit(trader, "room-leading", `/auctions/${auction.open}/2`);
    for (const scene of ["won", "lost", "sealed", "suspended", "cancelled", "unsold", "coming"] satisfies Scene[]) await visit(trader, `room-${scene}`, `/auctions/${auction[scene]}/1`);
    await trader.page.goto(`/auctions/${auction.open}/1`);
    const own = trader.page.locator(".pad .own input");
    for (const [what, price] of [["off-step", "623999"], ["not-better", "623000"], ["above-largest-step", "639000"], ["beyond-limit", "641000"], ["largest-step", "624500"]] as const) {
      await own.fill(price);
      await shoot(trader, `pad-${what}`);
    }
    await trader.page.locator(".help").first().click();
    await trader.page.locator(".q-menu").waitFor();
    await shoot(trader, "help");
  }
  await visit(trader, "contracts", "/contracts");
  await panels(trader, "/me", (at) => shoot(trader, `me-${at}`), all);
  if (device === "desktop") {
    await trader.page.goto("/markets");
    await rest(trader);
    await trader.page.keyboard.press("/");
    await trader.page.locator(".q-dialog input").waitFor();
    await shoot(trader, "search");
  }
  await trader.leave();

  const manager = await Person.enter(browser, venue, "hx-manager", options, language);
  await visit(manager, "publish", "/publish");
  await manager.page.locator("li.line button").first().click();
  await shoot(manager, "publish-check");
  if (all) {
    for (const step of [0, 1]) {
      await manager.page.locator("ol.seg button").nth(step).click();
      await shoot(manager, `publish-step-${step + 1}`);
    }
    await panels(manager, "/me", (at) => shoot(manager, `manager-${at}`));
  }
  await manager.leave();

  for (const login of all || device === "desktop" ? STAFF : STAFF.slice(0, 1)) {
    const staff = await Person.enter(browser, venue, login, options, language);
    await panels(staff, "/console", (at) => shoot(staff, `console-${login}-${at}`), all);
    if (login === "operator-1") {
      await act(staff, auction.open);
      await shoot(staff, "console-act");
      await staff.page.goto("/console");
      await staff.page.locator("article.item button").first().click();
      await staff.page.locator(".q-dialog [data-test=after] p").first().waitFor();
      await shoot(staff, "console-approval");
    }
    await staff.leave();
  }
});

// What one sees while the node is away, last: it does not come back.
it("away", async () => {
  const phone = await Person.enter(browser, stage.venue, "b1-trader", PHONE);
  await phone.page.goto(`/auctions/${stage.auction.open}/1`);
  await phone.page.waitForSelector(".pad .hold");
  // What the app is without a network comes from its worker: it has to be there first.
  await phone.page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await stage.venue.kill();
  await phone.page.locator(".stale").waitFor();
  await phone.page.screenshot({ path: `${PLACE}phone-light-zh-room-away.png` });
  await phone.page.reload();
  await phone.page.locator(".none, .stale").first().waitFor();
  await phone.page.screenshot({ path: `${PLACE}phone-light-zh-no-connection.png` });
  await phone.leave();
});
