import { mkdirSync, statSync, writeFileSync } from "node:fs";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, launch, Person, PHONE } from "../../tests/browser/kit";
import { act, rest, setUp, type Stage } from "./stage";

/** The small pictures of README.md and the handbook, which are kept. */
const PLACE = new URL("../../../docs/handbook/pictures/", import.meta.url).pathname;
const BYTES_MOST = 40_000;
/** As wide as a page shows them, twice as fine on a phone. */
const PHONE_SCALE = 1.4;
const DESKTOP_SCALE = 0.75;

let stage: Stage;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(PLACE, { recursive: true });
  [stage, browser] = await Promise.all([setUp(), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await stage?.venue.stop();
});

/** Takes a picture that is small enough: less true to the colours where it must be. */
async function picture(page: Page, name: string): Promise<void> {
  await rest({ page });
  const { width, height } = page.viewportSize()!;
  const session = await page.context().newCDPSession(page);
  // The device's own scale comes on top.
  const scale = width < 600 ? PHONE_SCALE : DESKTOP_SCALE;
  const path = `${PLACE}${name}.webp`;
  for (let quality = 80; quality >= 30; quality -= 10) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality, clip: { x: 0, y: 0, width, height, scale } });
    writeFileSync(path, Buffer.from(data, "base64"));
    if (statSync(path).size <= BYTES_MOST) break;
  }
  await session.detach();
  expect(statSync(path).size, name).toBeLessThanOrEqual(BYTES_MOST);
}

const enter = (login: string, options: BrowserContextOptions, language: "zh" | "en" = "zh") => Person.enter(browser, stage.venue, login, { ...options, deviceScaleFactor: 1 }, language);

it("pictures", async () => {
  const { auction } = stage;
  const phone = await enter("b1-trader", PHONE);
  const take = async (person: Person, name: string, path: string) => {
    await person.page.goto(path);
    await picture(person.page, name);
  };
  await take(phone, "markets", "/markets");
  await take(phone, "room-overtaken", `/auctions/${auction.open}/1`);
  await take(phone, "room-leading", `/auctions/${auction.open}/2`);
  await take(phone, "room-won", `/auctions/${auction.won}/1`);
  await take(phone, "contracts", "/contracts");
  await take(phone, "me-funds", "/me");
  await phone.leave();

  const desk = await enter("b1-trader", { ...DESKTOP, colorScheme: "dark" }, "en");
  await take(desk, "room-desktop", `/auctions/${auction.open}/1`);
  await desk.leave();
  const trader = await enter("b1-trader", DESKTOP);
  await take(trader, "auctions", "/auctions");
  await take(trader, "notices", "/me?tab=notices");
  await trader.leave();

  const manager = await enter("hx-manager", DESKTOP);
  await manager.page.goto("/publish");
  await manager.page.locator("li.line button").first().click();
  await picture(manager.page, "publish");
  await manager.leave();

  const staff = await enter("operator-1", DESKTOP);
  await take(staff, "console", "/console");
  await act(staff, auction.open);
  await picture(staff.page, "console-act");
  await staff.leave();
});
