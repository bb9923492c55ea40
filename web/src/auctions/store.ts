/** The auctions that are on screen, live: each is read over the feed while someone looks at it. */

import { defineStore } from "pinia";
import { computed, reactive, ref, shallowReactive } from "vue";

import { answer, api } from "@/shared/api/client";
import { explain } from "@/shared/explain";
import { perFrame } from "@/shared/live/frame";
import type { AuctionHead, AuctionView, FeedBid, LotView, Message } from "@/shared/live/messages";
import { useLive } from "@/shared/live/store";

import { type Auction, applyBid, auctionOf, type Head, headOf, lotOf, type Rung, rungOf } from "./lot";

/** How many rungs of a ladder are kept while it is looked at: the newest, one page of them. */
const RUNGS_MOST = 500;

interface Watched {
  watchers: number;
  leave: () => void;
}

export const useAuctions = defineStore("auctions", () => {
  const live = useLive();
  const auctions = reactive(new Map<number, Auction>());
  /** Accepted bids by auction and lot, newest first. A ladder is replaced and never changed: nothing of it is followed one by one. */
  const ladders = shallowReactive(new Map<string, Rung[]>());
  /** Ladders that could not be read, and why: what is shown of them is not all. */
  const unread = shallowReactive(new Map<string, string>());
  /** Ladders that were read; until then they hold what the feed said meanwhile, and that is not all. */
  const whole = shallowReactive(new Set<string>());
  const watched = new Map<number, Watched>();
  /** The status of every auction that is published and has not ended. */
  const market = shallowReactive(new Map<number, Head>());
  const marketKnown = ref(false);
  let leaveMarket: (() => void) | undefined;

  const running = computed(() =>
    [...market.values()].filter((one) => one.status === "running" || one.status === "suspended").sort((a, b) => a.closes - b.closes || a.id - b.id),
  );
  const coming = computed(() => [...market.values()].filter((one) => one.status === "published").sort((a, b) => a.opens - b.opens || a.id - b.id));

  function place(id: number, lot: string): string {
    return `${id}/${lot}`;
  }

  /**
   * Bids that came and are not yet shown: they are taken once a frame, since a lot may be bid for a hundred times a
   * second and nobody sees more than one price a frame.
   */
  let bids: { id: number; bid: FeedBid; sequence: number }[] = [];
  const bidsSoon = perFrame(takeBids);
  /** The last bid that was counted, by auction and lot: after a reconnection one may come twice. */
  const last = new Map<string, number>();

  function takeBids(): void {
    const came = bids;
    bids = [];
    const rungs = new Map<string, Rung[]>();
    for (const { id, bid, sequence } of came) {
      const lot = auctions.get(id)?.lots.find((one) => one.code === bid.lot);
      if (!lot) continue;
      const key = place(id, bid.lot);
      const isNew = sequence > (last.get(key) ?? 0);
      if (isNew) last.set(key, sequence);
      applyBid(lot, bid, isNew);
      const known = rungs.get(key) ?? [];
      // A ladder that was read meanwhile may have it already.
      if (sequence > (known[0]?.sequence ?? ladders.get(key)?.[0]?.sequence ?? 0)) rungs.set(key, [rungOf(bid, sequence), ...known]);
    }
    for (const [key, newest] of rungs) {
      const ladder = ladders.get(key);
      if (ladder) ladders.set(key, [...newest, ...ladder].slice(0, RUNGS_MOST));
    }
  }

  function take(id: number, message: Message): void {
    if (message.kind === "bid") {
      bids.push({ id, bid: message.data as FeedBid, sequence: message.sequence });
      bidsSoon();
      return;
    }
    // What came before this is taken before it.
    takeBids();
    if (message.kind === "snapshot") {
      auctions.set(id, auctionOf(message.data as AuctionView));
      for (const key of ladders.keys()) if (key.startsWith(`${id}/`)) void fill(id, key.slice(key.indexOf("/") + 1));
      return;
    }
    const auction = auctions.get(id);
    if (!auction) return;
    if (message.kind === "lot") {
      const view = message.data as LotView;
      const at = auction.lots.findIndex((one) => one.code === view.code);
      if (at >= 0) auction.lots[at] = lotOf(view);
    } else if (message.kind === "auction") Object.assign(auction, headOf(message.data as AuctionHead));
  }

  /** Reads an auction live until the function that comes back is called. */
  function watch(id: number): () => void {
    let entry = watched.get(id);
    if (!entry) watched.set(id, (entry = { watchers: 0, leave: live.subscribe(`auctions/${id}`, (message) => take(id, message)) }));
    entry.watchers += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      entry.watchers -= 1;
      if (entry.watchers > 0) return;
      watched.delete(id);
      entry.leave();
      auctions.delete(id);
      for (const of of [ladders, unread, whole, last]) for (const key of [...of.keys()]) if (key.startsWith(`${id}/`)) of.delete(key);
    };
  }

  /** Fetches the last accepted bids of a lot; what comes over the feed meanwhile is kept. */
  async function fill(id: number, code: string): Promise<void> {
    const key = place(id, code);
    if (!ladders.has(key)) ladders.set(key, []);
    try {
      const params = { path: { id, code }, query: { order: "newest", limit: RUNGS_MOST } };
      const { items } = answer(await api.GET("/api/v1/auctions/{id}/lots/{code}/bids", { params }));
      const known = ladders.get(key);
      if (!known) return;
      const merged = new Map(items.map((bid) => [bid.sequence, rungOf({ ...bid, bidder: bid.own ? "you" : bid.bidder }, bid.sequence)]));
      for (const rung of known) if (!merged.has(rung.sequence)) merged.set(rung.sequence, rung);
      ladders.set(key, [...merged.values()].sort((a, b) => b.sequence - a.sequence).slice(0, RUNGS_MOST));
      whole.add(key);
      unread.delete(key);
    } catch (cause) {
      if (ladders.has(key)) unread.set(key, explain(cause));
    }
  }

  /** The accepted bids of a lot, newest first; undefined while they are not known yet. */
  function ladder(id: number, code: string): Rung[] | undefined {
    const key = place(id, code);
    return whole.has(key) ? ladders.get(key) : undefined;
  }
  function ladderFailure(id: number, code: string): string | undefined {
    return unread.get(place(id, code));
  }

  /** What the market said and is not yet shown: when a market opens, hundreds of auctions change in one frame. */
  let heads: Head[] = [];
  const headsSoon = perFrame(() => {
    const came = heads;
    heads = [];
    for (const head of came) {
      if (["published", "running", "suspended"].includes(head.status)) market.set(head.id, head);
      else market.delete(head.id);
    }
  });

  /** Reads the market's status from now on; once for the whole app. */
  function watchMarket(): void {
    leaveMarket ??= live.subscribe("market", (message) => {
      if (message.kind === "snapshot") {
        heads = [];
        market.clear();
        for (const head of (message.data as { auctions: AuctionHead[] }).auctions) market.set(head.id, headOf(head));
        marketKnown.value = true;
      } else if (message.kind === "auction") {
        heads.push(headOf(message.data as AuctionHead));
        headsSoon();
      }
    });
  }

  function forget(): void {
    for (const entry of watched.values()) entry.leave();
    watched.clear();
    leaveMarket?.();
    leaveMarket = undefined;
    bids = [];
    heads = [];
    auctions.clear();
    ladders.clear();
    unread.clear();
    whole.clear();
    last.clear();
    market.clear();
    marketKnown.value = false;
  }

  return { auctions, market, marketKnown, running, coming, watch, watchMarket, fill, ladder, ladderFailure, forget };
});
