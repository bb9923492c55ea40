import { existsSync, readFileSync, statSync } from "node:fs";

import { expect, it } from "vitest";

const dist = new URL("../../dist/", import.meta.url).pathname;
const KB = 1000;
/** What `make figures` measures in a browser; here it is added up from the files. */
const MOST_KB = 200;

// Protects a phone on a slow network: what any screen needs before it stands stays within the limit, so that a change that breaks it fails at once and not when the figures are measured next.
it.skipIf(!existsSync(`${dist}index.html`))("the scripts before the first screen stay within their limit", () => {
  const html = readFileSync(`${dist}index.html`, "utf8");
  const first = [...html.matchAll(/<script[^>]*\bsrc="\/([^"]+\.js)"/g)].map(([, file]) => file!);
  const screens = JSON.parse(/data-screens='([^']*)'/.exec(html)![1]!) as Record<string, string[]>;
  expect(first.length).toBeGreaterThan(1);
  expect(Object.keys(screens).length).toBeGreaterThan(5);
  for (const [screen, more] of Object.entries(screens)) {
    const files = new Set([...first, ...more.map((file) => file.slice(1)).filter((file) => file.endsWith(".js"))]);
    const sum = [...files].reduce((all, file) => all + statSync(existsSync(`${dist}${file}.gz`) ? `${dist}${file}.gz` : `${dist}${file}`).size, 0) / KB;
    expect(sum, `${screen}: kB`).toBeLessThan(MOST_KB);
    expect(sum, `${screen}: kB`).toBeGreaterThan(50);
  }
});
