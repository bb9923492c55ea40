import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { foreign, listen } from "../../tests/browser/first";
import { launch, Person, PHONE, Venue } from "../../tests/browser/kit";
import { Report } from "./report";

const report = new Report("bundle");
const KB = 1000;
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

async function first(context: BrowserContext, path: string, stands: string): Promise<void> {
  const page = await context.newPage();
  const { session, fetched } = await listen(page);
  await session.send("Network.setExtraHTTPHeaders", { headers: { "accept-encoding": "gzip" } });
  const encodings = new Set<string | undefined>();
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) encodings.add(response.headers()["content-encoding"]);
  });
  await page.goto(venue.url + path);
  await page.waitForSelector(stands);
  const before = fetched();
  // What comes later is no longer of the first screen, but of no other host either.
  await page.waitForLoadState("networkidle");
  // What is too small to gain by it comes as it is.
  if (!encodings.has("gzip") || [...encodings].some((one) => one !== undefined && one !== "gzip")) throw new Error(`scripts came as ${[...encodings].join(", ")}`);
  const sum = (name: RegExp) => before.filter((one) => name.test(new URL(one.url).pathname)).reduce((all, one) => all + one.bytes, 0) / KB;
  report.atMost(`${path}: JavaScript before the first screen, gzipped`, sum(/\.js$/), 200, "kB");
  report.says("… style sheets", sum(/\.css$/), "kB");
  report.says("… requests until it stood", before.length);
  report.atMost("… requests to another host", foreign(fetched(), venue.url).length, 0);
  await page.close();
}

it("what is fetched before the first screen", async () => {
  const stranger = await browser.newContext(PHONE);
  await first(stranger, "/sign-in", "#password");
  await stranger.close();
  // Signed in, but with nothing kept: only the session goes along.
  const person = await Person.enter(browser, venue, "b1-trader", PHONE);
  const state = await person.context.storageState();
  await person.leave();
  for (const [path, stands] of [["/markets", "a.card .figures .num"], ["/auctions/1/1", ".pad .hold"], ["/publish", "main .screen section li, main .screen section .empty"]] as const) {
    const context = await browser.newContext({ ...PHONE, storageState: state });
    await first(context, path, stands);
    await context.close();
  }
  report.note("Bytes as the browser received them with `accept-encoding: gzip`; browsers that take Brotli get less.");
});
