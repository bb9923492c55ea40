import { expect, it } from "vitest";

import { changed, description, formOf, trimmed } from "./catalogue";

const oxide = { code: "PrNd-oxide", name: "氧化镨钕", unit: "t", name_en: "PrNd oxide", kind: "oxide", specification: null };

// Protects a correction: it replaces what is said as a whole, so what the form does not touch is sent along, and spaces are no change.
it("says of a product what the form says, and nothing that it does not", () => {
  const form = formOf(oxide);
  expect(changed({ ...form, name: " 氧化镨钕 " }, oxide)).toEqual([]);
  expect(description(form)).toEqual({ name: "氧化镨钕", name_en: "PrNd oxide", kind: "oxide" });
  const other = { ...form, name_en: "", kind: "", specification: " TREO ≥ 99 %\n粉末 " };
  expect(changed(other, oxide)).toEqual(["name_en", "kind", "specification"]);
  expect(description(other)).toEqual({ name: "氧化镨钕", specification: "TREO ≥ 99 % 粉末" });
  expect(trimmed(formOf()).code).toBe("");
});
