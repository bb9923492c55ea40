/**
 * Bids under way. A bid has its key before the first try and is kept until it is answered, on this device and across
 * tabs: a lost answer, a reload or a second tab asks again with the same key, and the exchange knows it as the same bid.
 */

import { defineStore } from "pinia";
import { computed, reactive } from "vue";

import { answer, api, keyed, newKey, persist } from "@/shared/api/client";
import { type Figures, Problem } from "@/shared/api/problem";
import { fen, wire } from "@/shared/decimal";
import { useSession } from "@/shared/session";

export interface Pending {
  key: string;
  user: string;
  auction: number;
  lot: string;
  price: string;
  seen?: string;
  /** When it was given, by this device's clock. */
  at: number;
}

/** What became of the last bid in a lot. */
export type Outcome =
  | { kind: "accepted"; price: bigint; sequence: number; seen: bigint | undefined; before: bigint | undefined }
  | { kind: "refused"; price: bigint; reason: string; figures: Figures | undefined; seen: bigint | undefined }
  | { kind: "unknown"; price: bigint };

const PLACE = "bayan.bids";
/** Answers are surely remembered for ten minutes: no older bid is asked again. */
const LASTS_MS = 9 * 60_000;

function kept(): Pending[] {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

function keep(change: (all: Pending[]) => Pending[]): void {
  localStorage.setItem(PLACE, JSON.stringify(change(kept())));
}

export const useBidding = defineStore("bidding", () => {
  const session = useSession();
  const pending = reactive(new Map<string, Pending>());
  const outcomes = reactive(new Map<string, Outcome>());

  const place = (of: { auction: number; lot: string }) => `${of.auction}/${of.lot}`;
  const isPending = computed(() => (auction: number, lot: string) => pending.has(`${auction}/${lot}`));

  /** Gives a bid. While one of the same lot is under way, nothing happens: a double tap is one bid. */
  async function bid(auction: number, lot: string, price: bigint, seen: bigint | undefined): Promise<void> {
    if (pending.has(place({ auction, lot })) || !session.user) return;
    const one: Pending = {
      key: newKey(),
      user: session.user.login ?? "",
      auction,
      lot,
      price: wire(price),
      at: Date.now(),
      ...(seen === undefined ? {} : { seen: wire(seen) }),
    };
    keep((all) => [...all, one]);
    await send(one);
  }

  async function send(one: Pending): Promise<void> {
    const at = place(one);
    pending.set(at, one);
    outcomes.delete(at);
    const price = fen(one.price);
    const seen = one.seen === undefined ? undefined : fen(one.seen);
    const body = { price: one.price, ...(one.seen === undefined ? {} : { seen_price: one.seen }) };
    const params = { path: { id: one.auction, code: one.lot }, ...keyed(one.key) };
    const tooLate = () => Date.now() - one.at > LASTS_MS || session.user?.login !== one.user;
    try {
      const call = async () => answer(await api.POST("/api/v1/auctions/{id}/lots/{code}/bids", { params, body }));
      const placed = await persist(call, tooLate);
      const before = placed.best_before == null ? undefined : fen(placed.best_before);
      outcomes.set(at, { kind: "accepted", price, sequence: placed.sequence, seen, before });
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause;
      if (cause.passing) outcomes.set(at, { kind: "unknown", price });
      else outcomes.set(at, { kind: "refused", price, reason: cause.reason, figures: cause.figures, seen });
      // Signed out in between: it is asked again after the next sign-in.
      if (cause.status === 401) {
        pending.delete(at);
        return;
      }
    }
    pending.delete(at);
    keep((all) => all.filter((other) => other.key !== one.key));
  }

  /** Asks again what was sent from this device and never answered. */
  function resume(): void {
    const now = Date.now();
    keep((all) => all.filter((one) => now - one.at < LASTS_MS));
    for (const one of kept()) if (one.user === session.user?.login && !pending.has(place(one))) void send(one);
  }

  function outcome(auction: number, lot: string): Outcome | undefined {
    return outcomes.get(`${auction}/${lot}`);
  }

  function dismiss(auction: number, lot: string): void {
    outcomes.delete(`${auction}/${lot}`);
  }

  return { pending, outcomes, isPending, bid, resume, outcome, dismiss };
});
