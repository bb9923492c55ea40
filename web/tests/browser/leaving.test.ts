import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, launch, launchOptions, Person, PHONE, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

const SESSION = "**/api/v1/sessions/current";

// Protects who leaves a device: where the exchange has not ended the session, nobody is told that it is over, and it can be tried again.
it("signing out is said only when it is so", async () => {
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  const { page, context } = person;
  await page.goto("/me");
  const leave = page.locator("[data-test=sign-out]");
  for (const fail of [{ status: 503, contentType: "application/problem+json", body: JSON.stringify({ reason: "unavailable", detail: "x" }) }, undefined]) {
    await page.route(SESSION, (route) => (route.request().method() !== "DELETE" ? route.continue() : fail ? route.fulfill(fail) : route.abort("internetdisconnected")));
    await leave.click();
    await page.getByText("还没有退出").waitFor();
    expect(new URL(page.url()).pathname).toBe("/me");
    expect((await context.cookies()).length).toBe(1);
    await page.unroute(SESSION);
  }
  await page.getByRole("button", { name: "再试一次退出" }).click();
  await page.waitForURL(/\/sign-in/);
  expect(await context.cookies()).toEqual([]);

  // Where the session is over already, there is nothing to be tried again.
  await person.signIn();
  await page.goto("/me");
  await page.route(SESSION, (route) => (route.request().method() === "DELETE" ? route.fulfill({ status: 401, contentType: "application/problem+json", body: JSON.stringify({ reason: "not_signed_in", detail: "x" }) }) : route.continue()));
  await leave.click();
  await page.waitForURL(/\/sign-in/);
  expect(person.complaints).toEqual([]);
  await person.leave();
});

/** A browser whose push service is here: whether it holds a subscription is kept over reloads. */
function pushable(): void {
  const own = { endpoint: "https://push.example.com/device", unsubscribe: async () => (localStorage.removeItem("test.push"), true) };
  const push = { getSubscription: async () => (localStorage.getItem("test.push") ? own : null) };
  Object.defineProperty(ServiceWorkerRegistration.prototype, "pushManager", { get: () => push });
  navigator.serviceWorker.getRegistration = (async () => Object.create(ServiceWorkerRegistration.prototype) as ServiceWorkerRegistration) as typeof navigator.serviceWorker.getRegistration;
}
const isPushed = (page: Page) => page.evaluate(() => localStorage.getItem("test.push") !== null);

// Protects who left a device from whoever has it next: what concerns the one before is pushed there no more.
it("push ends with who signs out, and with who signs in next", async () => {
  const person = await Person.enter(browser, venue, "b2-trader", DESKTOP);
  const { page } = person;
  await page.addInitScript(pushable);
  const ended: unknown[] = [];
  page.on("request", (request) => request.method() === "DELETE" && request.url().endsWith("/notices/browsers") && ended.push(request.postDataJSON()));
  await page.goto("/me");
  await page.evaluate(() => localStorage.setItem("test.push", "1"));
  await page.locator("[data-test=sign-out]").click();
  await page.waitForURL(/\/sign-in/);
  expect(ended).toEqual([{ endpoint: "https://push.example.com/device" }]);
  expect(await isPushed(page)).toBe(false);

  // The session ended by itself, and another comes.
  await page.evaluate(() => localStorage.setItem("test.push", "1"));
  await person.signIn();
  expect(await isPushed(page), "the same person keeps it").toBe(true);
  await person.context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "换一个用户" }).click();
  const other = venue.user("b3-trader");
  await page.fill("#login", other.login);
  await page.fill("#password", other.password);
  await page.locator("form button.main").click();
  await page.waitForURL(/\/markets/);
  await until(async () => !(await isPushed(page)), "the one before is pushed to no more");
  expect(person.complaints).toEqual([]);
  await person.leave();
});

// Protects the one-time link: what stands behind its # is sent to no server, also when the page is loaded again halfway or the session is somebody's.
it("the secret of a link stays behind the #", async () => {
  const { json } = await venue.call("hx-manager", "POST", "/api/v1/users", { login: "hx-new", name: "new", role: "trader", member: "HX" });
  const { password } = json as { password: string };
  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.route("**/api/v1/password", (route) => route.abort());
  await page.goto(`/welcome#login=hx-new&password=${password}`);
  const set = async () => {
    await page.fill("#welcome-new", "a password of my own");
    await page.fill("#welcome-again", "a password of my own");
    await page.locator("form button.main").click();
  };
  await set();
  await page.getByText("没有回答").waitFor();
  for (let times = 0; times < 2; times += 1) {
    await page.reload();
    await page.locator("#welcome-login").waitFor();
    expect(new URL(page.url()).pathname).toBe("/welcome");
  }
  const token = "a".repeat(64);
  await page.goto(`/application#${token}`);
  await page.reload();
  await page.locator("h1").waitFor();
  expect(new URL(page.url()).pathname).toBe("/application");
  // Elsewhere it is sent to set the password first, and back without what stands behind the #.
  await page.goto(`/markets#${token}`);
  await page.waitForURL(/\/sign-in/);
  await page.reload();
  await page.locator("#new").waitFor();
  expect(page.url()).not.toContain(token);
  await page.unroute("**/api/v1/password");
  await page.goto(`/welcome#login=hx-new&password=${password}`);
  await set();
  await page.waitForURL(/\/markets/);
  expect(asked.filter((url) => url.split("#")[0]!.includes(password) || url.split("#")[0]!.includes(token))).toEqual([]);
  await context.close();
});

// Protects a password where there is no https: the app says that nobody can sign in there, and sends nothing.
it("a page without https says that it takes no sign-in", async () => {
  const options = launchOptions();
  const named = await chromium.launch({ ...options, args: [...options.args, "--host-resolver-rules=MAP bayan.test 127.0.0.1"] });
  const page = await named.newPage({ ...DESKTOP });
  const posted: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posted.push(request.url()));
  await page.goto(venue.url.replace("localhost", "bayan.test"));
  await page.locator("[data-test=insecure]", { hasText: "https://bayan.test" }).waitFor();
  await page.fill("#login", "b1-trader");
  await page.fill("#password", venue.user("b1-trader").password);
  await page.locator("form button.main").click();
  await page.locator(".said", { hasText: "https" }).waitFor();
  expect(posted).toEqual([]);
  await named.close();
});
