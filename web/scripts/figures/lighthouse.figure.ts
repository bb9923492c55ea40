import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import lighthouse, { type Flags } from "lighthouse";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { launchOptions, Person, PHONE, Venue } from "../../tests/browser/kit";
import { quantile, Report } from "./report";

const report = new Report("lighthouse");
/** Each page is measured so often; the median counts, since one disturbed run says nothing of the app. */
const RUNS = Number(process.env.RUNS ?? 3);
const LCP_MOST_S = 3;
const SHELL_MOST_S = 1.5;
const LEAST = 90;

let venue: Venue;
beforeAll(async () => {
  venue = await Venue.start(["--no-bots"]);
});
afterAll(async () => {
  await venue?.stop();
  report.write();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Page {
  name: string;
  path: string;
  login?: string;
  isPublic?: boolean;
}
const PAGES: Page[] = [
  { name: "sign-in", path: "/sign-in", isPublic: true },
  { name: "rules", path: "/rules", isPublic: true },
  { name: "apply", path: "/apply", isPublic: true },
  { name: "markets", path: "/markets", login: "b1-trader" },
  { name: "room", path: "/auctions/1/1", login: "b1-trader" },
  { name: "publish", path: "/publish", login: "hx-manager" },
];
const chosen = process.env.PAGES?.split(",");

it.each(PAGES.filter((one) => !chosen || chosen.includes(one.name)))("Lighthouse: $name", async ({ name, path, login, isPublic }) => {
  const port = await freePort();
  const options = launchOptions();
  const folder = mkdtempSync(join(tmpdir(), "bayan-lighthouse-"));
  const browser = await chromium.launchPersistentContext(folder, { ...options, ...PHONE, args: [...options.args, `--remote-debugging-port=${port}`] });
  try {
    // Signed in as a person is. Lighthouse leaves the cookie and clears what is cached, so that the page is opened cold.
    if (login) await Person.within(browser, venue, login);
    const categories = ["performance", "accessibility", "best-practices", ...(isPublic ? ["seo"] : [])];
    const flags: Flags = { port, output: "json", logLevel: "error", onlyCategories: categories };
    const scores: Record<string, number[]> = {};
    const timings: Record<string, number[]> = {};
    const failed = new Map<string, string>();
    for (let run = 0; run < RUNS; run += 1) {
      const result = (await lighthouse(venue.url + path, flags))!.lhr;
      if (new URL(result.finalDisplayedUrl).pathname !== path) throw new Error(`${path} led to ${result.finalDisplayedUrl}`);
      if (result.runtimeError) throw new Error(result.runtimeError.message);
      for (const one of categories) (scores[one] ??= []).push(Math.round((result.categories[one]!.score ?? 0) * 100));
      for (const one of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "speed-index"]) (timings[one] ??= []).push(result.audits[one]!.numericValue ?? Number.POSITIVE_INFINITY);
      for (const category of categories.slice(1)) for (const ref of result.categories[category]!.auditRefs) {
        const audit = result.audits[ref.id]!;
        if (ref.weight > 0 && audit.score !== null && audit.score < 1) failed.set(ref.id, audit.title);
      }
      if (process.env.DETAIL) console.log(detail(result));
    }
    const median = (values: number[]) => quantile(values, 0.5);
    for (const one of categories) report.atLeast(`${name}: ${one}`, median(scores[one]!), LEAST);
    report.atMost("… largest paint, cold", median(timings["largest-contentful-paint"]!) / 1000, LCP_MOST_S, "s");
    report.atMost("… the shell (first paint of content)", median(timings["first-contentful-paint"]!) / 1000, SHELL_MOST_S, "s");
    report.says("… blocked main thread", median(timings["total-blocking-time"]!), "ms");
    report.says("… layout shift", median(timings["cumulative-layout-shift"]!).toFixed(3));
    report.note(`${name}: performance of each run ${scores.performance!.join(", ")}; largest paint ${timings["largest-contentful-paint"]!.map((one) => `${(one / 1000).toFixed(2)} s`).join(", ")}${failed.size ? `; found: ${[...failed.values()].join(", ")}` : ""}.`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Result {
  audits: Record<string, { displayValue?: string; title: string; score: number | null; details?: unknown }>;
}
/** What a run says, for whoever mends the app (`DETAIL=1`). */
function detail(result: Result): string {
  return Object.entries(result.audits).filter(([, one]) => one.score !== null && one.score < 1).map(([id, one]) => `${id}: ${one.displayValue ?? ""} ${JSON.stringify(one.details ?? "").slice(0, 900)}`).join("\n");
}
afterAll(() => report.note("Lighthouse 12 with its mobile preset: a slow phone (processor 4 × slower) on slow 4G, computed from what was observed; the median of the runs."));
