import { describe, expect, it } from "vitest";

import type { Auction, Rung } from "./lot";
import { pathOf, tickStep } from "./path";

const room = { left: 60, right: 360, top: 10, bottom: 110 };
const auction = (side: "sale" | "procurement", limit?: bigint) => ({ side, terms: { start: 62_000_000n, step: 50_000n, limit } }) as unknown as Auction;
const rung = (sequence: number, price: bigint, bidder = "#1"): Rung => ({ sequence, at: `2026-01-09T02:00:0${sequence % 10}Z`, price, bidder }) as Rung;

// Protects what a trader reads off the chart: each line is a price that can be bid, each label stands once, no bid is no line.
describe("the price path", () => {
  it("has round multiples of the step as lines", () => {
    expect(tickStep(200_000n, 50_000n)).toBe(50_000n);
    expect(tickStep(1_000_000n, 50_000n)).toBe(250_000n);
    expect(tickStep(10_000_000n, 50_000n)).toBe(2_500_000n);
    for (const of of [auction("sale"), auction("procurement"), auction("sale", 64_000_000n)]) {
      for (const steps of [0, 1, 3, 30, 400]) {
        const up = of.side === "sale" ? 1n : -1n;
        const rungs = Array.from({ length: steps }, (_, at) => rung(at, 62_000_000n + up * BigInt(at) * 50_000n)).reverse();
        const { ticks } = pathOf(of, rungs, undefined, room);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(new Set(ticks.map((one) => one.price)).size).toBe(ticks.length);
        for (const { price, y } of ticks) {
          expect((price - 62_000_000n) % 50_000n).toBe(0n);
          expect(y).toBeGreaterThanOrEqual(room.top);
          expect(y).toBeLessThanOrEqual(room.bottom);
        }
      }
    }
  });

  it("draws nothing where nobody has bid", () => {
    const shape = pathOf(auction("sale"), [], undefined, room);
    expect([shape.line, shape.last, shape.times]).toEqual(["", undefined, []]);
  });

  it("gives each bid the same width, however fast they came, and marks one's own", () => {
    const shape = pathOf(auction("sale"), [rung(3, 62_100_000n), rung(2, 62_050_000n, "#2"), rung(1, 62_000_000n)], "#2", room);
    const [first, second, third] = shape.dots;
    expect(second!.x - first!.x).toBeCloseTo(third!.x - second!.x);
    expect(first!.x).toBeGreaterThan(room.left);
    expect(third!.x).toBeLessThan(room.right);
    expect(shape.dots.map((one) => one.own)).toEqual([false, true, false]);
    expect(shape.times.map((one) => one.at)).toEqual(["2026-01-09T02:00:01Z", "2026-01-09T02:00:03Z"]);
  });

  it("shows a limit once it is near, and only then", () => {
    expect(pathOf(auction("sale", 62_300_000n), [rung(1, 62_150_000n)], undefined, room).limit).toBeDefined();
    expect(pathOf(auction("sale", 70_000_000n), [rung(1, 62_050_000n)], undefined, room).limit).toBeUndefined();
  });
});
