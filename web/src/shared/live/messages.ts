/** What comes over the feed. The data are typed by the exchange's own document. */

import type { components } from "../api/schema";

type Schemas = components["schemas"];

export type AuctionHead = Schemas["AuctionHead"];
export type AuctionView = Schemas["AuctionView"];
export type LotView = Schemas["LotView"];
export type FeedBid = Schemas["FeedBid"];
export type FeedMe = Schemas["FeedMe"];
export type FeedFunds = Schemas["FeedFunds"];
export type FeedAlias = Schemas["FeedAlias"];
export type FeedSealedBid = Schemas["FeedSealedBid"];
export type FeedOvertaken = Schemas["FeedOvertaken"];
export type FeedReleased = Schemas["FeedReleased"];
export type FeedAwarded = Schemas["FeedAwarded"];

/** A message of a channel. */
export interface Message {
  channel: string;
  sequence: number;
  previous: number | null;
  kind: string;
  data: unknown;
}

/** What of a message is looked at before it is believed. */
export interface Raw {
  channel?: string;
  sequence?: number;
  previous?: number | null;
  kind?: string;
  reason?: string;
  detail?: string;
  data?: unknown;
}
