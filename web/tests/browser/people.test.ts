import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, freshCode, launch, Person, PHONE, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

// Protects the way of a new person of the staff: added by an admin with another's agreement, a password that serves once, a second factor, and the trail of it.
it("an admin adds an operator, who sets password and second factor; the trail tells", async () => {
  const admin = await Person.enter(browser, venue, "admin-1", DESKTOP);
  await admin.page.getByRole("tab", { name: "用户" }).click();
  await admin.page.getByRole("button", { name: "新增用户" }).first().click();
  await admin.page.fill("#new-login", "wang.fang");
  await admin.page.fill("#new-name", "王芳");
  await admin.page.selectOption("#new-role", "operator");
  await admin.page.locator("form button.main", { hasText: "新增用户" }).click();
  await admin.page.getByText("等待另一位系统管理员同意").waitFor();
  const waiting = (await venue.call("admin-2", "GET", "/api/v1/approvals")).json as { items: { id: number; login: string }[] };
  const { id } = waiting.items.find((one) => one.login === "wang.fang")!;
  const { password } = (await venue.call("admin-2", "POST", `/api/v1/approvals/${id}`, {})).json as { password: string };

  const context = await browser.newContext({ ...PHONE, baseURL: venue.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.fill("#login", "wang.fang");
  await page.fill("#password", password);
  await page.locator("form button.main").click();
  const chosen = "a password of her own";
  await page.fill("#new", chosen);
  await page.locator("form button.main").click();
  const secret = (await page.locator("[data-test=totp-secret]").innerText()).replace(/\s/g, "");
  await page.fill("#first-code", await freshCode(secret));
  await page.locator("form button.main").click();
  await page.locator("[data-test=recovery-codes] li").first().waitFor();
  expect(await page.locator("[data-test=recovery-codes] li").count()).toBe(10);
  await page.locator("button.main").click();
  await page.waitForURL(/console/);
  await context.close();

  await admin.page.getByRole("tab", { name: "审计" }).click();
  await admin.page.locator("table td", { hasText: "设置二次验证" }).first().waitFor();
  expect(admin.complaints).toEqual([]);
  await admin.leave();
});

// Protects a firm from a key that nobody knows of: where the answer was lost, pressing again shows the token of the one key that was made.
it("a key whose answer was lost is made once", async () => {
  const manager = await Person.enter(browser, venue, "b3-manager", DESKTOP);
  const { page } = manager;
  await page.goto("/me");
  await page.getByRole("tab", { name: "团队" }).click();
  let lost = 0;
  await page.route("**/api/v1/keys", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: "新增密钥" }).first().click();
  await page.fill("#key-name", "ERP");
  const make = page.locator("form button.main", { hasText: "新增密钥" });
  await make.click();
  await page.getByText("没有回答").waitFor();
  await make.click();
  const token = await page.locator("[data-test=token]").innerText();
  const { items } = (await venue.call("b3-manager", "GET", "/api/v1/keys")).json as { items: { name: string; expires_at: string }[] };
  expect(items.map((one) => one.name)).toEqual(["ERP"]);
  // It serves through its last day at the exchange, eight hours ahead of UTC.
  expect(items[0]!.expires_at).toMatch(/T15:59:59/);
  expect((await fetch(`${venue.url}/api/v1/auctions`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  expect(manager.complaints).toEqual([]);
  await manager.leave();
});

// Protects who reads the trail: "more" goes on with what was looked for, and not with what has been typed since.
it("more of the trail is more of the same", async () => {
  const auditor = await Person.enter(browser, venue, "auditor-1", DESKTOP);
  const { page } = auditor;
  const asked: URLSearchParams[] = [];
  await page.route("**/api/v1/audit?*", async (route) => {
    const query = new URL(route.request().url()).searchParams;
    asked.push(query);
    // Two to a page: there is always more.
    query.set("limit", "2");
    await route.continue({ url: `${venue.url}/api/v1/audit?${query}` });
  });
  await page.goto("/console/audit");
  await page.locator("table tbody tr").first().waitFor();
  await page.getByLabel("企业编号").fill("B1");
  await page.getByRole("button", { name: "更多" }).click();
  await until(async () => asked.length > 1, "more is asked for");
  expect([asked.at(-1)!.has("cursor"), asked.at(-1)!.has("member")]).toEqual([true, false]);
  expect(auditor.complaints).toEqual([]);
  await auditor.leave();
});

// Protects a manager's powers over its own people, and that what a member types is shown as text.
it("a manager adds a trader whose name is a script, and locks it", async () => {
  const manager = await Person.enter(browser, venue, "b1-manager", DESKTOP);
  await manager.page.goto("/me");
  await manager.page.getByRole("tab", { name: "团队" }).click();
  await manager.page.getByRole("button", { name: "新增用户" }).first().click();
  const name = "<img src=x onerror=\"document.title='xss'\"><b>x</b>";
  await manager.page.fill("#new-login", "b1-second");
  await manager.page.fill("#new-name", name);
  await manager.page.locator("form button.main", { hasText: "新增用户" }).click();
  const line = manager.page.locator("li.line", { hasText: "b1-second" });
  await line.waitFor();
  expect(await line.innerText()).toContain(name);
  await line.getByRole("button", { name: "锁定" }).click();
  await line.getByText("已锁定").waitFor();
  expect(await manager.page.title()).not.toBe("xss");
  expect(manager.complaints).toEqual([]);
  await manager.leave();
});
