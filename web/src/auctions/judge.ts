/**
 * What the rule book will say to a bid, as far as it can be known before: so that the reason stands where the finger is.
 * The exchange judges; this only explains. The order is that of the rule book.
 */

import type { Figures } from "@/shared/api/problem";
import { amount, fen, margin, millionths } from "@/shared/decimal";

import type { Auction, Lot } from "./lot";

/** Why a bid is not possible, with the figures that explain it. */
export type Verdict =
  | { reason: "ok" }
  | { reason: "not_open" | "own_auction" | "not_eligible" | "consecutive_bid" }
  | { reason: "off_step"; step: bigint; start: bigint }
  | { reason: "not_better"; than: bigint; isBid: boolean }
  | { reason: "above_max_step"; reference: bigint; maxStep: bigint }
  | { reason: "beyond_limit"; limit: bigint }
  | { reason: "insufficient_margin"; needs: bigint; has: bigint | undefined }
  | { reason: "above_given_limit"; most: bigint };

export interface Bidder {
  member: string | undefined;
  /** Its alias in this lot. */
  alias: string | undefined;
  available: bigint | undefined;
  /** What one bid may come to at the most, as its manager says. */
  most?: bigint | undefined;
}

/** What the exchange said to a bid, with its figures; undefined: a reason without any. */
export function verdictOf(reason: string, of: Figures | undefined): Verdict | undefined {
  const at = (text: string | null | undefined) => (text == null ? undefined : fen(text));
  const [step, start, than, reference] = [at(of?.step), at(of?.start), at(of?.than), at(of?.reference)];
  const [maxStep, limit, needs, has, most] = [at(of?.max_step), at(of?.limit), at(of?.needs), at(of?.has), at(of?.most)];
  if (reason === "off_step" && step !== undefined && start !== undefined) return { reason, step, start };
  if (reason === "not_better" && than !== undefined) return { reason, than, isBid: of?.is_bid === true };
  if (reason === "above_max_step" && reference !== undefined && maxStep !== undefined) return { reason, reference, maxStep };
  if (reason === "beyond_limit" && limit !== undefined) return { reason, limit };
  if (reason === "insufficient_margin" && needs !== undefined) return { reason, needs, has };
  if (reason === "above_given_limit" && most !== undefined) return { reason, most };
  return undefined;
}

/** Up in a sale, down in a procurement. */
export function sign(auction: Auction): bigint {
  return auction.side === "sale" ? 1n : -1n;
}

/** What this price would hold. */
export function marginOf(auction: Auction, lot: Lot, price: bigint): bigint {
  return margin(price, millionths(lot.quantity), auction.terms.rate);
}

/** What this price comes to. */
export function amountOf(lot: Lot, price: bigint): bigint {
  return amount(price, millionths(lot.quantity));
}

/** Whether this bidder leads the lot. */
export function leads(lot: Lot, bidder: Bidder): boolean {
  return lot.leader !== undefined && (lot.leader === "you" || lot.leader === bidder.alias);
}

/** How one stands in a lot where one has bid. */
export type Standing = "leading" | "overtaken" | "bid" | "won" | "lost";

/** How one stands in a lot; undefined where one has not bid, or there is nothing to win. `sealed`: whether one has a sealed bid there. */
export function standing(lot: Lot, bidder: Bidder, sealed: boolean): Standing | undefined {
  const first = leads(lot, bidder);
  if (lot.status === "sold") return first ? "won" : bidder.alias !== undefined || sealed ? "lost" : undefined;
  if (lot.status !== "running") return undefined;
  if (first) return "leading";
  if (sealed) return "bid";
  return bidder.alias !== undefined && lot.best !== undefined ? "overtaken" : undefined;
}

