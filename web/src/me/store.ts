/** What concerns one's own member, live: money, aliases, what was overtaken, won or released. */

import { defineStore } from "pinia";
import { reactive, ref } from "vue";

import { answer, api, persist } from "@/shared/api/client";
import { fen } from "@/shared/decimal";
import type { FeedAlias, FeedAwarded, FeedFunds, FeedMe, FeedOvertaken, FeedReleased, FeedSealedBid, Message } from "@/shared/live/messages";
import { useLive } from "@/shared/live/store";
import { useSession } from "@/shared/session";

export interface SealedBid {
  price: bigint;
  margin: bigint;
  at: string;
}

/** Something that concerns one's member, for whoever shows it. */
export type News =
  | { kind: "overtaken"; data: FeedOvertaken }
  | { kind: "awarded"; data: FeedAwarded }
  | { kind: "released"; data: FeedReleased };

export const useMe = defineStore("me", () => {
  const available = ref<bigint>();
  const held = ref<bigint>();
  /** Above this total a bid is asked once more. */
  const limit = ref<bigint>();
  /** What one bid may come to at the most, as one's manager says. */
  const given = ref<bigint>();
  /** Whether both are known: until then a bid is asked once more, since there may be limits. */
  const limitKnown = ref(false);
  let readings = 0;
  const aliases = reactive(new Map<string, string>());
  /** Those of lots that have ended, as answers about single auctions said them. */
  const past = reactive(new Map<string, string>());
  const sealed = reactive(new Map<string, SealedBid>());
  /** Lots where somebody else has taken the lead from us, with the price that did. */
  const overtaken = reactive(new Map<string, bigint>());
  const readers = new Set<(news: News) => void>();
  /** What was told already: after a reconnection a message may come twice. */
  const told = new Set<string>();
  const TOLD_MOST = 500;
  /** Changes whenever something of ours happened, so that lists ask anew. */
  const changes = ref(0);
  /** The last message that says that there may be new notices, or that some were read. */
  const noticed = ref(0);
  /** The last message that says that one may follow other announcements; 0: none came. */
  const followedAt = ref(0);
  let leave: (() => void) | undefined;

  const place = (of: { auction: number; lot: string }) => `${of.auction}/${of.lot}`;

  function funds(of: FeedFunds): void {
    available.value = fen(of.available);
    held.value = fen(of.held);
  }

  function seal(of: FeedSealedBid): void {
    sealed.set(place(of), { price: fen(of.price), margin: fen(of.margin), at: of.at });
  }

  function tell(news: News, sequence: number): void {
    const key = `${news.kind}/${place(news.data)}/${sequence}`;
    if (told.has(key)) return;
    told.add(key);
    for (const oldest of told) if (told.size > TOLD_MOST) told.delete(oldest); else break;
    changes.value += 1;
    for (const reader of readers) reader(news);
  }

  function take(message: Message): void {
    switch (message.kind) {
      case "snapshot": {
        const me = message.data as FeedMe;
        funds(me.funds);
        aliases.clear();
        for (const one of me.aliases) aliases.set(place(one), one.alias);
        sealed.clear();
        me.sealed_bids.forEach(seal);
        changes.value += 1;
        noticed.value = followedAt.value = message.sequence;
        // What was changed elsewhere while nothing was heard.
        if (useSession().role === "trader") readLimit().catch(console.warn);
        break;
      }
      case "followed":
        followedAt.value = message.sequence;
        break;
      case "notices":
        noticed.value = message.sequence;
        break;
      case "funds":
        funds(message.data as FeedFunds);
        break;
      case "alias":
        aliases.set(place(message.data as FeedAlias), (message.data as FeedAlias).alias);
        break;
      case "sealed_bid":
        seal(message.data as FeedSealedBid);
        break;
      case "overtaken": {
        const data = message.data as FeedOvertaken;
        overtaken.set(place(data), fen(data.price));
        tell({ kind: "overtaken", data }, message.sequence);
        break;
      }
      case "awarded":
        tell({ kind: "awarded", data: message.data as FeedAwarded }, message.sequence);
        break;
      case "released":
        tell({ kind: "released", data: message.data as FeedReleased }, message.sequence);
        break;
    }
  }

  function watch(): void {
    const session = useSession();
    if (leave || session.user === undefined || session.isStaff) return;
    leave = useLive().subscribe("me", take);
  }

  /** Reads one's limits anew, until they are there; what is known meanwhile stays. The last one who asks has the answer. */
  async function readLimit(): Promise<void> {
    const session = useSession();
    const [mine, login] = [++readings, session.user?.login];
    const isOver = () => mine !== readings || session.user?.login !== login;
    const { bid_amount_max, given_max } = await persist(async () => answer(await api.GET("/api/v1/limits")), isOver);
    if (isOver()) return;
    limit.value = bid_amount_max == null ? undefined : fen(bid_amount_max);
    given.value = given_max == null ? undefined : fen(given_max);
    limitKnown.value = true;
  }

  /** Takes over which alias one had in a lot; the channel names those of auctions that have not ended alone. */
  function had(auction: number, lot: string, alias: string): void {
    past.set(place({ auction, lot }), alias);
  }

  function onNews(reader: (news: News) => void): () => void {
    readers.add(reader);
    return () => readers.delete(reader);
  }

  function forget(): void {
    leave?.();
    leave = undefined;
    available.value = held.value = limit.value = given.value = undefined;
    limitKnown.value = false;
    aliases.clear();
    past.clear();
    sealed.clear();
    overtaken.clear();
    told.clear();
    noticed.value = followedAt.value = 0;
  }

  const alias = (auction: number, lot: string) => aliases.get(`${auction}/${lot}`) ?? past.get(`${auction}/${lot}`);
  return { available, held, limit, given, limitKnown, readLimit, aliases, sealed, overtaken, changes, noticed, followedAt, alias, had, watch, onNews, forget };
});
