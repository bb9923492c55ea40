import { describe, expect, it } from "vitest";

import { codeFault, tidy } from "./creditCode";

// Protects the words that stand beside a code while it is typed: the same codes are good as for the exchange, and what is wrong is named.
describe("a unified social credit code", () => {
  it("is good as firms publish theirs", () => {
    for (const code of ["91150000701463622D", "9144030071526726XG", "914403001922038216"]) expect(codeFault(code), code).toBeUndefined();
    expect(codeFault(tidy(" 9115 0000 7014 6362 2d "))).toBeUndefined();
  });

  it("says what is wrong, and a letter that cannot be before the code is whole", () => {
    const faults: [string, string, number][] = [
      ["", "length", 0],
      ["9115000070146362", "length", 16],
      ["91150000701463622DD", "length", 19],
      ["9115O", "digit", 5],
      ["91I", "character", 3],
      ["91A5", "digit", 3],
      ["9115000070146362Z", "character", 17],
      ["91150000701463622E", "check", 18],
      ["91150000701463626D", "check", 18],
    ];
    for (const [code, kind, n] of faults) {
      const fault = codeFault(code);
      // The letter O is in no code at all.
      expect(fault, code).toEqual({ kind: code === "9115O" ? "character" : kind, n });
    }
  });

  it("finds every single slip, and neighbours in the wrong order", () => {
    const good = "9144030071526726XG";
    for (let at = 0; at < good.length; at++) {
      for (const other of "0123456789ABCDEFGHJKLMNPQRTUWXY") if (other !== good[at]) expect(codeFault(good.slice(0, at) + other + good.slice(at + 1))).toBeDefined();
      if (at > 0 && good[at - 1] !== good[at]) expect(codeFault(good.slice(0, at - 1) + good[at] + good[at - 1] + good.slice(at + 1))).toBeDefined();
    }
  });
});
