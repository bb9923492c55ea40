import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

// Protects the rules that members read: they name each reason by which a bid is refused, in the order of the rule book.
describe("the rules page", () => {
  const book = read("../docs/rules/auction.md");
  const judged = book.slice(book.indexOf("### How a bid is judged"), book.indexOf("## A sealed auction"));
  const reasons = [...judged.matchAll(/^\| \d+ \| `(\w+)`/gm)].map(([, reason]) => reason!);

  it.each(["zh", "en"])("in %s has every reason in the order of the rule book", (language) => {
    const page = read(`src/help/rules.${language}.md`);
    const named = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, reason]) => reason!);
    expect(reasons.length).toBeGreaterThanOrEqual(10);
    // `frozen` stands between the second and the third rule.
    expect(named).toEqual([...reasons.slice(0, 2), "frozen", ...reasons.slice(2)]);
  });

  it("has the same sections in both languages", () => {
    const shape = (language: string) => [...read(`src/help/rules.${language}.md`).matchAll(/^(#+|- |\| )/gm)].map(([mark]) => mark);
    expect(shape("en")).toEqual(shape("zh"));
  });
});
