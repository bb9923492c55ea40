import { expect, it } from "vitest";

import { merge } from "./merge";

const notice = (sequence: number, read = false) => ({ id: `${sequence}-0`, sequence, at: "", kind: "overtaken", auction: 1, title: "", lot: "1", price: null, amount: null, ends: null, reason: null, read });
const page = (items: number[], next: string | null, read_up_to = 0) => ({ items: items.map((one) => notice(one, one <= read_up_to)), next, read_up_to });

// Protects a list that is open: what is new comes in front, nothing is lost or twice, and what was read elsewhere is read.
it.each([
  ["the first page", [], undefined, page([9, 8], "8"), [9, 8], "8"],
  ["one more in front", [9, 8, 7, 6], "6", page([10, 9], "9"), [10, 9, 8, 7, 6], "6"],
  ["all pages were there", [9, 8, 7], undefined, page([10, 9], "9"), [10, 9, 8, 7], undefined],
  ["more came than a page holds", [5, 4], "4", page([10, 9], "9"), [10, 9], "9"],
  ["nothing new", [9, 8, 7], undefined, page([9, 8], "8"), [9, 8, 7], undefined],
  ["there are none", [], undefined, page([], null), [], undefined],
] as const)("%s", (_name, before, next, newest, expected, goesOn) => {
  const merged = merge({ items: before.map((one) => notice(one)), next }, newest);
  expect(merged.items.map((one) => one.sequence)).toEqual(expected);
  expect(merged.next).toBe(goesOn);
});

it("what was read on another device is read on older pages too", () => {
  const merged = merge({ items: [9, 8, 7].map((one) => notice(one)), next: undefined }, page([9, 8], "8", 9));
  expect(merged.items.every((one) => one.read)).toBe(true);
});
