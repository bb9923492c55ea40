import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { DESKTOP, launch, Person, PHONE, Venue } from "../../tests/browser/kit";
import { arena, bids, LOOKS_ON } from "./load";
import { quantile, Report } from "./report";
import { frame95, longestTask, traced } from "./trace";

const report = new Report("thread");
/** So many messages a second come to the page. */
const RATE = 200;
const RATE_LEAST = 190;
const SECONDS = Number(process.env.SECONDS ?? 20);
const TASK_MOST_MS = 50;
const FRAME_MOST_MS = 16;

let venue: Venue;
let browser: Browser;
let auction: number;
beforeAll(async () => {
  [venue, browser] = await Promise.all([Venue.start(["--no-bots"]), launch()]);
  auction = await arena(venue);
});
afterAll(async () => {
  await browser?.close();
  await venue?.stop();
  report.note(`Bids are accepted in the five lots of one auction, ${RATE} a second, and each is a message to the page; ${SECONDS} s of the browser's own trace for each screen. A frame's script and layout are what the main thread spends on both from one frame to the next, those within each other counted once.`);
  report.write();
});

const SCREENS: { name: string; path: () => string; stands: string; options: BrowserContextOptions }[] = [
  { name: "room, desktop", path: () => `/auctions/${auction}/1`, stands: ".pad .hold", options: DESKTOP },
  { name: "room, phone", path: () => `/auctions/${auction}/1`, stands: ".pad .hold", options: PHONE },
  { name: "markets, desktop", path: () => "/markets", stands: "a.card .figures .num", options: DESKTOP },
  { name: "markets, phone", path: () => "/markets", stands: "a.card .figures .num", options: PHONE },
];

it("the main thread at 200 messages a second", async () => {
  const load = bids(venue, auction, RATE);
  for (const { name, path, stands, options } of SCREENS) {
    const person = await Person.enter(browser, venue, LOOKS_ON, options);
    await person.page.addInitScript(() => {
      // Counts what the page hears, beside the app.
      const Native = WebSocket;
      const counter = window as unknown as { heard: number };
      counter.heard = 0;
      window.WebSocket = class extends Native {
        constructor(url: string | URL) {
          super(url);
          this.addEventListener("message", () => { counter.heard += 1; });
        }
      };
    });
    await person.page.goto(path());
    await person.page.waitForSelector(stands);
    await person.page.waitForLoadState("networkidle");
    const heard = () => person.page.evaluate(() => ({ n: (window as unknown as { heard: number }).heard, at: performance.now() }));
    let rate = 0;
    const found = await traced(browser, person.page, async () => {
      const before = await heard();
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1_000));
      const after = await heard();
      rate = ((after.n - before.n) / (after.at - before.at)) * 1_000;
    });
    if (person.complaints.length) throw new Error(person.complaints.join("; "));
    report.atLeast(`${name}: messages heard in a second`, rate, RATE_LEAST);
    report.atMost("… longest task on the main thread", longestTask(found), TASK_MOST_MS, "ms");
    report.atMost("… script + layout of a frame, p95", frame95(found), FRAME_MOST_MS, "ms");
    report.says("… both by the processor\'s time alone", `${found.worked.longest.toFixed(1)} ms, ${quantile(found.worked.frames, 0.95).toFixed(2)} ms`);
    report.says("… frames in a second", found.frames.length / found.seconds);
    report.says("… main thread busy", `${((found.tasks.reduce((a, b) => a + b, 0) / (found.seconds * 1_000)) * 100).toFixed(0)} %`);
    if (process.env.DETAIL) console.log(found.longest.join("\n"));
    await person.leave();
  }
  await load.stop();
});
