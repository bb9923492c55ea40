import { createECDH } from "node:crypto";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, until, Venue } from "./kit";

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

/** Leaves a mark on the page in any of the ways a text becomes more than text; which field it was planted in stands before it. */
const evil = (field: string) => `${field}"><img src=x onerror=window.hurt=1><script>window.hurt=1</script>{{constructor.constructor('window.hurt=1')()}}`;
/** The same for fields that take only a few characters: an element, and a sum that nobody may work out. */
const short = (field: string) => `${field}<b>x</b>{{7*7}}`;

/** The same where no stroke may be: an element that is never closed. */
const named = (field: string) => `${field}<b>x{{7*7}}.pdf`;

/** Every planted text, and where it must be found, as it was typed: "login path", with the tab where there are some. */
const FIELDS: Record<string, { text: string; on: string[] }> = {};
function plant(field: string, text: string, ...on: string[]): string {
  FIELDS[field] = { text, on };
  return text;
}

interface Made {
  id: number;
  sequence: number;
}
async function made(login: string, path: string, body: unknown): Promise<Made> {
  const { status, json } = await venue.call(login, "POST", path, body);
  expect([200, 201, 202], `${path}: ${JSON.stringify(json)}`).toContain(status);
  return json as Made;
}
/** What waits for a second person is agreed to. */
async function agreed(login: string, path: string, body: unknown, second: string): Promise<void> {
  const { id } = await made(login, path, body);
  await made(second, `/api/v1/approvals/${id}`, {});
}

const PDF = "%PDF-1.7\n% papers\n%%EOF";
const [PRODUCT, UNIT, LOT] = [plant("product code", short("P"), "hx-manager /markets", "hx-manager /auctions"), plant("unit", short("U"), "b1-trader room"), plant("lot code", short("L"), "b1-trader room", "operator-1 dialog")];

interface Planted {
  rejected: number;
  published: number;
  cancelled: number;
  running: number;
  token: string;
}

