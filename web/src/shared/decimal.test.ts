import { describe, expect, it } from "vitest";

import { amount, fen, margin, parse, parseTyped, wire } from "./decimal";
import { change, countdown, money, percent, price } from "./format";

// Protects money: no value passes through a float, and margins round as the rule book says.
describe("decimals", () => {
  it("reads and writes what the wire says", () => {
    for (const text of ["0.00", "0.01", "565000.00", "9999999999999.99", "-12.30"]) expect(wire(fen(text))).toBe(text);
    for (const text of ["", "+1", "1e3", "01", "1.", ".5", "1.001"]) expect(parse(text, 2)).toBeUndefined();
  });

  it("understands what people type", () => {
    expect(parseTyped("568,500", 2)).toBe(56_850_000n);
    expect(parseTyped(" ５６８５００ ", 2)).toBe(56_850_000n);
    expect(parseTyped("568500.", 2)).toBe(56_850_000n);
    expect(parseTyped("-1", 2)).toBeUndefined();
  });

  it("rounds a margin half up, once", () => {
    expect(margin(fen("565500.00"), 20_000_000n, 200_000n)).toBe(fen("2262000.00"));
    expect(margin(1n, 500_000n, 1_000_000n)).toBe(1n);
    expect(margin(1n, 499_999n, 1_000_000n)).toBe(0n);
    expect(amount(fen("568000.00"), 20_000_000n)).toBe(fen("11360000.00"));
  });

  it("writes numbers as the trade does", () => {
    expect(money(-123_456_789n)).toBe("−1,234,567.89");
    expect(price(56_850_000n)).toBe("568,500");
    expect(change(50_000n)).toBe("+500");
    expect(percent(200_000n)).toBe("20 %");
    expect(percent(125_000n)).toBe("12.5 %");
    expect(countdown(134_001)).toBe("2:15");
    expect(countdown(-5)).toBe("0:00");
    expect(countdown(3_723_000)).toBe("1:02:03");
  });
});
