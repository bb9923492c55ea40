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

const bid = async (login: string, price: string) => expect((await venue.call(login, "POST", "/api/v1/auctions/1/lots/1/bids", { price })).status).toBe(201);
/** What the next step comes to. */
async function step(steps: number): Promise<string> {
  const { json } = await venue.call("b3-trader", "GET", "/api/v1/auctions/1");
  const auction = json as { bidding: { start_price: string; step: string }; lots: { best_price: string | null }[] };
  return (Number(auction.lots[0]!.best_price ?? auction.bidding.start_price) + steps * Number(auction.bidding.step)).toFixed(2);
}

// Protects the inbox: overtaken, one sees it unread on both devices at once; read on one, it is read on the other within a second.
it("what is read on one device is read on the other within a second", async () => {
  const phone = await Person.enter(browser, venue, "b1-trader", PHONE);
  const desk = await Person.enter(browser, venue, "b1-trader", DESKTOP, "en");
  await phone.page.goto("/me?tab=notices");
  await phone.page.getByText("还没有通知").waitFor();
  await bid("b1-trader", await step(0));
  await bid("b2-trader", await step(1));
  await phone.page.locator("[data-test=notice].unread").waitFor({ timeout: 5_000 });
  expect(await phone.page.locator("[data-test=badge]").innerText()).toBe("1");
  await desk.page.locator("[data-test=bell] .count").waitFor({ timeout: 5_000 });
  await desk.page.locator("[data-test=bell]").click();
  await desk.page.locator("[data-test=notice].unread", { hasText: "Overtaken" }).waitFor();
  expect(await desk.page.locator("[data-test=unread]").innerText()).toBe("1 unread");

  await phone.page.locator("[data-test=read-all]").tap();
  await phone.page.locator("[data-test=unread]", { hasText: "全部已读" }).waitFor();
  await desk.page.locator("[data-test=unread]", { hasText: "All read" }).waitFor({ timeout: 1_000 });
  expect(await desk.page.locator("[data-test=notice].unread").count()).toBe(0);
  expect(await desk.page.locator("[data-test=bell] .count").isVisible()).toBe(false);

  // It leads to where it happened.
  await desk.page.locator("[data-test=notice] a").first().click();
  await desk.page.waitForURL(/\/auctions\/1\/1/);
  expect(phone.complaints.concat(desk.complaints)).toEqual([]);
  await phone.leave();
  await desk.leave();
});

// Protects the settings: what was chosen is there after a reload and on another device, and what is wrong is said in words.
it("settings survive a reload", async () => {
  const person = await Person.enter(browser, venue, "b2-trader", PHONE);
  const { page } = person;
  const open = async () => {
    await page.goto("/me?tab=notices");
    await page.locator("[data-test=notice-settings]").click();
    await page.waitForSelector("#notice-rate");
  };
  await open();
  await page.fill("#notice-rate", "7");
  await page.fill("#notice-wecom", "https://example.com/x");
  await page.locator("[data-test=quiet]").check();
  await page.locator("[data-test=lost-push]").uncheck();
  await page.locator("[data-test=save-notices]").click();
  await page.locator("[data-test=notice-said]", { hasText: "企业微信" }).waitFor();
  await page.fill("#notice-wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc");
  await page.locator("[data-test=save-notices]").click();
  await page.locator("[data-test=notice-said]", { hasText: "已保存" }).waitFor();
  await open();
  expect(await page.inputValue("#notice-rate")).toBe("7");
  expect(await page.inputValue("#notice-wecom")).toBe("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc");
  expect(await page.locator("input[type=time]").first().inputValue()).toBe("22:00");
  expect(await page.locator("[data-test=lost-push]").isChecked()).toBe(false);
  expect(await page.locator("[data-test=won-push]").isChecked()).toBe(true);
  // What the venue does not have is said, and cannot be chosen.
  expect(await page.locator("[data-test=way-sms]").getAttribute("data-state")).toBe("venue");
  expect(await page.locator("[data-test=won-sms]").isDisabled()).toBe(true);
  expect(await page.locator("[data-test=way-app]").getAttribute("data-state")).toBe("on");
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects what arrives by push: it is shown as it says, and where the browser or its service does not want to, that is said.
it("a push is shown, and a device without says why", async () => {
  const person = await Person.enter(browser, venue, "b4-trader", DESKTOP);
  const { page, context } = person;
  await context.grantPermissions(["notifications"], { origin: venue.url });
  await page.goto("/me?tab=notices");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) =>
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId);
    }),
  );
  await session.send("ServiceWorker.enable");
  const data = JSON.stringify({ title: "出价被超越", body: "当前最优价 566,000", path: "/auctions/1/1", tag: "overtaken-1-1" });
  await session.send("ServiceWorker.deliverPushMessage", { origin: `${venue.url}/`, registrationId: await registered, data });
  const shown = await until(
    () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        const [one] = await registration.getNotifications();
        return one && { title: one.title, body: one.body, tag: one.tag, data: one.data as unknown };
      }),
    "the push is shown",
  );
  expect(shown).toEqual({ title: "出价被超越", body: "当前最优价 566,000", tag: "overtaken-1-1", data: { path: "/auctions/1/1" } });
  // A tap that the service worker hears is told to the app that is open.
  await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new MessageEvent("message", { data: { go: "/auctions/1/1" } })));
  await page.waitForURL(/\/auctions\/1\/1/);

  await page.goto("/me?tab=notices");
  await page.locator("[data-test=notice-settings]").click();
  await page.locator("[data-test=way-push][data-state=off]").waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();

  const without = await Person.enter(browser, venue, "b5-trader", PHONE);
  await without.page.addInitScript(() => Reflect.deleteProperty(window, "PushManager"));
  await without.page.goto("/me?tab=notices");
  await without.page.locator("[data-test=notice-settings]").click();
  await without.page.locator("[data-test=way-push][data-state=unsupported]").waitFor();
  expect(without.complaints).toEqual([]);
  await without.leave();
});
