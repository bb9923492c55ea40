import { expect, it } from "vitest";

import { after, both } from "./following";

// Protects the star: it shows at once what was asked, in the order in which the exchange will have it, and nothing twice.
it("shows what was asked before it is answered", () => {
  for (const [kept, asked, expected] of [
    [[1, 2], [], [1, 2]],
    [[1, 2], [[3, true]], [1, 2, 3]],
    [[1, 2], [[1, false]], [2]],
    [[1, 2], [[2, true], [1, false], [9, false], [7, true]], [2, 7]],
    [[], [[4, true]], [4]],
  ] as [number[], [number, boolean][], number[]][]) expect(after(kept, new Map(asked))).toEqual(expected);
});

// Protects what a device remembers that the exchange does not have: it stands behind the rest, and nothing twice.
it("shows what the exchange and the device have", () => {
  for (const [kept, here, expected] of [
    [[], [], []],
    [[2, 1], [], [2, 1]],
    [[], [3, 1], [3, 1]],
    [[2, 1], [3, 2], [2, 1, 3]],
  ] as [number[], number[], number[]][]) expect(both(kept, here)).toEqual(expected);
});
