/** The auctions that are on screen, live: each is read over the feed while someone looks at it. */

import { defineStore } from "pinia";
import { computed, reactive, ref } from "vue";

import { answer, api } from "@/shared/api/client";
import { fen } from "@/shared/decimal";
import type { AuctionHead, AuctionView, FeedBid, LotView, Message } from "@/shared/live/messages";
import { useLive } from "@/shared/live/store";

import { type Auction, applyBid, auctionOf, headOf, lotOf, type Rung } from "./lot";

/** How many rungs of a ladder are kept while it is looked at. */
const RUNGS_MOST = 500;
const PAGE = 200;

interface Watched {
  watchers: number;
  leave: () => void;
}

export const useAuctions = defineStore("auctions", () => {
  const live = useLive();
  const auctions = reactive(new Map<number, Auction>());
  /** Accepted bids by auction and lot, newest first. */
  const ladders = reactive(new Map<string, Rung[]>());
  const watched = new Map<number, Watched>();
  /** The status of every auction that is published and has not ended. */
  const market = reactive(new Map<number, Omit<Auction, "terms" | "lots">>());
  const marketKnown = ref(false);
  let leaveMarket: (() => void) | undefined;

  const running = computed(() =>
    [...market.values()].filter((one) => one.status === "running" || one.status === "suspended").sort((a, b) => a.closes - b.closes || a.id - b.id),
  );
  const coming = computed(() => [...market.values()].filter((one) => one.status === "published").sort((a, b) => a.opens - b.opens || a.id - b.id));

  function place(id: number, lot: string): string {
    return `${id}/${lot}`;
  }

  function take(id: number, message: Message): void {
    if (message.kind === "snapshot") {
      auctions.set(id, auctionOf(message.data as AuctionView));
      for (const key of ladders.keys()) if (key.startsWith(`${id}/`)) void fill(id, key.slice(key.indexOf("/") + 1));
      return;
    }
    const auction = auctions.get(id);
    if (!auction) return;
    if (message.kind === "bid") {
      const bid = message.data as FeedBid;
      const lot = auction.lots.find((one) => one.code === bid.lot);
      if (!lot) return;
      const ladder = ladders.get(place(id, bid.lot));
      const isNew = !last.get(place(id, bid.lot)) || message.sequence > last.get(place(id, bid.lot))!;
      last.set(place(id, bid.lot), message.sequence);
      applyBid(lot, bid, isNew);
      if (ladder && !ladder.some((rung) => rung.sequence === message.sequence)) {
        ladder.unshift({ sequence: message.sequence, at: bid.at, price: fen(bid.price), bidder: bid.bidder });
        if (ladder.length > RUNGS_MOST) ladder.pop();
      }
    } else if (message.kind === "lot") {
      const view = message.data as LotView;
      const at = auction.lots.findIndex((one) => one.code === view.code);
      if (at >= 0) auction.lots[at] = lotOf(view);
    } else if (message.kind === "auction") Object.assign(auction, headOf(message.data as AuctionHead));
  }
  /** The last bid that was counted, by auction and lot: after a reconnection one may come twice. */
  const last = new Map<string, number>();

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
      for (const key of [...ladders.keys()]) if (key.startsWith(`${id}/`)) ladders.delete(key);
    };
  }

  /** Fetches the accepted bids of a lot; what comes over the feed meanwhile is kept. */
  async function fill(id: number, code: string): Promise<void> {
    const key = place(id, code);
    if (!ladders.has(key)) ladders.set(key, []);
    const found: Rung[] = [];
    let after = 0;
    for (let page = 0; page < 20; page += 1) {
      const params = { path: { id, code }, query: { after, limit: PAGE } };
      const read = answer(await api.GET("/api/v1/auctions/{id}/lots/{code}/bids", { params }));
      for (const bid of read.items) found.push({ sequence: bid.sequence, at: bid.at, price: fen(bid.price), bidder: bid.own ? "you" : bid.bidder });
      if (read.next == null) break;
      after = read.next;
    }
    const known = ladders.get(key);
    if (!known) return;
    const merged = new Map(known.map((rung) => [rung.sequence, rung]));
    for (const rung of found) merged.set(rung.sequence, rung);
    ladders.set(key, [...merged.values()].sort((a, b) => b.sequence - a.sequence).slice(0, RUNGS_MOST));
  }

  function ladder(id: number, code: string): Rung[] {
    return ladders.get(place(id, code)) ?? [];
  }

  /** Reads the market's status from now on; once for the whole app. */
  function watchMarket(): void {
    leaveMarket ??= live.subscribe("market", (message) => {
      if (message.kind === "snapshot") {
        market.clear();
        for (const head of (message.data as { auctions: AuctionHead[] }).auctions) market.set(head.id, headOf(head));
        marketKnown.value = true;
      } else if (message.kind === "auction") {
        const head = headOf(message.data as AuctionHead);
        if (["published", "running", "suspended"].includes(head.status)) market.set(head.id, head);
        else market.delete(head.id);
      }
    });
  }

  function forget(): void {
    for (const entry of watched.values()) entry.leave();
    watched.clear();
    leaveMarket?.();
    leaveMarket = undefined;
    auctions.clear();
    ladders.clear();
    market.clear();
    marketKnown.value = false;
  }

  return { auctions, market, marketKnown, running, coming, watch, watchMarket, fill, ladder, forget };
});
