import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, launch, Person, PHONE, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

// Protects who is here for the first time: the tour shows itself once, blocks nothing, and is left at once for good.
it("the tour shows itself at the first visit and is left at once", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  const { page } = person;
  await page.evaluate(() => localStorage.setItem("bayan.settings", JSON.stringify({ language: "zh" })));
  await page.reload();
  const tour = page.locator("aside.tour");
  await tour.waitFor();
  // What is under it works.
  await page.locator("nav.bar a[href='/auctions']").tap();
  await page.waitForURL("**/auctions");
  await tour.getByText("下一条").tap();
  await tour.getByText("按住出价").waitFor();
  await tour.getByText("不看了").tap();
  await tour.waitFor({ state: "detached" });
  await page.reload();
  await page.locator("nav.bar").waitFor();
  expect(await tour.count()).toBe(0);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects help where a word stands, and the rules that it leads to, in both languages and without signing in.
it("a word is explained where it stands, and leads to the rules", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  const { page } = person;
  await page.goto("/auctions/1/1");
  await page.getByRole("button", { name: "说明：保证金" }).tap();
  const card = page.getByRole("dialog", { name: "保证金" });
  await card.getByText("被超过时当即释放").waitFor();
  await card.getByRole("link").tap();
  await page.getByRole("heading", { name: "怎样判断一笔出价" }).waitFor();
  await page.getByRole("button", { name: "English" }).tap();
  await page.getByRole("heading", { name: "How a bid is judged" }).waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();

  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  const stranger = await context.newPage();
  await stranger.goto("/rules");
  await stranger.getByRole("heading", { name: "怎样判断一笔出价" }).waitFor();
  await context.close();
});

// Protects the keyboard: `/` finds an auction, a product, a place; arrows and Enter go there.
it("searches with the keyboard", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", DESKTOP, "en");
  const { page } = person;
  await page.locator("a.card, .line").first().waitFor();
  await page.keyboard.press("/");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("Dysprosium oxide");
  await page.locator("#found li").first().waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/markets/Dy-oxide");
  await page.getByRole("combobox").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("contracts");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/contracts");
  await page.getByRole("combobox").waitFor({ state: "detached" });
  await page.keyboard.press("/");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("combobox").waitFor({ state: "detached" });
  expect(person.complaints).toEqual([]);
  await person.leave();
});
