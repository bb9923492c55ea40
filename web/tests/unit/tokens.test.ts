import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

const source = new URL("../../src/", import.meta.url).pathname;
const COLOUR = /#[0-9a-f]{3,8}\b(?![\w"'`])|\b(?:rgba?|hsla?|oklch|color-mix)\(|:\s*(?:white|black|red|green|gr[ae]y|blue|orange)\b/gi;

// Protects both themes and the setting that turns red and green round: a colour stands in the tokens, and everywhere else its name.
it("no component names a colour", () => {
  const named: string[] = [];
  for (const name of readdirSync(source, { recursive: true, encoding: "utf8" }).filter((one) => /\.(vue|css)$/.test(one) && !one.endsWith("tokens.css"))) {
    const text = readFileSync(join(source, name), "utf8");
    const sheets = name.endsWith(".css") ? [text] : [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, sheet]) => sheet!);
    for (const sheet of sheets) for (const [found] of sheet.matchAll(COLOUR)) named.push(`${name}: ${found}`);
  }
  expect(named).toEqual([]);
});
