import { describe, expect, it } from "vitest";

import { fen } from "@/shared/decimal";

import { amountOf, type Bidder, isFar, judgeBidder, judgePrice, marginOf, nearest, standing, stepped, verdictOf } from "./judge";
import type { Auction, Lot } from "./lot";

const lot: Lot = { code: "1", quantity: "20", status: "running", best: undefined, leader: undefined, end: 0, accepted: 0, rejected: 0 };
const sale: Auction = {
  id: 1, title: "", side: "sale", format: "open", initiator: "NRE", product: "PrNd-metal", unit: "t", status: "running", opens: 0, closes: 0,
  suspendedAt: undefined, reason: "",
  terms: { start: fen("565000.00"), limit: fen("575000.00"), step: fen("500.00"), maxStep: fen("1000.00"), countdownMs: 180_000, countdownFrom: "opening", consecutive: false, rate: 200_000n, eligible: undefined },
  lots: [lot],
  attachments: [],
};
const bidder: Bidder = { member: "B1", alias: "#1", available: fen("3000000.00") };
const led = { ...lot, best: fen("566000.00"), leader: "#2" };

// Protects that what the pad says before a bid is what the rule book says after it.
describe("what a bid will come to", () => {
  it.each([
    ["565000.00", lot, "ok"],
    ["565100.00", lot, "off_step"],
    ["564500.00", lot, "not_better"],
    ["566500.00", lot, "above_max_step"],
    ["566000.00", led, "not_better"],
    ["566500.00", led, "ok"],
    ["567500.00", led, "above_max_step"],
    ["575500.00", { ...lot, best: fen("575000.00"), leader: "#2" }, "beyond_limit"],
  ] as const)("%s", (price, on, reason) => {
    expect(judgePrice(sale, on, bidder, fen(price)).reason).toBe(reason);
  });

  it.each([
    ["off_step", { step: "500.00", start: "565000.00" }, { reason: "off_step", step: 50_000n, start: 56_500_000n }],
    ["not_better", { than: "566000.00", is_bid: true }, { reason: "not_better", than: 56_600_000n, isBid: true }],
    ["not_better", { than: "565000.00", is_bid: false }, { reason: "not_better", than: 56_500_000n, isBid: false }],
    ["above_max_step", { reference: "566000.00", max_step: "1000.00" }, { reason: "above_max_step", reference: 56_600_000n, maxStep: 100_000n }],
    ["beyond_limit", { limit: "575000.00" }, { reason: "beyond_limit", limit: 57_500_000n }],
    ["insufficient_margin", { needs: "2260000.00", has: "2000000.00" }, { reason: "insufficient_margin", needs: 226_000_000n, has: 200_000_000n }],
    ["insufficient_margin", { needs: "2260000.00" }, { reason: "insufficient_margin", needs: 226_000_000n, has: undefined }],
    ["above_given_limit", { most: "500000.00" }, { reason: "above_given_limit", most: 50_000_000n }],
    ["frozen", undefined, undefined],
  ])("is read from what the exchange said: %s", (reason, figures, verdict) => {
    expect(verdictOf(reason, figures)).toEqual(verdict);
  });

  it("turns round in a procurement", () => {
    const procurement: Auction = { ...sale, side: "procurement", terms: { ...sale.terms, limit: fen("555000.00") } };
    expect(judgePrice(procurement, led, bidder, fen("565500.00")).reason).toBe("ok");
    expect(judgePrice(procurement, led, bidder, fen("566500.00")).reason).toBe("not_better");
    expect(stepped(procurement, led, 2)).toBe(fen("565000.00"));
  });

  it("holds a bid against what the manager lets it come to", () => {
    const most = amountOf(lot, fen("565000.00"));
    expect(judgePrice(sale, lot, { ...bidder, most }, fen("565000.00")).reason).toBe("ok");
    expect(judgePrice(sale, lot, { ...bidder, most: most - 1n }, fen("565000.00")).reason).toBe("above_given_limit");
  });

  it("knows what is held on this very lot", () => {
    const poor = { ...bidder, available: fen("2000.00") };
    expect(judgePrice(sale, led, poor, fen("566500.00")).reason).toBe("insufficient_margin");
    const leading = { ...led, leader: "#1" };
    expect(judgePrice({ ...sale, terms: { ...sale.terms, consecutive: true } }, leading, poor, fen("566500.00")).reason).toBe("ok");
    expect(marginOf(sale, lot, fen("566500.00"))).toBe(fen("2266000.00"));
  });

  it("judges the bidder before the price", () => {
    expect(judgeBidder(sale, lot, bidder, false).reason).toBe("not_open");
    expect(judgeBidder(sale, lot, { ...bidder, member: "NRE" }, true).reason).toBe("own_auction");
    expect(judgeBidder({ ...sale, terms: { ...sale.terms, eligible: ["B2"] } }, lot, bidder, true).reason).toBe("not_eligible");
    expect(judgeBidder(sale, { ...led, leader: "#1" }, bidder, true).reason).toBe("consecutive_bid");
  });

  it("steps from the start, and no further than the limit", () => {
    expect(stepped(sale, lot, 1)).toBe(fen("565000.00"));
    expect(stepped(sale, led, 1)).toBe(fen("566500.00"));
    expect(stepped(sale, { ...led, best: fen("574500.00") }, 2)).toBe(fen("575000.00"));
    expect(isFar(sale, led, fen("575000.00"))).toBe(true);
    expect(isFar(sale, led, fen("567000.00"))).toBe(false);
  });
});

