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

/** Would leave a mark on the page, in any of the ways a text becomes more than text. */
const EVIL = `"><img src=x onerror=window.hurt=1><script>window.hurt=1</script>{{constructor.constructor('window.hurt=1')()}}`;
const SHORT = "<b>x</b>{{7*7}}";

interface Refusable {
  id: number;
}
async function made(login: string, path: string, body: unknown): Promise<Refusable> {
  const { status, json } = await venue.call(login, "POST", path, body);
  expect([200, 201, 202], `${path}: ${JSON.stringify(json)}`).toContain(status);
  return json as Refusable;
}

// Protects everyone from what one of them types: whatever text goes in, every screen that shows it shows it as text.
it("what a member or a person of the staff types is shown as text, wherever it is shown", async () => {
  const announcement = (status: string) => ({
    title: `${status} ${EVIL}`, side: "procurement", product: SHORT, unit: SHORT,
    opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`,
    bidding: { start_price: "100.00", step: "1.00", margin_rate: "0.1" }, lots: [{ code: SHORT, quantity: "1" }],
  });
  const rejected = await made("hx-manager", "/api/v1/auctions", announcement("rejected"));
  await made("operator-1", `/api/v1/auctions/${rejected.id}/rejection`, { reason: EVIL });
  const published = await made("hx-manager", "/api/v1/auctions", announcement("published"));
  await made("operator-1", `/api/v1/auctions/${published.id}/approval`, {});
  const cancelled = await made("hx-manager", "/api/v1/auctions", announcement("cancelled"));
  await made("operator-1", `/api/v1/auctions/${cancelled.id}/approval`, {});
  await made("operator-1", `/api/v1/auctions/${cancelled.id}/cancellation`, { reason: EVIL });
  const soon = new Date(Date.now() + 1_500).toISOString();
  const running = await made("hx-manager", "/api/v1/auctions", { ...announcement("running"), opens: soon });
  await made("operator-1", `/api/v1/auctions/${running.id}/approval`, {});
  await until(async () => (await venue.call("b1-trader", "POST", `/api/v1/auctions/${running.id}/lots/${encodeURIComponent(SHORT)}/bids`, { price: "100.00" })).status === 201, "it runs");
  await made("operator-1", `/api/v1/auctions/${running.id}/suspension`, { reason: EVIL });
  await made("hx-manager", "/api/v1/auctions", announcement("waiting"));
  await made("admin-1", "/api/v1/members", { code: "EVIL", name: EVIL });
  await made("settlement-1", "/api/v1/members/EVIL/deposits", { amount: "1.00", reference: EVIL });
  await made("settlement-1", "/api/v1/members/B1/deposits", { amount: "1.00", reference: EVIL });
  await made("settlement-1", "/api/v1/members/B1/withdrawals", { amount: "90000000.00", reference: EVIL });
  const paid = (await made("settlement-1", "/api/v1/members/B1/deposits", { amount: "2.00", reference: EVIL })) as unknown as { sequence: number };
  await made("settlement-1", "/api/v1/corrections", { sequence: paid.sequence, reason: EVIL });
  await made("operator-1", "/api/v1/halts", { scope: { kind: "mode", mode: "sealed" }, reason: EVIL });
  await made("operator-1", "/api/v1/members/EVIL/freeze", { reason: EVIL });
  await made("hx-manager", "/api/v1/users", { login: "hx-evil", name: EVIL, role: "trader", member: "HX" });
  await made("hx-manager", "/api/v1/keys", { name: SHORT, scopes: ["read"], expires_at: new Date(Date.now() + 86_400_000).toISOString() });

  // Who applies is not signed in, and types too.
  const applied = await fetch(`${venue.url}/api/v1/applications`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "what-a-stranger-types" },
    body: JSON.stringify({
      firm: { credit_code: "91150000701463622D", name: EVIL, affiliates: [{ name: EVIL, code: SHORT }] },
      contact: { name: EVIL, login: SHORT, phone: "+8613800000000", email: "x@firm.example" },
    }),
  });
  const { id: application, token } = (await applied.json()) as { id: number; token: string };
  await made("admin-1", `/api/v1/applications/${application}/refusal`, { reason: EVIL });

  let seen = 0;
  async function look(person: Person | { page: Page }, what: string): Promise<void> {
    const { page } = person;
    await page.locator("h1, h2, .seg").first().waitFor();
    await page.waitForLoadState("networkidle");
    const found = await page.evaluate((text) => ({
      hurt: (window as unknown as { hurt?: number }).hurt,
      images: document.querySelectorAll("img[src='x']").length,
      shown: document.body.innerText.split(text).length - 1,
    }), "<img src=x onerror=window.hurt=1>");
    expect({ what, hurt: found.hurt, images: found.images }).toEqual({ what, hurt: undefined, images: 0 });
    seen += found.shown;
  }
  const rooms = [rejected, published, cancelled, running].map(({ id }) => `/auctions/${id}`);
  const screens: Record<string, string[]> = {
    "hx-manager": ["/markets", "/auctions", "/auctions?tab=coming", "/auctions?tab=ended", "/publish", "/contracts", ...rooms, `/markets/${encodeURIComponent(SHORT)}`],
    "b1-trader": ["/markets", "/auctions", "/auctions?tab=coming", ...rooms.slice(1), `/auctions/${running.id}/${encodeURIComponent(SHORT)}`, "/contracts"],
    "operator-1": ["/console", ...rooms],
    "settlement-1": ["/console"],
    "admin-1": ["/console"],
    "auditor-1": ["/console"],
  };
  for (const [login, paths] of Object.entries(screens)) {
    const person = await Person.enter(browser, venue, login, DESKTOP);
    for (const path of [...paths, "/me"]) {
      await person.page.goto(path);
      await look(person, `${login} ${path}`);
      // Each tab of it, and what the tabs of it fold out.
      if (path !== "/me" && path !== "/console") continue;
      const tabs = person.page.locator(".seg [role=tab]");
      for (let at = 0; at < (await tabs.count()); at += 1) {
        await tabs.nth(at).click();
        await look(person, `${login} ${path} tab ${at}`);
        const refused = person.page.getByRole("radio", { name: "未通过" });
        if (!(await refused.isVisible())) continue;
        await refused.click();
        await person.page.locator("button.head").first().click();
        await person.page.locator(".case dl").first().waitFor();
        await look(person, `${login} application`);
      }
    }
    if (login === "operator-1") {
      await person.page.goto("/console");
      for (const open of ["article.item button", `[aria-label="控制竞价 #${running.id}"]`]) {
        await person.page.locator(open).first().click();
        await person.page.locator(".q-dialog h2").waitFor();
        await look(person, `console ${open}`);
        await person.page.keyboard.press("Escape");
        await person.page.locator(".q-dialog").waitFor({ state: "detached" });
      }
      await person.page.goto("/console/halts");
      await person.page.locator("[data-test=halt] button").first().click();
      await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
      await look(person, "console lifting");
      await person.page.goto("/console/members");
      await person.page.locator("[data-test=member]", { hasText: "EVIL" }).locator("button").click();
      await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
      await look(person, "console unfreezing");
    }
    if (login === "settlement-1") {
      await person.page.goto("/console/money?member=B1");
      await person.page.locator("[data-test=payment]").first().waitFor();
      await look(person, "console payments");
    }
    if (login === "hx-manager") {
      await person.page.goto("/publish");
      await person.page.locator("li.line button").first().click();
      await look(person, "publish again");
    }
    expect(person.complaints).toEqual([]);
    await person.leave();
  }
  const context = await browser.newContext({ ...DESKTOP, baseURL: venue.url });
  const page = await context.newPage();
  await page.goto(`/application#${token}`);
  await page.locator(".kv").waitFor();
  await look({ page }, "one's own application");
  await context.close();
  // It was shown: as what it is.
  expect(seen).toBeGreaterThan(20);
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
