import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { findings } from "./axe";
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

const CODE = "91150000701463622D";
const OTHER = "9144030071526726XG";

/** Who is not signed in, with what its page complains of. */
async function stranger(options: BrowserContextOptions, language: "zh" | "en" = "zh"): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ ...options, baseURL: venue.url, permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  await page.addInitScript((chosen) => localStorage.getItem("bayan.settings") ?? localStorage.setItem("bayan.settings", JSON.stringify({ language: chosen, toured: true })), language);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && !/Failed to load resource/.test(message.text()) && complaints.push(message.text()));
  return { page, complaints };
}

async function fill(page: Page, code: string, login: string): Promise<void> {
  await page.fill("#credit-code", code);
  await page.fill("#firm-name", `${login} 有限公司`);
  await page.fill("#licence", "2099-05-20");
  await page.locator("form button.main").click();
  await page.fill("#person", "李明");
  await page.fill("#wished", login);
  await page.fill("#phone", "138 0000 0000");
  await page.fill("#email", `${login}@firm.example`);
  await page.locator("form button.main").click();
  await page.locator("form dl").waitFor();
}

/** The console's panel with this application open. */
async function opened(admin: Person, firm: string): Promise<void> {
  await admin.page.getByRole("tab", { name: "入会" }).click();
  await admin.page.getByRole("button", { name: new RegExp(firm) }).click();
  await admin.page.locator(".case dl").first().waitFor();
}

// Protects the way of a newcomer: a firm applies on a phone, an admin sees what an admission will do and admits it, the first user sets its password by the link and is
// in; what was typed is not lost on the way, and a slip in the code is told while it is typed.
it("a firm applies on a phone, is admitted, and its first user is in by the link", async () => {
  const all: string[] = [];
  const { page, complaints } = await stranger(PHONE);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "申请成为会员" }).click();
  await page.fill("#credit-code", "9115O");
  const told = page.locator("#credit-code-help");
  await until(async () => (await told.innerText()).includes("第 5 位不对"), "the letter O is told at once");
  await page.fill("#credit-code", `${CODE.slice(0, 17)}E`);
  await until(async () => (await told.innerText()).includes("末位校验不符"), "the check is made while one types");
  all.push(...(await findings(page, "apply, a wrong code")));
  await page.fill("#credit-code", "9115 0000 7014 6362 2d");
  await until(async () => (await told.innerText()) === "代码正确。", "a good code is called good");
  await page.locator("form button.main").click();
  await page.locator("#firm-name-help.warn").waitFor();
  await page.fill("#firm-name", "北方稀土");
  await page.reload();
  expect(await page.inputValue("#firm-name"), "what was typed is kept").toBe("北方稀土");
  await page.getByRole("button", { name: "加一家关联企业" }).click();
  await page.fill(".affiliate input >> nth=0", "包钢集团");
  await fill(page, CODE, "li.ming");
  all.push(...(await findings(page, "apply, the check")));
  await page.locator("form button.main").click();
  await page.waitForURL(/\/application#[0-9a-f]{64}$/);
  const link = page.url();
  await page.getByRole("heading", { name: "待审核" }).waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage })), "no token where scripts keep things").not.toContain(link.split("#")[1]);
  await page.setInputFiles("input[type=file]", { name: "执照.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n% a licence\n%%EOF") });
  await page.locator("li.line", { hasText: "执照.pdf" }).getByRole("button", { name: "删除 执照.pdf" }).waitFor();
  await page.setInputFiles("input[type=file]", { name: "page.html", mimeType: "text/html", buffer: Buffer.from("<script>") });
  await page.getByText("page.html 不是 PDF").waitFor();
  all.push(...(await findings(page, "an application that waits")));

  const admin = await Person.enter(browser, venue, "admin-1", DESKTOP);
  await opened(admin, "li.ming 有限公司");
  expect(await admin.page.locator(".case").innerText()).toContain("+8613800000000");
  const [download] = await Promise.all([admin.page.waitForEvent("download"), admin.page.getByRole("link", { name: "执照.pdf" }).click()]);
  expect(download.suggestedFilename()).toBe("执照.pdf");
  await admin.page.getByRole("radio", { name: "通过", exact: true }).click();
  await admin.page.getByLabel("编号").fill("B1");
  await admin.page.getByText("已被占用").waitFor();
  await admin.page.getByLabel("编号").fill("NEW1");
  const preview = admin.page.locator("[data-test=preview]");
  await preview.waitFor();
  const counts = async (title: string) => /会员 (\d+) 家，用户 (\d+) 个/.exec(await preview.locator(`dt:has-text("${title}") + dd`).innerText())!.slice(1).map(Number);
  const [now, after] = [await counts("现在"), await counts("之后")];
  expect(after).toEqual(now.map((count) => count + 1));
  expect(await preview.innerText()).toContain("会员 NEW1 和管理员 li.ming");
  all.push(...(await findings(admin.page, "an application in the console")));
  await admin.page.locator("form button.main", { hasText: "通过" }).click();
  await admin.page.getByText("NEW1 已成为会员").waitFor();
  const members = (await venue.call("auditor-1", "GET", "/api/v1/members?limit=200")).json as { items: { code: string; name: string }[] };
  expect(members.items.length).toBe(after[0]);
  expect(members.items.find((one) => one.code === "NEW1")!.name).toBe("li.ming 有限公司");
  const handed = await admin.page.locator(".copy input").inputValue();

  // The page that was left open sees it by itself.
  const enter = page.getByRole("link", { name: "设置密码并进入" });
  await enter.waitFor({ timeout: 30_000 });
  expect(new URL((await enter.getAttribute("href"))!).hash, "staff hand over the same link").toBe(new URL(handed).hash);
  all.push(...(await findings(page, "an application that was admitted")));
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await enter.click();
  await page.waitForURL(/\/welcome#/);
  expect(await page.inputValue("#welcome-login")).toBe("li.ming");
  all.push(...(await findings(page, "welcome")));
  await page.fill("#welcome-new", "a password of my own");
  await page.fill("#welcome-again", "a password of my owm");
  await page.locator("form button.main").click();
  await page.getByText("两次输入不同").waitFor();
  await page.fill("#welcome-again", "a password of my own");
  await page.locator("form button.main").click();
  await page.waitForURL(/\/markets/);
  expect(asked.filter((url) => url.includes("password=")), "what stands behind the # is sent nowhere").toEqual([]);

  // It has served: whoever finds it later gets no further.
  const finder = await stranger(DESKTOP, "en");
  await finder.page.goto(handed);
  await finder.page.fill("#welcome-new", "a password of another");
  await finder.page.fill("#welcome-again", "a password of another");
  await finder.page.locator("form button.main").click();
  await finder.page.getByText("This link has served").waitFor();
  await finder.page.goto(link);
  await finder.page.getByText("Your firm is a member: NEW1.").waitFor();
  await page.goto("/me");
  await page.getByRole("tab", { name: "团队" }).click();
  await page.locator("li.line", { hasText: "li.ming" }).waitFor();
  expect(all).toEqual([]);
  expect([...complaints, ...admin.complaints, ...finder.complaints]).toEqual([]);
  await Promise.all([page.context().close(), finder.page.context().close(), admin.leave()]);
});

