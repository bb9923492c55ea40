import type { Browser } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { DESKTOP, launch, Person, PHONE, until, Venue } from "../../tests/browser/kit";
import { announce, LOOKS_ON } from "./load";
import { quantile, Report } from "./report";
import { frame95, longestTask, traced } from "./trace";

const report = new Report("list");
const MANY = Number(process.env.AUCTIONS ?? 10_000);
/** A firm may have at most a thousand (`auctions_per_member_max`). */
const MANAGERS = ["nre-manager", "hx-manager", ...Array.from({ length: 12 }, (_, at) => `b${at + 1}-manager`)];
const AT_ONCE = 24;
const NODES_MOST = 2_500;
const TASK_MOST_MS = 50;

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
  const began = performance.now();
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let n = next++; n < MANY; n = next++) await announce(venue, MANAGERS[n % MANAGERS.length]!, `氧化镨钕 第 ${n + 1} 场`, 1, 20_000, 6 * 3_600_000);
  }));
  report.note(`${MANY.toLocaleString("en-US")} auctions were announced and approved over HTTP in ${((performance.now() - began) / 1_000).toFixed(0)} s, and all of them run.`);
  await until(async () => ((await venue.call(LOOKS_ON, "GET", "/api/v1/auctions?status=published&limit=1")).json as { items: unknown[] }).items.length === 0, "all of them run", 120_000);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
  report.write();
});

it.each([{ name: "desktop", options: DESKTOP }, { name: "phone", options: PHONE }])("a list of 10,000 auctions: $name", async ({ name, options }) => {
  const person = await Person.enter(browser, venue, LOOKS_ON, options);
  const { page } = person;
  await page.goto("/auctions");
  await page.waitForSelector("a.line");
  await page.waitForLoadState("networkidle");
  const drawn = () => page.evaluate(() => ({ rows: document.querySelectorAll("a.line").length, nodes: document.getElementsByTagName("*").length }));
  let [rows, nodes] = [0, 0];
  const look = async () => {
    const now = await drawn();
    [rows, nodes] = [Math.max(rows, now.rows), Math.max(nodes, now.nodes)];
  };
  const [height, line] = await page.evaluate(() => [document.documentElement.scrollHeight, document.querySelector("a.line")!.getBoundingClientRect().height] as const);
  // With the wheel, at the pace of somebody who looks for something; then by leaps to the very end.
  const found = await traced(browser, page, async () => {
    await page.mouse.move(300, 500);
    for (let turn = 0; turn < 100; turn += 1) {
      await page.mouse.wheel(0, 400);
      await page.waitForTimeout(50);
      if (turn % 10 === 0) await look();
    }
    for (let leap = 1; leap <= 20; leap += 1) {
      await page.evaluate((to) => window.scrollTo(0, to), (height * leap) / 20);
      await page.waitForTimeout(150);
      await look();
    }
  });
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const order = await page.evaluate(() => performance.now());
  await until(async () => (await page.locator("a.line").last().isVisible()) && (await page.evaluate(() => { const all = [...document.querySelectorAll("a.line")]; return all.at(-1)!.getBoundingClientRect().bottom <= window.innerHeight + 64; })), "the end of the list");
  if (person.complaints.length) throw new Error(person.complaints.join("; "));
  report.says(`${name}: auctions in the list`, Number((await page.locator('[role="tab"][aria-selected="true"] .num').textContent())!.replace(/\D/g, "")));
  report.atLeast("… lines that the list is high", height / line, MANY);
  report.atMost("… elements of the page while it is scrolled", nodes, NODES_MOST);
  report.says("… lines among them", rows);
  report.atMost("… longest task while it is scrolled", longestTask(found), TASK_MOST_MS, "ms");
  report.says("… script + layout of a frame, p95", frame95(found), "ms");
  report.says("… both by the processor\'s time alone", `${found.worked.longest.toFixed(1)} ms, ${quantile(found.worked.frames, 0.95).toFixed(2)} ms`);
  report.says("… until the last line was there", (await page.evaluate(() => performance.now())) - order, "ms");
  if (process.env.DETAIL) console.log(found.longest.join("\n"));
  await person.leave();
});
