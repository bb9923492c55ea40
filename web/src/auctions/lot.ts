/** A lot and its auction as the app holds them: figures as whole numbers, times in milliseconds. */

import type { Schemas } from "@/shared/api/client";
import { fen, millionths } from "@/shared/decimal";
import type { AuctionView, FeedBid, LotView } from "@/shared/live/messages";

export type Side = "sale" | "procurement";
export type Attachment = Schemas["Attachment"];

/** An accepted bid of the ladder. */
export interface Rung {
  sequence: number;
  /** When: as it is shown, and in milliseconds. */
  at: string;
  time: number;
  price: bigint;
  bidder: string;
}

/** Reads an accepted bid of the wire. */
export function rungOf(bid: { at: string; price: string; bidder: string }, sequence: number): Rung {
  return { sequence, at: bid.at, time: Date.parse(bid.at), price: fen(bid.price), bidder: bid.bidder };
}

export interface Lot {
  code: string;
  quantity: string;
  status: string;
  best: bigint | undefined;
  leader: string | undefined;
  end: number;
  accepted: number | undefined;
  rejected: number | undefined;
  /** Why it was annulled. */
  annulled?: string | undefined;
}

export interface Terms {
  start: bigint;
  limit: bigint | undefined;
  step: bigint;
  maxStep: bigint | undefined;
  countdownMs: number;
  countdownFrom: string;
  consecutive: boolean;
  rate: bigint;
  eligible: string[] | undefined;
}

export interface Auction {
  id: number;
  title: string;
  side: Side;
  format: string;
  initiator: string;
  product: string;
  unit: string;
  status: string;
  opens: number;
  closes: number;
  suspendedAt: number | undefined;
  reason: string;
  terms: Terms;
  lots: Lot[];
  /** What comes with it. */
  attachments: Attachment[];
}

/** What one knows of an auction without looking into it. */
export type Head = Omit<Auction, "terms" | "lots" | "attachments">;

/** Reads a lot of the wire. */
export function lotOf(view: LotView): Lot {
  return {
    code: view.code,
    quantity: view.quantity,
    status: view.status,
    best: view.best_price == null ? undefined : fen(view.best_price),
    leader: view.leader ?? undefined,
    end: Date.parse(view.end),
    accepted: view.accepted ?? undefined,
    rejected: view.rejected ?? undefined,
    annulled: view.annulled ?? undefined,
  };
}

function seconds(duration: string): number {
  const unit = { s: 1, m: 60, h: 3600 }[duration.slice(-1)] ?? 1;
  return Number(duration.slice(0, -1)) * unit;
}

/** Reads an auction of the wire. */
export function auctionOf(view: AuctionView): Auction {
  const bidding = view.bidding;
  return {
    ...headOf(view),
    terms: {
      start: fen(bidding.start_price),
      limit: bidding.limit_price == null ? undefined : fen(bidding.limit_price),
      step: fen(bidding.step),
      maxStep: bidding.max_step == null ? undefined : fen(bidding.max_step),
      countdownMs: seconds(bidding.countdown) * 1000,
      countdownFrom: bidding.countdown_from,
      consecutive: bidding.consecutive,
      rate: millionths(bidding.margin_rate),
      eligible: bidding.eligible ?? undefined,
    },
    lots: view.lots.map(lotOf),
    attachments: view.attachments,
  };
}

/** What a message about an auction's status says. */
export function headOf(head: Omit<AuctionView, "bidding" | "lots" | "attachments">): Head {
  return {
    id: head.id,
    title: head.title,
    side: head.side as Side,
    format: head.format,
    initiator: head.initiator,
    product: head.product,
    unit: head.unit,
    status: head.status,
    opens: Date.parse(head.opens),
    closes: Date.parse(head.closes),
    suspendedAt: head.suspended_at == null ? undefined : Date.parse(head.suspended_at),
    reason: head.reason,
  };
}

/** What a bid changes of its lot. Taken twice it changes nothing more. */
export function applyBid(lot: Lot, bid: FeedBid, isNew: boolean): void {
  lot.best = fen(bid.price);
  lot.leader = bid.bidder;
  lot.end = Date.parse(bid.end);
  lot.status = "running";
  if (isNew && lot.accepted !== undefined) lot.accepted += 1;
}

/** Whether the lot takes bids at this instant, as far as it is known here. */
export function isOpen(auction: Auction, lot: Lot, now: number): boolean {
  return auction.status === "running" && lot.status === "running" && now >= auction.opens && now < lot.end;
}

/** The lot that is still to end and ends first; else the first. */
export function firstToEnd(auction: Auction): Lot | undefined {
  const running = auction.lots.filter((lot) => lot.status === "running" || lot.status === "waiting");
  return running.reduce<Lot | undefined>((first, lot) => (!first || lot.end < first.end ? lot : first), undefined)
    ?? auction.lots[0];
}