// Protects who is refused: it reads why, amends, and waits again; a stranger's link shows nothing; two admins forget it for good.
it("a refusal is read with its reason, amended, and forgotten by two", async () => {
  const all: string[] = [];
  const { page, complaints } = await stranger({ ...DESKTOP, colorScheme: "dark" }, "en");
  await page.goto("/apply");
  await fill(page, OTHER, "wang");
  await page.locator("form button.main").click();
  await page.waitForURL(/\/application#/);

  const admin = await Person.enter(browser, venue, "admin-1", { ...DESKTOP, colorScheme: "dark" });
  await opened(admin, "wang 有限公司");
  await admin.page.getByRole("radio", { name: "不通过", exact: true }).click();
  await admin.page.getByLabel("原因（申请人可见）").fill("执照看不清");
  all.push(...(await findings(admin.page, "a refusal in the console")));
  await admin.page.locator("form button.danger", { hasText: "不通过" }).click();
  await page.getByText("Refused: 执照看不清").waitFor({ timeout: 30_000 });
  all.push(...(await findings(page, "an application that was refused")));
  await page.getByRole("button", { name: "Amend" }).click();
  expect(await page.inputValue("#credit-code")).toBe(OTHER);
  await fill(page, OTHER, "wang.li");
  await page.locator("form button.main").click();
  await page.getByRole("heading", { name: "waiting" }).waitFor();
  await page.getByText("wang.li@firm.example").waitFor();

  const { json } = await venue.call("admin-1", "GET", "/api/v1/applications?status=waiting");
  const { id } = (json as { items: { id: number }[] }).items.at(-1)!;
  await venue.call("admin-1", "POST", `/api/v1/applications/${id}/refusal`, { reason: "nein" });
  await admin.page.getByRole("radio", { name: "未通过" }).click();
  await admin.page.getByRole("button", { name: /wang.li 有限公司/ }).click();
  await admin.page.getByRole("button", { name: "清除个人资料" }).click();
  await admin.page.getByRole("button", { name: "请第二人清除" }).click();
  await admin.page.getByText("已请另一位系统管理员复核").waitFor();
  const waiting = (await venue.call("admin-2", "GET", "/api/v1/approvals")).json as { items: { id: number; act: string }[] };
  const erasure = waiting.items.find((one) => one.act === "applicant_erasure")!;
  expect((await venue.call("admin-2", "POST", `/api/v1/approvals/${erasure.id}`, {})).status).toBe(200);
  await page.reload();
  await page.getByText("There is no such application.").waitFor();
  all.push(...(await findings(page, "an application that is not there")));
  expect(all).toEqual([]);
  expect([...complaints, ...admin.complaints]).toEqual([]);
  await Promise.all([page.context().close(), admin.leave()]);
});

// Protects a manager's hand over its people: a role and a limit are given, and hold.
it("a manager gives a role and a limit", async () => {
  const manager = await Person.enter(browser, venue, "b2-manager", DESKTOP);
  await manager.page.goto("/me");
  await manager.page.getByRole("tab", { name: "团队" }).click();
  const line = manager.page.locator("li.line", { hasText: "b2-trader" });
  await line.getByRole("button", { name: "管理", exact: true }).click();
  await line.getByLabel("每笔限额").fill("500,000");
  await line.getByRole("button", { name: "保存" }).last().click();
  await line.getByText("每笔至多 500,000.00 元").waitFor();
  expect((await venue.call("b2-trader", "GET", "/api/v1/limits")).json).toMatchObject({ given_max: "500000.00" });
  expect((await venue.call("b2-trader", "POST", "/api/v1/auctions/1/lots/1/bids", { price: "565000.00" })).json).toMatchObject({ reason: "above_given_limit" });
  await line.getByRole("button", { name: "管理", exact: true }).click();
  await line.getByLabel("角色").selectOption("manager");
  await line.getByRole("button", { name: "保存" }).first().click();
  await until(async () => ((await venue.call("b2-manager", "GET", "/api/v1/users?member=B2")).json as { items: { login: string; role: string }[] }).items.find((one) => one.login === "b2-trader")!.role === "manager", "the role holds");
  expect(manager.complaints).toEqual([]);
  await manager.leave();
});
