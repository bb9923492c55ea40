import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { DESKTOP, freshCode, launch, Person, PHONE, Venue } from "./kit";

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
