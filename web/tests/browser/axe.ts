/** What axe finds on a page that keeps somebody out. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { Page } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Finding {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

/** Each serious finding in a line of its own, after what was looked at. */
export async function findings(page: Page, what: string): Promise<string[]> {
  // What still moves in has colours of its own.
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().iterations === Infinity));
  // It is put in through the debugger, past the page's policy, which forbids scripts of others; once is enough for a page.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const found = (await page.evaluate(async () => {
    const run = (window as unknown as { axe: { run: (context: Document, options: object) => Promise<{ violations: unknown[] }> } }).axe.run;
    return (await run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations;
  })) as Finding[];
  return found.filter((one) => ["serious", "critical"].includes(one.impact)).map((one) => `${what}: ${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary.split("\n")[1] ?? ""}`).join(" | ")}`);
}
