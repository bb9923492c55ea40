import type { Browser, CDPSession, Page } from "playwright-core";
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

/** Gives the page an authenticator of the browser's own, as a laptop has one. */
async function authenticator(page: Page): Promise<{ cdp: CDPSession; id: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const;
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return { cdp, id: authenticatorId };
}

/** Opens what one sets for one's own safety. */
async function safety(page: Page): Promise<void> {
  await page.goto("/me");
  await page.getByRole("tab", { name: "安全" }).click();
  await page.locator("[data-test=passkeys]").waitFor();
}

/** Waits until one is where one was before. */
async function inside(page: Page): Promise<void> {
  await page.waitForURL(({ pathname }) => pathname !== "/sign-in");
}

async function signOut(page: Page): Promise<void> {
  await page.locator("li.line", { hasText: "本机" }).getByRole("button", { name: "退出登录" }).click();
  await page.waitForSelector("#password");
}

// Protects the whole way of a passkey in a real browser: an operator adds one, signs in with it in no more actions than with a
// password alone, lets it be and takes a code, removes it; the trail tells.
it("an operator signs in with a passkey", async () => {
  const person = await Person.enter(browser, venue, "operator-1", DESKTOP);
  const { page, user } = person;
  const { cdp, id } = await authenticator(page);
  await safety(page);
  await page.getByRole("button", { name: "添加通行密钥" }).click();
  await page.fill("#factor-code", await freshCode(user.totp_secret!));
  await page.getByRole("button", { name: "确认" }).click();
  await page.fill("#passkey-name", "办公室电脑");
  await page.getByRole("button", { name: "创建" }).click();
  await page.locator("[data-test=passkeys] li", { hasText: "办公室电脑" }).waitFor();
  expect((await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials).toHaveLength(1);

  await signOut(page);
  await page.fill("#password", user.password);
  await page.locator("form button.main").click();
  await inside(page);
  await safety(page);
  await page.locator("[data-test=passkeys] li", { hasText: "最后使用" }).waitFor();

  // Where the device does not find it, a code is the other way, and the passkey can be tried again.
  await signOut(page);
  const [kept] = (await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials;
  await cdp.send("WebAuthn.clearCredentials", { authenticatorId: id });
  await page.fill("#password", user.password);
  await page.locator("form button.main").click();
  await page.locator("[role=alert]", { hasText: "没有完成" }).waitFor();
  await page.getByRole("button", { name: "改用动态口令" }).click();
  await page.locator("#code").waitFor();
  await cdp.send("WebAuthn.addCredential", { authenticatorId: id, credential: kept! });
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await inside(page);

  await safety(page);
  await page.getByRole("button", { name: "移除 办公室电脑" }).click();
  await page.getByRole("button", { name: "出示通行密钥" }).click();
  await until(async () => (await page.locator("[data-test=passkeys] li").count()) === 0, "the passkey is gone");
  expect(person.complaints).toEqual([]);
  await person.leave();

  const trail = (await venue.call("auditor-1", "GET", "/api/v1/audit?user=operator-1&limit=100")).json as { items: { act: string }[] };
  const acts = trail.items.map(({ act }) => act);
  for (const act of ["passkey_added", "passkey_used", "passkey_removed"]) expect(acts).toContain(act);
});

// Protects members who choose a passkey alone: recovery codes are shown once, and a device without passkeys says so and takes one.
it("a member has a passkey alone, and a device without any takes a recovery code", async () => {
  const person = await Person.enter(browser, venue, "b2-trader", PHONE);
  const { page, user } = person;
  await authenticator(page);
  await safety(page);
  await page.getByRole("button", { name: "添加通行密钥" }).click();
  await page.getByRole("button", { name: "创建" }).click();
  await page.locator("[data-test=recovery-codes] li").first().waitFor();
  const [code] = await page.locator("[data-test=recovery-codes] li").allInnerTexts();
  await page.getByRole("button", { name: "我已抄好" }).click();
  await page.locator("[data-test=passkeys] li").waitFor();
  expect(person.complaints).toEqual([]);
  await person.leave();

  const context = await browser.newContext({ ...PHONE, baseURL: venue.url });
  const bare = await context.newPage();
  await bare.addInitScript(() => {
    delete (window as unknown as { PublicKeyCredential?: unknown }).PublicKeyCredential;
  });
  await bare.goto("/sign-in");
  await bare.fill("#login", user.login);
  await bare.fill("#password", user.password);
  await bare.locator("form button.main").click();
  await bare.getByText("不支持通行密钥").waitFor();
  await bare.fill("#code", code!);
  await bare.locator("form button.main").click();
  await bare.waitForURL(/markets/);
  await context.close();
});

// Protects new staff who have no authenticator app: the passkey of their device is their second factor from the first sign-in on.
it("a new member of the staff begins with a passkey", async () => {
  const asked = await venue.call("admin-1", "POST", "/api/v1/users", { login: "li.na", name: "李娜", role: "settlement" });
  expect(asked.status).toBe(202);
  const added = await venue.call("admin-2", "POST", `/api/v1/approvals/${(asked.json as { id: number }).id}`, {});
  const { password } = added.json as { password: string };
  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  const page = await context.newPage();
  await authenticator(page);
  await page.goto("/sign-in");
  await page.fill("#login", "li.na");
  await page.fill("#password", password);
  await page.locator("form button.main").click();
  const chosen = "a password of her own";
  await page.fill("#new", chosen);
  await page.locator("form button.main").click();
  await page.getByRole("button", { name: "改用本机的通行密钥" }).click();
  await page.getByRole("button", { name: "创建" }).click();
  await page.getByRole("button", { name: "我已抄好" }).click();
  await inside(page);
  await safety(page);
  // The only second factor of the staff stays.
  expect(await page.locator("[data-test=passkeys] li button").count()).toBe(0);
  await signOut(page);
  await page.fill("#password", chosen);
  await page.locator("form button.main").click();
  await inside(page);
  await context.close();
});
