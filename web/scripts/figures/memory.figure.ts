import type { Browser, CDPSession } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { DESKTOP, launch, Person, Venue } from "../../tests/browser/kit";
import { arena, bids, LOOKS_ON } from "./load";
import { Report } from "./report";
import { tell, type Used } from "./steady";

const report = new Report("memory");
/** For how long; the committed figure is of the twenty minutes. */
const MINUTES = Number(process.env.MINUTES ?? 20);
const RATE = Number(process.env.RATE ?? 100);
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
    // By the page itself: what a tool points at, it remembers.
    await page.evaluate((id) => document.querySelector<HTMLAnchorElement>(`a.line[href^="/auctions/${id}"]`)?.click(), auction);
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
  tell(report, minutes, heard);
});