// Protects the prices that the pad offers where one's own cannot be: each can be bid, and they are the nearest.
describe("the nearest prices that can be", () => {
  it.each([
    ["between two steps", sale, lot, "565600.00", ["565500.00", "566000.00"]],
    ["below the best price", sale, led, "565000.00", ["566500.00"]],
    ["beyond the largest step", sale, led, "570000.00", ["567000.00"]],
    ["beyond the limit", sale, { ...lot, best: fen("574500.00"), leader: "#2" }, "580000.00", ["575000.00"]],
    ["at the end", sale, { ...lot, best: fen("575000.00"), leader: "#2" }, "580000.00", []],
  ] as const)("%s", (_, auction, on, price, expected) => {
    const found = nearest(auction, on, fen(price));
    expect(found).toEqual(expected.map(fen));
    for (const one of found) expect(judgePrice(auction, on, { ...bidder, available: undefined }, one).reason).toBe("ok");
  });

  it("turns round in a procurement", () => {
    const procurement: Auction = { ...sale, side: "procurement", terms: { ...sale.terms, limit: fen("555000.00") } };
    expect(nearest(procurement, led, fen("565250.00"))).toEqual([fen("565500.00"), fen("565000.00")]);
    expect(nearest(procurement, led, fen("540000.00"))).toEqual([fen("565000.00")]);
  });
});

// Protects what one is told of a lot: also who comes when the hammer has fallen.
it.each([
  ["leading", { ...led, leader: "#1" }, "#1", false, "leading"],
  ["overtaken", led, "#1", false, "overtaken"],
  ["a stranger", led, undefined, false, undefined],
  ["won", { ...led, status: "sold", leader: "#1" }, "#1", false, "won"],
  ["won, as an answer has it", { ...led, status: "sold", leader: "you" }, undefined, false, "won"],
  ["lost", { ...led, status: "sold" }, "#1", false, "lost"],
  ["a sealed bid", { ...lot, best: undefined }, undefined, true, "bid"],
  ["a sealed lot lost", { ...led, status: "sold" }, undefined, true, "lost"],
  ["nobody won", { ...lot, status: "unsold" }, "#1", false, undefined],
] as const)("one stands in a lot: %s", (_, on, alias, sealed, expected) => {
  expect(standing(on, { ...bidder, alias }, sealed)).toBe(expected);
});
