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

const mine = async (title: string) => ((await venue.call("hx-manager", "GET", "/api/v1/auctions?limit=50")).json as { items: { title: string; id: number }[] }).items.filter((one) => one.title === title);

// Protects a half-written announcement: it is kept as it is typed, and is there with its step after a new version of the app was taken.
it("keeps what is being written through a reload", async () => {
  const person = await Person.enter(browser, venue, "hx-manager", DESKTOP);
  const { page } = person;
  await page.goto("/publish");
  await page.locator("[data-test=template-procurement]").click();
  await page.selectOption("#product", "oxalic-acid");
  expect(await page.inputValue("#title")).not.toBe("");
  await page.fill("#title", "半写的公告");
  await page.locator("fieldset.lots input.num").fill("12.5");
  await page.locator("form button.main").click();
  await page.fill("#start", "3600");
  await page.locator("#step").focus();
  // Figures are grouped as everywhere else.
  expect(await page.inputValue("#start")).toBe("3,600");
  // The preview is in the words of the room.
  await page.locator(".preview", { hasText: "降价幅度" }).waitFor();
  await page.locator(".preview", { hasText: "3,600" }).waitFor();
  await page.reload();
  await page.waitForSelector("#start");
  expect(await page.inputValue("#start")).toBe("3,600");
  // Another user of this device does not see it.
  await page.evaluate(() => {
    localStorage.setItem("bayan.draft.somebody-else", localStorage.getItem("bayan.draft.hx-manager")!);
    localStorage.removeItem("bayan.draft.hx-manager");
  });
  await page.reload();
  await page.locator("[data-test=template-procurement]").waitFor();
  expect(await page.locator("#start").count()).toBe(0);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects an announcement whose answer was lost: after a reload it is asked again under its key, and is there once.
it("hands in once what was handed in and not answered", async () => {
  const person = await Person.enter(browser, venue, "hx-manager", PHONE);
  const { page } = person;
  await page.goto("/publish");
  await page.locator("li.line button").first().tap();
  await page.locator("input[id^=q]").first().fill("31.5");
  await page.fill("#day", day(4));
  await page.locator("form .seg button").first().tap();
  await page.fill("#title", "答复丢失的公告");
  await page.locator("form .seg button").nth(2).tap();
  let lost = 0;
  let away = true;
  await page.route("**/api/v1/auctions", async (route) => {
    if (route.request().method() !== "POST" || !away) return route.continue();
    // It arrives; no answer comes back.
    if (lost === 0) await route.fetch();
    lost += 1;
    return route.abort("connectionreset");
  });
  await page.locator("form button.main").tap();
  await until(async () => lost > 0 && (await mine("答复丢失的公告")).length === 1, "it arrived");
  away = false;
  await page.reload();
  await page.locator("[role=status].note").waitFor();
  expect((await mine("答复丢失的公告")).length).toBe(1);
  expect(await page.evaluate(() => localStorage.getItem("bayan.draft.hx-manager"))).toBe(null);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects small phones and small laptops: no screen is wider than the window, in either language, with long names and large figures.
it.each([
  ["360 px", { ...PHONE, viewport: { width: 360, height: 740 } }],
  ["1280 px", { ...DESKTOP, viewport: { width: 1280, height: 720 } }],
] as const)("fits into %s", async (_, options) => {
  const title = `${_} 一场标题很长的竞价交易公告，包头库自提，含税，含包装 · a sale with a title that is longer than any screen is wide`;
  const [opens, closes] = [2_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  const terms = { title, side: "sale", product: "Tb-oxide", unit: "t", opens, closes, bidding: { start_price: "9876543.21", limit_price: "9999999.21", step: "1000.00", max_step: "5000.00", margin_rate: "0.1" }, lots: [{ code: "LOT-2026-0001", quantity: "1.234567" }, { code: "2", quantity: "0.2" }] };
  const { id } = (await venue.call("nre-manager", "POST", "/api/v1/auctions", terms)).json as { id: number };
  expect((await venue.call("operator-1", "POST", `/api/v1/auctions/${id}/approval`, {})).status).toBe(200);
  const give = (login: string, price: string) => venue.call(login, "POST", `/api/v1/auctions/${id}/lots/LOT-2026-0001/bids`, { price });
  await until(async () => (await give("b2-trader", "9876543.21")).status === 201, "it runs");
  // One leads: its margin stands in Me, with the long title.
  expect((await give("b1-trader", "9881543.21")).status).toBe(201);
  for (const language of ["zh", "en"] as const) {
    const person = await Person.enter(browser, venue, "b1-trader", options, language);
    const { page } = person;
    for (const [path, there] of [["/markets", "a.card"], ["/markets/Tb-oxide", ".chart canvas"], ["/auctions", ".entry"], [`/auctions/${id}/LOT-2026-0001`, ".pad .hold"], ["/auctions/2/A", ".pad .hold"], ["/contracts", "h1"], ["/publish", "h1"], ["/me", "[data-test=margins]"], ["/rules", "h1"]] as const) {
      await page.goto(path);
      await page.locator(there).first().waitFor();
      const wide = await page.evaluate(() => {
        const over = [...document.querySelectorAll<HTMLElement>("main *")].filter((one) => {
          const { right, width } = one.getBoundingClientRect();
          // What scrolls or is cut on purpose holds the rest in.
          return width > 0 && right > window.innerWidth + 1 && !one.closest(".seg, .lots, .cut, .sr, .clamp, .chart, .wide-table");
        });
        return { page: document.documentElement.scrollWidth - window.innerWidth, over: over.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)) };
      });
      expect(wide, `${path} ${language}`).toEqual({ page: 0, over: [] });
      if (path.includes("LOT-")) {
        expect(await page.locator("h1").getAttribute("title")).toBe(title);
        // The pad and its button are in sight, and as high as in any other state.
        const pad = (await page.locator(".pad").boundingBox())!;
        expect(pad.y + pad.height).toBeLessThanOrEqual(options.viewport.height + 1);
        expect(Math.round(pad.height)).toBe(Math.round(heights.get(options.viewport.width) ?? pad.height));
        heights.set(options.viewport.width, pad.height);
      }
    }
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
});
const heights = new Map<number, number>();
