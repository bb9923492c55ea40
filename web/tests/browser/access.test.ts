import { createRequire } from "node:module";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { day, DESKTOP, launch, Person, PHONE, Venue } from "./kit";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
  await venue.call("b1-trader", "POST", "/api/v1/auctions/1/lots/1/bids", { price: "565000.00" });
  const waits = await venue.call("hx-manager", "POST", "/api/v1/auctions", {
    title: "采购 氧化镧", side: "procurement", product: "La-oxide", unit: "t", opens: `${day(1)}T10:00:00+08:00`, closes: `${day(1)}T11:00:00+08:00`,
    bidding: { start_price: "4200.00", step: "10.00", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "30" }],
  });
  expect(waits.status).toBe(201);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
});

interface Finding {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

async function findings(person: Person, what: string): Promise<string[]> {
  // What still moves in has colours of its own.
  await person.page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity));
  // axe is put in through the debugger, past the page's policy, which forbids scripts of others.
  await person.page.evaluate(axeSource);
  const found = (await person.page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: unknown[] }> } }).axe.run;
    return (await run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations;
  })) as Finding[];
  return found.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary.split("\n")[1] ?? ""}`).join(" | ")}`);
}
let axeSource = "";
beforeAll(async () => {
  axeSource = (await import("node:fs")).readFileSync(axe, "utf8");
});

const MEMBER: [string, string, string][] = [
  ["markets", "/markets", "a.card"],
  ["product", "/markets/PrNd-metal", ".chart canvas"],
  ["auctions", "/auctions", "a.line"],
  ["ended auctions", "/auctions?tab=ended", ".empty"],
  ["room", "/auctions/1/1", ".pad .hold"],
  ["publish", "/publish", ".screen h1"],
  ["contracts", "/contracts", ".screen .empty, .screen li"],
  ["me", "/me", ".seg"],
];

// Protects people who do not see, or see little: axe finds nothing serious on any screen, in both themes and languages.
it.each([
  ["light", "zh", PHONE],
  ["dark", "en", PHONE],
  ["light", "en", DESKTOP],
  ["dark", "zh", DESKTOP],
] as const)("a member's screens, %s, %s", async (theme, language, device) => {
  const person = await Person.enter(browser, venue, "b1-trader", { ...device, colorScheme: theme }, language);
  const all: string[] = [];
  for (const [what, path, there] of MEMBER) {
    await person.page.goto(path);
    await person.page.locator(there).first().waitFor();
    all.push(...(await findings(person, what)));
    if (what === "me") {
      for (const tab of await person.page.locator(".seg [role=tab]").all()) {
        await tab.click();
        all.push(...(await findings(person, `me ${await tab.innerText()}`)));
        const settings = person.page.locator("[data-test=notice-settings]");
        if (await settings.isVisible()) {
          await settings.click();
          await person.page.waitForSelector("#notice-rate");
          all.push(...(await findings(person, "notice settings")));
        }
      }
    }
  }
  expect(all).toEqual([]);
  await person.leave();
});

it.each([
  ["light", "zh", "operator-1"],
  ["dark", "en", "operator-2"],
] as const)("the console and signing in, %s, %s", async (theme, language, login) => {
  const all: string[] = [];
  const person = await Person.enter(browser, venue, login, { ...DESKTOP, colorScheme: theme }, language);
  await person.page.locator(".console tbody tr").first().waitFor();
  all.push(...(await findings(person, "console")));
  await person.page.locator("article.item button").first().click();
  await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
  all.push(...(await findings(person, "an announcement")));
  await person.page.keyboard.press("Escape");
  await person.page.locator(".q-dialog").waitFor({ state: "detached" });
  for (const tab of await person.page.locator(".console > .seg [role=tab]").all()) {
    await tab.click();
    all.push(...(await findings(person, `console ${await tab.innerText()}`)));
  }
  await person.page.goto("/console");
  await person.page.locator(".console tbody tr button").first().click();
  await person.page.locator(".q-dialog [role=radio]").first().click();
  await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
  all.push(...(await findings(person, "control")));
  await person.page.keyboard.press("Escape");
  await person.page.goto("/console/halts");
  await person.page.locator("[role=radiogroup] [role=radio]").first().click();
  await person.page.locator("[data-test=after] p").first().waitFor();
  all.push(...(await findings(person, "a halt")));
  await person.page.goto("/console/members");
  await person.page.locator("[data-test=member] button").first().click();
  await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
  all.push(...(await findings(person, "a freeze")));
  await person.page.goto("/me");
  await person.page.locator("header .btn").click();
  await person.page.waitForSelector("#password");
  all.push(...(await findings(person, "sign-in")));
  expect(all).toEqual([]);
  await person.leave();
});

it.each([["admin-1", DESKTOP, "light"], ["auditor-1", PHONE, "light"], ["admin-2", PHONE, "dark"]] as const)("rules, users and the audit trail, %s", async (login, device, theme) => {
  const person = await Person.enter(browser, venue, login, { ...device, colorScheme: theme });
  await person.page.locator(".console tbody tr").first().waitFor();
  const all: string[] = [];
  for (const tab of await person.page.locator(".console > .seg [role=tab]").all()) {
    await tab.click();
    await person.page.locator(".console .panel").first().waitFor();
    all.push(...(await findings(person, `${login} ${await tab.innerText()}`)));
  }
  if (login.startsWith("admin")) {
    await person.page.goto("/console/profile");
    await person.page.locator("[data-test=set-hours]").click();
    await person.page.locator("[data-test=after] p").first().waitFor();
    all.push(...(await findings(person, `${login} a change of the hours`)));
    await person.page.goto("/console/products");
    await person.page.locator("[data-test=product] button").first().click();
    await person.page.locator("#product-name-en").fill("another");
    await person.page.locator("[data-test=after] p").first().waitFor();
    all.push(...(await findings(person, `${login} a correction of a product`)));
  }
  expect(all).toEqual([]);
  await person.leave();
});

it.each([["settlement-1", DESKTOP, "dark"], ["settlement-2", PHONE, "light"]] as const)("money, %s", async (login, device, theme) => {
  const person = await Person.enter(browser, venue, login, { ...device, colorScheme: theme }, "en");
  await person.page.goto("/console/money?member=B2");
  await person.page.locator("[data-test=payment]").first().waitFor();
  await person.page.locator("#amount").fill("1");
  await person.page.locator("[data-test=after] p").first().waitFor();
  const all = await findings(person, "a deposit");
  await person.page.locator("[data-test=payment] button").first().click();
  await person.page.locator(".q-dialog [data-test=after] p").first().waitFor();
  all.push(...(await findings(person, "a correction")));
  expect(all).toEqual([]);
  await person.leave();
});