/** The prices nearest to this one that can be bid: one on either side, or the end of what is allowed. */
export function nearest(auction: Auction, lot: Lot, price: bigint): bigint[] {
  const { start, step, limit, maxStep } = auction.terms;
  const up = sign(auction);
  const open = auction.format === "open";
  const first = stepped(auction, lot, 1);
  const reference = (open ? lot.best : undefined) ?? start;
  const reach = [
    ...(open && maxStep !== undefined ? [reference + up * ((maxStep / step) * step)] : []),
    ...(limit === undefined ? [] : [start + (limit - start - ((limit - start) % step))]),
  ];
  const last = reach.reduce<bigint | undefined>((a, b) => (a === undefined || up * (b - a) < 0n ? b : a), undefined);
  if ((last !== undefined && up * (last - first) < 0n) || (open && lot.best !== undefined && up * (first - lot.best) <= 0n)) return [];
  const fit = (one: bigint) => (up * (one - first) < 0n ? first : last !== undefined && up * (one - last) > 0n ? last : one);
  const beyond = up * (price - start);
  const past = ((beyond % step) + step) % step;
  const below = price - up * past;
  return [...new Set([fit(below), fit(below + up * step)])];
}

/** Why this member cannot bid here at all now, whatever the price. */
export function judgeBidder(auction: Auction, lot: Lot, bidder: Bidder, open: boolean): Verdict {
  if (!open) return { reason: "not_open" };
  if (bidder.member === auction.initiator) return { reason: "own_auction" };
  if (auction.terms.eligible && bidder.member && !auction.terms.eligible.includes(bidder.member)) return { reason: "not_eligible" };
  if (auction.format === "open" && !auction.terms.consecutive && leads(lot, bidder)) return { reason: "consecutive_bid" };
  return { reason: "ok" };
}

/** Why this price cannot be. */
export function judgePrice(auction: Auction, lot: Lot, bidder: Bidder, price: bigint): Verdict {
  const { start, step, limit, maxStep } = auction.terms;
  const up = sign(auction);
  if ((price - start) % step !== 0n) return { reason: "off_step", step, start };
  const best = auction.format === "sealed" ? undefined : lot.best;
  if (best === undefined && up * (price - start) < 0n) return { reason: "not_better", than: start, isBid: false };
  if (best !== undefined && up * (price - best) <= 0n) return { reason: "not_better", than: best, isBid: true };
  const reference = best ?? start;
  if (auction.format === "open" && maxStep !== undefined && up * (price - reference) > maxStep)
    return { reason: "above_max_step", reference, maxStep };
  if (limit !== undefined && up * (price - limit) > 0n) return { reason: "beyond_limit", limit };
  const needs = marginOf(auction, lot, price);
  const held = leads(lot, bidder) && lot.best !== undefined ? marginOf(auction, lot, lot.best) : 0n;
  if (bidder.available !== undefined && auction.format === "open" && bidder.available + held < needs)
    return { reason: "insufficient_margin", needs, has: bidder.available + held };
  if (bidder.most !== undefined && amountOf(lot, price) > bidder.most) return { reason: "above_given_limit", most: bidder.most };
  return { reason: "ok" };
}

/** The price `steps` steps on from the best price, or from before the start price where there is no bid yet. */
export function stepped(auction: Auction, lot: Lot, steps: number): bigint {
  const { start, step, limit } = auction.terms;
  const up = sign(auction);
  const best = auction.format === "sealed" ? undefined : lot.best;
  const price = best === undefined ? start + up * step * BigInt(steps - 1) : best + up * step * BigInt(steps);
  return limit !== undefined && up * (price - limit) > 0n && (limit - start) % step === 0n ? limit : price;
}

/** Whether a bid is so far from the best price that one is asked once more: more than five steps, or the limit price itself. */
export function isFar(auction: Auction, lot: Lot, price: bigint): boolean {
  const { start, step, limit } = auction.terms;
  const reference = (auction.format === "sealed" ? undefined : lot.best) ?? start;
  const distance = price > reference ? price - reference : reference - price;
  return distance > step * 5n || price === limit;
}
