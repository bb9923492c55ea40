import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { DESKTOP, launch, Person, Venue } from "../../tests/browser/kit";
import { arena, bids, LOOKS_ON } from "./load";
import { quantile, Report } from "./report";

const report = new Report("memory");
/** For how long; the committed figure is of the twenty minutes. */
const MINUTES = Number(process.env.MINUTES ?? 20);
const RATE = Number(process.env.RATE ?? 100);
/** The app has read and cached what it needs. */
const FIRST_MINUTE = 2;
/** What comes and goes with the collector's own state; a leak of one bid in each message would be far more. */
const GROWTH_MOST = 5;

let venue: Venue;
let browser: Browser;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
  report.write();
});

interface Used {
  heap: number;
  nodes: number;
  listeners: number;
}
async function used(session: CDPSession): Promise<Used> {
  // Twice: what is finalised by the first is collected by the second.
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((one) => one.name === name)!.value;
  return { heap: of("JSHeapUsedSize") / 1e6, nodes: of("Nodes"), listeners: of("JSEventListeners") };
}

it("memory over a busy feed", async () => {
  const auction = await arena(venue);
  const person = await Person.enter(browser, venue, LOOKS_ON, DESKTOP);
  const { page } = person;
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const load = bids(venue, auction, RATE);
  // As somebody who has it open all day: from the room to the market, the list, and back, without loading the page anew.
  const go = async (path: string, stands: string) => {
    await page.evaluate((to) => { document.querySelector<HTMLAnchorElement>(`nav.bar a[href="${to}"]`)?.click(); }, path);
    // A selector's handle would keep what it found, long after it is gone from the page.
    await page.locator(stands).first().waitFor();
  };
  const room = async () => {
    await go("/auctions", "a.line");
    await page.locator(`a.line[href^="/auctions/${auction}"]`).first().click();
    await page.locator(".pad .hold").waitFor();
  };
  await room();
  const began = Date.now();
  const until = (seconds: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, began + seconds * 1_000 - Date.now())));
  const minutes: Used[] = [];
  let heard = 0;
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    await until(minute * 60 - 40);
    await go("/markets", "a.card .figures .num");
    await until(minute * 60 - 30);
    await room();
    await until(minute * 60);
    minutes.push(await used(session));
    heard = load.accepted();
    const { heap, nodes } = minutes.at(-1)!;
    console.log(`minute ${minute}: ${heap.toFixed(2)} MB, ${nodes} nodes, ${heard} bids`);
  }
  await load.stop();
  if (person.complaints.length) throw new Error(person.complaints.join("; "));
  const [first, last] = [minutes[FIRST_MINUTE - 1]!, minutes.at(-1)!];
  // The straight line that fits the minutes best says what grows; one minute alone may be a bad one.
  const later = minutes.slice(FIRST_MINUTE - 1);
  const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(later.map((_, at) => at)), mean(later.map((one) => one.heap))];
  const slope = later.reduce((sum, one, at) => sum + (at - x) * (one.heap - y), 0) / Math.max(1, later.reduce((sum, _, at) => sum + (at - x) ** 2, 0));
  report.says("how long", MINUTES, "min");
  report.says("messages of bids in a second", heard / (MINUTES * 60));
  report.says(`heap after collection, minute ${FIRST_MINUTE}`, first.heap, "MB");
  report.says(`… minute ${MINUTES}`, last.heap, "MB");
  report.atMost("… grown in between", ((last.heap - first.heap) / first.heap) * 100, GROWTH_MOST, "%");
  report.says("… the line through all minutes", slope * 1_000, "kB a minute");
  report.says("… the most of any minute", quantile(later.map((one) => one.heap), 1), "MB");
  report.atMost("nodes of the document, grown in between", last.nodes - first.nodes, 200);
  report.atMost("listeners, grown in between", last.listeners - first.listeners, 50);
});
