import { expect, it } from "vitest";

import { movements } from "./movements";

const posting = (sequence: number | null, account: string, amount: string, kind: string) => ({ sequence, at: sequence ? "2026-01-09T02:00:00Z" : null, account, amount, cause: { kind } });

// Protects a list of money that can be read: each movement once, and what comes of it for what one can use.
it("shows each movement once", () => {
  const found = movements([
    posting(null, "sealed_margin", "7.00", "sealed_bids_held"),
    posting(null, "available", "-7.00", "sealed_bids_held"),
    posting(9, "contract_margin", "5.00", "awarded"),
    posting(9, "bid_margin", "-5.00", "awarded"),
    posting(8, "available", "4.00", "bid_released"),
    posting(8, "bid_margin", "-4.00", "bid_released"),
    posting(8, "bid_margin", "5.00", "bid_held"),
    posting(8, "available", "-5.00", "bid_held"),
    posting(1, "available", "100.00", "deposit"),
  ]);
  expect(found.map((one) => [one.cause.kind, one.amount])).toEqual([["sealed_bids_held", -700n], ["awarded", 0n], ["bid_released", 400n], ["bid_held", -500n], ["deposit", 10_000n]]);
  expect(found.reduce((sum, one) => sum + one.amount, 0n)).toBe(9_200n);
  expect(new Set(found.map((one) => one.key)).size).toBe(found.length);
});