/** Fills every field of every kind of writer. */
async function plantAll(): Promise<Planted> {
  await made("admin-1", "/api/v1/products", {
    code: PRODUCT, unit: UNIT, kind: "oxide", name: plant("product name", evil("PN"), "hx-manager /markets", "hx-manager product"),
    name_en: plant("product name in English", short("PE")), specification: plant("specification", evil("SP"), "hx-manager product"),
  });
  const file = await fetch(`${venue.url}/api/v1/files`, { method: "POST", headers: { ...(await venue.signed("hx-manager")), "content-type": "application/pdf", "idempotency-key": "papers" }, body: PDF });
  const attachment = { file: ((await file.json()) as { id: string }).id, name: plant("attachment", named("AT"), "b1-trader room") };
  const announcement = (status: string) => ({
    title: `${status} ${evil("TI")}`, side: "procurement", product: PRODUCT, unit: UNIT,
    opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`, attachments: [attachment],
    bidding: { start_price: "100.00", step: "1.00", margin_rate: "0.1" }, lots: [{ code: LOT, quantity: "1" }],
  });
  plant("title", evil("TI"), "hx-manager /auctions?tab=coming", "hx-manager /publish", "b1-trader room", "operator-1 dialog", "auditor-1 审计");
  const approve = (id: number) => made("operator-1", `/api/v1/auctions/${id}/approval`, {});
  const rejected = await made("hx-manager", "/api/v1/auctions", announcement("rejected"));
  await made("operator-1", `/api/v1/auctions/${rejected.id}/rejection`, { reason: plant("reason of a refusal", evil("RR"), "hx-manager /publish", "auditor-1 审计") });
  const published = await made("hx-manager", "/api/v1/auctions", announcement("published"));
  await approve(published.id);
  const cancelled = await made("hx-manager", "/api/v1/auctions", announcement("cancelled"));
  await approve(cancelled.id);
  await made("operator-1", `/api/v1/auctions/${cancelled.id}/cancellation`, { reason: plant("reason of a cancellation", evil("RC"), "b1-trader cancelled", "auditor-1 审计") });
  const soon = () => new Date(Date.now() + 1_500).toISOString();
  const bid = (id: number) => until(async () => (await venue.call("b1-trader", "POST", `/api/v1/auctions/${id}/lots/${encodeURIComponent(LOT)}/bids`, { price: "100.00" })).status === 201, "it runs");
  const sold = await made("hx-manager", "/api/v1/auctions", { ...announcement("sold"), opens: soon(), bidding: { start_price: "100.00", limit_price: "100.00", step: "1.00", margin_rate: "0.1" } });
  await approve(sold.id);
  const running = await made("hx-manager", "/api/v1/auctions", { ...announcement("running"), opens: soon() });
  await approve(running.id);
  await bid(sold.id);
  await bid(running.id);
  await made("operator-1", `/api/v1/auctions/${running.id}/extension`, { until: `${day(1)}T12:00:00+08:00`, reason: plant("reason of an extension", evil("RE"), "auditor-1 审计") });
  await made("operator-1", `/api/v1/auctions/${running.id}/suspension`, { reason: plant("reason of an earlier suspension", evil("R1"), "auditor-1 审计") });
  await made("operator-1", `/api/v1/auctions/${running.id}/resumption`, { reason: plant("reason of a resumption", evil("R2"), "auditor-1 审计") });
  await made("operator-1", `/api/v1/auctions/${running.id}/suspension`, { reason: plant("reason of a suspension", evil("RS"), "b1-trader room", "operator-1 dialog", "auditor-1 审计") });
  await made("hx-manager", "/api/v1/auctions", announcement("waiting"));
  await made("admin-1", "/api/v1/members", { code: "EVIL", name: plant("name of a firm", evil("FN"), "admin-1 会员", "operator-1 会员") });
  const pay = (act: string, member: string, amount: string, reference: string) => made("settlement-1", `/api/v1/members/${member}/${act}`, { amount, reference });
  await pay("deposits", "EVIL", "1.00", evil("D0"));
  await pay("deposits", "B1", "1.00", plant("reference of a deposit", evil("RD"), "settlement-1 payments", "b1-trader 资金流水", "auditor-1 审计"));
  await pay("withdrawals", "B1", "90000000.00", plant("reference of a withdrawal", evil("RW"), "settlement-1 今日"));
  const paid = await pay("deposits", "B1", "2.00", evil("D2"));
  await made("settlement-1", "/api/v1/corrections", { sequence: paid.sequence, reason: plant("reason of a correction", evil("RK"), "settlement-1 correction") });
  const halt = (scope: object, reason: string) => made("operator-1", "/api/v1/halts", { scope, reason });
  const lifted = await halt({ kind: "mode", mode: "sale" }, evil("H0"));
  await made("operator-1", `/api/v1/halts/${lifted.id}/lifting`, { reason: plant("reason of a lifting", evil("RL"), "auditor-1 审计") });
  await halt({ kind: "mode", mode: "sealed" }, plant("reason of a halt", evil("RH"), "operator-1 停市", "auditor-1 审计"));
  await made("operator-1", "/api/v1/members/EVIL/freeze", { reason: plant("reason of a freeze", evil("RF"), "operator-1 会员", "auditor-1 审计") });
  await made("hx-manager", "/api/v1/users", { login: "hx-evil", name: plant("name of a user", evil("UN"), "hx-manager 团队", "admin-1 用户"), role: "trader", member: "HX" });
  await made("hx-manager", "/api/v1/keys", { name: plant("name of a key", short("K"), "hx-manager 团队"), scopes: ["read"], expires_at: new Date(Date.now() + 86_400_000).toISOString() });
  const device = createECDH("prime256v1");
  device.generateKeys();
  const browserLabel = plant("name of a browser", short("BL"), "hx-manager notices");
  await made("hx-manager", "/api/v1/notices/browsers", { endpoint: "https://push.example.com/evil", p256dh: device.getPublicKey("base64url"), auth: "AAAAAAAAAAAAAAAAAAAAAA", label: browserLabel });
  // At its limit it was sold with the bid.
  await agreed("operator-1", `/api/v1/auctions/${sold.id}/lots/${encodeURIComponent(LOT)}/annulment`, { reason: plant("reason of an annulment", evil("RA"), "auditor-1 审计") }, "operator-2");

  // Who applies is not signed in, and types too.
  const mine = ["stranger application", "admin-1 application"];
  const applied = await fetch(`${venue.url}/api/v1/applications`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "what-a-stranger-types" },
    body: JSON.stringify({
      firm: { credit_code: "91150000701463622D", name: plant("firm of an applicant", evil("AF"), ...mine), affiliates: [{ name: plant("affiliate", evil("AA"), ...mine), code: plant("code of an affiliate", short("AC"), ...mine) }] },
      contact: { name: plant("name of an applicant", evil("AN"), ...mine), login: plant("login of an applicant", short("AL"), ...mine), phone: "+8613800000000", email: "x@firm.example" },
    }),
  });
  const { id: application, token } = (await applied.json()) as { id: number; token: string };
  const document = plant("document of an applicant", named("AD"), ...mine);
  const handed = await fetch(`${venue.url}/api/v1/applications/own/documents?name=${encodeURIComponent(document)}`, { method: "POST", headers: { "application-token": token, "content-type": "application/pdf" }, body: PDF });
  expect(handed.status, await handed.text()).toBe(201);
  await made("admin-1", `/api/v1/applications/${application}/refusal`, { reason: plant("reason of a refused application", evil("RX"), ...mine, "auditor-1 审计") });
  return { rejected: rejected.id, published: published.id, cancelled: cancelled.id, running: running.id, token };
}

/** Where each field was seen. */
const seen = new Map<string, Set<string>>();
async function look(page: Page, what: string): Promise<void> {
  await page.locator("h1, h2, .seg").first().waitFor();
  await page.waitForLoadState("networkidle");
  const found = await page.evaluate((texts) => {
    const values = [...document.querySelectorAll("input, textarea")].map((one) => (one as HTMLInputElement).value);
    const all = [document.body.innerText, ...values].join("\n");
    return {
      hurt: (window as unknown as { hurt?: number }).hurt,
      images: document.querySelectorAll("img[src='x']").length,
      bold: [...document.querySelectorAll("b")].filter((one) => /^x($|49|\{\{)/.test(one.textContent ?? "")).length,
      // The sum of a short text, worked out beside the field that it was planted in.
      sums: all.match(/[A-Z](<b>)?x(<\/b>)?49/g) ?? [],
      shown: texts.filter((text) => all.includes(text)),
    };
  }, Object.values(FIELDS).map(({ text }) => text));
  expect({ what, hurt: found.hurt, images: found.images, bold: found.bold, sums: found.sums }).toEqual({ what, hurt: undefined, images: 0, bold: 0, sums: [] });
  for (const [field, { text }] of Object.entries(FIELDS)) if (found.shown.includes(text)) seen.set(field, (seen.get(field) ?? new Set()).add(what));
}

/** All tabs of a screen, and what they fold out. */
async function tabs(person: Person): Promise<void> {
  const { page, user } = person;
  const all = page.locator(".seg [role=tab]");
  for (let at = 0; at < (await all.count()); at += 1) {
    await all.nth(at).click();
    await look(page, `${user.login} ${(await all.nth(at).innerText()).split("\n")[0]!.trim()}`);
    const settings = page.locator("[data-test=notice-settings]");
    if (await settings.isVisible()) {
      await settings.click();
      await page.waitForSelector("#notice-rate");
      await look(page, `${user.login} notices`);
    }
    const refused = page.getByRole("radio", { name: "未通过" });
    if (!(await refused.isVisible())) continue;
    await refused.click();
    await page.locator("button.head").first().click();
    await page.locator(".case dl").first().waitFor();
    await look(page, `${user.login} application`);
  }
}

/** What the console opens over itself. */
async function dialogs(person: Person, running: number): Promise<void> {
  const { page, user } = person;
  if (user.login === "operator-1") {
    await page.goto("/console");
    for (const open of ["article.item button", `[aria-label="控制竞价 #${running}"]`]) {
      await page.locator(open).first().click();
      await page.locator(".q-dialog h2").waitFor();
      await look(page, "operator-1 dialog");
      await page.keyboard.press("Escape");
      await page.locator(".q-dialog").waitFor({ state: "detached" });
    }
    await page.goto("/console/halts");
    await page.locator("[data-test=halt] button").first().click();
    await page.locator(".q-dialog [data-test=after] p").first().waitFor();
    await look(page, "operator-1 lifting");
    await page.goto("/console/members");
    await page.locator("[data-test=member]", { hasText: "EVIL" }).locator("button").click();
    await page.locator(".q-dialog [data-test=after] p").first().waitFor();
    await look(page, "operator-1 unfreezing");
  }
  if (user.login === "settlement-1") {
    await page.goto("/console/money?member=B1");
    await page.locator("[data-test=payment]").first().waitFor();
    await look(page, "settlement-1 payments");
  }
  // Its own request to correct is decided by another.
  if (user.login === "settlement-2") {
    await page.goto("/console");
    await page.locator("article.item", { hasText: "RK" }).getByRole("button").first().click();
    await page.locator(".q-dialog h2").waitFor();
    await look(page, "settlement-1 correction");
  }
  if (user.login === "hx-manager") {
    await page.goto("/publish");
    await page.locator("li.line button").first().click();
    await look(page, "hx-manager publish again");
  }
}

// Protects everyone from what one of them types: whatever text goes in, every screen that shows it shows it as text, and each field is found where it belongs.
it("what a member or a person of the staff types is shown as text, wherever it is shown", async () => {
  const { rejected, published, cancelled, running, token } = await plantAll();
  const room = (id: number) => `/auctions/${id}`;
  const screens: Record<string, string[]> = {
    "hx-manager": ["/markets", "/auctions", "/auctions?tab=coming", "/auctions?tab=ended", "/publish", "/contracts", room(rejected), room(running), `/markets/${encodeURIComponent(PRODUCT)}`],
    "b1-trader": ["/markets", "/auctions", "/auctions?tab=coming", room(published), room(cancelled), `${room(running)}/${encodeURIComponent(LOT)}`, "/contracts"],
    "operator-1": ["/console", room(cancelled), room(running)],
    "settlement-1": ["/console"],
    "settlement-2": ["/console"],
    "admin-1": ["/console"],
    "auditor-1": ["/console"],
  };
  const names: Record<string, string> = { [`${room(running)}/${encodeURIComponent(LOT)}`]: "room", [room(cancelled)]: "cancelled", [`/markets/${encodeURIComponent(PRODUCT)}`]: "product" };
  for (const [login, paths] of Object.entries(screens)) {
    // What a browser calls itself is typed by nobody, and shown to its owner all the same.
    const person = await Person.enter(browser, venue, login, { ...DESKTOP, userAgent: evil("UA") });
    for (const path of [...paths, "/me"]) {
      await person.page.goto(path);
      await look(person.page, `${login} ${names[path] ?? path}`);
      if (path === "/me" || path === "/console") await tabs(person);
    }
    await dialogs(person, running);
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  const page = await context.newPage();
  await page.goto(`/application#${token}`);
  await page.locator(".kv").waitFor();
  await look(page, "stranger application");
  await context.close();

  const missed = Object.entries(FIELDS).flatMap(([field, { on }]) => on.filter((screen) => !seen.get(field)?.has(screen)).map((screen) => `${field}: not on "${screen}", but on ${[...(seen.get(field) ?? [])].join(", ")}`));
  expect(missed).toEqual([]);
});

// Protects the browser's side of safety: what the page may load, where the session is kept, and who may use it.
it("the app comes with its policy, and the session is where no script can read it", async () => {
  const page = await fetch(`${venue.url}/`);
  const policy = page.headers.get("content-security-policy")!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*|https?:/);
  for (const part of ["script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"]) expect(policy).toContain(part);
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(page.headers.get("referrer-policy")).toMatch(/no-referrer|same-origin/);
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>|\bon\w+=|style="/);

  const person = await Person.enter(browser, venue, "b3-trader", DESKTOP);
  const cookies = await person.context.cookies();
  expect(cookies.length).toBe(1);
  expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict" });
  const kept = await person.page.evaluate(() => ({ cookie: document.cookie, storage: JSON.stringify({ ...localStorage, ...sessionStorage }) }));
  expect(kept.cookie).toBe("");
  expect(kept.storage).not.toContain(cookies[0]!.value);

  // Another site that has the browser send the cookie changes nothing.
  const from = (origin: string) => fetch(`${venue.url}/api/v1/auctions/1/lots/1/bids`, {
    method: "POST",
    headers: { cookie: `${cookies[0]!.name}=${cookies[0]!.value}`, origin, "content-type": "application/json", "idempotency-key": `k${Math.random()}` },
    body: JSON.stringify({ price: "1.00" }),
  });
  expect((await from("https://elsewhere.example")).status).toBe(403);
  expect((await from(venue.url)).status).not.toBe(403);

  // Nothing comes from another host.
  const hosts = new Set<string>();
  person.page.on("request", (request) => hosts.add(new URL(request.url()).host));
  for (const path of ["/markets", "/markets/PrNd-metal", "/auctions/1/1", "/me"]) {
    await person.page.goto(path);
    await person.page.waitForLoadState("networkidle");
  }
  expect([...hosts].filter((host) => host !== new URL(venue.url).host && host !== "")).toEqual([]);
  await person.leave();
});
