/**
 * Bids under way. A bid has its key before the first try and is kept until it is answered, on this device and across
 * tabs: a lost answer, a reload or a second tab asks again with the same key, and the exchange knows it as the same bid.
 * While one of a lot is under way no open tab gives another.
 */

import { defineStore } from "pinia";
import { computed, reactive } from "vue";

import { answer, api, keyed, newKey, persist } from "@/shared/api/client";
import { type Figures, Problem } from "@/shared/api/problem";
import { fen, wire } from "@/shared/decimal";
import { useLive } from "@/shared/live/store";
import { useSession } from "@/shared/session";

export interface Pending {
  key: string;
  user: string;
  auction: number;
  lot: string;
  price: string;
  seen?: string;
  /** Whether it is sealed: there the last one counts, so one that is late must not replace a newer one. */
  sealed?: boolean;
  /** When it was given, by this device's clock, and by the exchange's. */
  at: number;
  given: number;
}

/** What became of the last bid in a lot. */
export type Outcome =
  | { kind: "accepted"; price: bigint; sequence: number; seen: bigint | undefined; before: bigint | undefined }
  | { kind: "refused"; price: bigint; reason: string; figures: Figures | undefined; seen: bigint | undefined }
  | { kind: "unknown"; price: bigint }
  /** It waited, and was not sent again: its bidder let it go, or has since given a newer sealed one. */
  | { kind: "dropped" | "newer"; price: bigint };

const PLACE = "bayan.bids";
/** Answers are surely remembered for ten minutes: no older bid is asked again. */
const LASTS_MS = 9 * 60_000;
/** A bid that another tab has given and that is still not answered: that tab may be gone, so this one asks too. */
const OTHERS_MS = 5_000;

/** What is kept and not too old. Others read what stands on a device, so nothing stands there longer than it serves. */
function kept(): Pending[] {
  try {
    const all = JSON.parse(localStorage.getItem(PLACE) ?? "[]") as Pending[];
    return all.filter((one) => Date.now() - one.at < LASTS_MS);
  } catch {
    return [];
  }
}

function keep(change: (all: Pending[]) => Pending[]): void {
  localStorage.setItem(PLACE, JSON.stringify(change(kept())));
}

const place = (of: { auction: number; lot: string }) => `${of.auction}/${of.lot}`;

/** A bid is not sent again, and why. */
class Stopped extends Error {
  constructor(readonly why: "let go" | "signed out" | "newer" | "old") {
    super(why);
  }
}

export const useBidding = defineStore("bidding", () => {
  const [session, live] = [useSession(), useLive()];
  const pending = reactive(new Map<string, Pending>());
  const outcomes = reactive(new Map<string, Outcome>());
  /** The keys that this tab is asking for, and by lot the last one it began with. */
  const asking = new Set<string>();
  const newest = new Map<string, string>();
  let later: ReturnType<typeof setTimeout> | undefined;

  const isPending = computed(() => (auction: number, lot: string) => pending.has(`${auction}/${lot}`));
  const own = () => kept().filter((one) => one.user === session.user?.login);

  /** Gives a bid. While one of the same lot is under way, in whichever tab, nothing happens: a double tap is one bid. */
  async function bid(of: { auction: number; lot: string; price: bigint; seen: bigint | undefined; sealed: boolean }): Promise<void> {
    const at = place(of);
    if (!session.user || pending.has(at) || own().some((one) => place(one) === at)) return;
    const one: Pending = {
      key: newKey(),
      user: session.user.login ?? "",
      auction: of.auction,
      lot: of.lot,
      price: wire(of.price),
      at: Date.now(),
      given: live.clock.now(),
      ...(of.seen === undefined ? {} : { seen: wire(of.seen) }),
      ...(of.sealed ? { sealed: true } : {}),
    };
    keep((all) => [...all, one]);
    await send(one, true);
  }

  /** Whether a sealed bid of ours is newer than this one, with another price. */
  async function isOutdated(one: Pending): Promise<boolean> {
    const params = { path: { id: one.auction, code: one.lot }, query: { order: "newest", limit: 1 } };
    const [last] = answer(await api.GET("/api/v1/auctions/{id}/lots/{code}/bids", { params })).items;
    return last?.own === true && Date.parse(last.at) > one.given && last.price !== one.price;
  }

  /** One try. What speaks against another one is looked at before each, since much may have happened while it waited. */
  async function attempt(one: Pending, isFirst: boolean) {
    const stop = () => {
      if (session.user?.login !== one.user) throw new Stopped("signed out");
      if (!kept().some((other) => other.key === one.key)) throw new Stopped(Date.now() - one.at < LASTS_MS ? "let go" : "old");
    };
    stop();
    if (one.sealed && !isFirst && (await isOutdated(one))) throw new Stopped("newer");
    stop();
    const body = { price: one.price, ...(one.seen === undefined ? {} : { seen_price: one.seen }) };
    const params = { path: { id: one.auction, code: one.lot }, ...keyed(one.key) };
    return answer(await api.POST("/api/v1/auctions/{id}/lots/{code}/bids", { params, body }));
  }

  /** Asks until there is an answer; what became of it, or undefined where it waits for its bidder to sign in again. */
  async function ask(one: Pending, isNew: boolean): Promise<Outcome | undefined> {
    const price = fen(one.price);
    const seen = one.seen === undefined ? undefined : fen(one.seen);
    let isFirst = isNew;
    try {
      const placed = await persist(() => {
        const first = isFirst;
        isFirst = false;
        return attempt(one, first);
      }, () => false);
      return { kind: "accepted", price, sequence: placed.sequence, seen, before: placed.best_before == null ? undefined : fen(placed.best_before) };
    } catch (cause) {
      if (cause instanceof Stopped) {
        if (cause.why === "signed out") return undefined;
        if (cause.why === "newer") return { kind: "newer", price };
        // Let go, or another tab had its answer: that is said where it happened.
        return cause.why === "old" ? { kind: "unknown", price } : undefined;
      }
      if (!(cause instanceof Problem)) throw cause;
      // The session ended on the way, or was another's: nothing was done, and it is asked again after the next sign-in.
      if (cause.signedOut) return undefined;
      return { kind: "refused", price, reason: cause.reason, figures: cause.figures, seen };
    }
  }

  async function send(one: Pending, isNew: boolean): Promise<void> {
    const at = place(one);
    pending.set(at, one);
    if (asking.has(one.key)) return;
    asking.add(one.key);
    newest.set(at, one.key);
    outcomes.delete(at);
    try {
      const came = await ask(one, isNew);
      if (session.user?.login !== one.user) return;
      if (came) keep((all) => all.filter((other) => other.key !== one.key));
      // One that was let go may be answered after another was given: that one counts.
      if (came && newest.get(at) === one.key) outcomes.set(at, came);
    } finally {
      asking.delete(one.key);
      if (pending.get(at)?.key === one.key) pending.delete(at);
    }
  }

  /** Takes over what other tabs have under way. */
  function compare(): void {
    const all = own();
    for (const [at, one] of pending) if (!all.some((other) => other.key === one.key) && !asking.has(one.key)) pending.delete(at);
    for (const one of all) if (!pending.has(place(one))) pending.set(place(one), one);
    clearTimeout(later);
    if (all.some((one) => !asking.has(one.key))) later = setTimeout(resume, OTHERS_MS);
  }

  /** Asks again what was sent from this device and never answered. */
  function resume(): void {
    keep((all) => all);
    for (const one of own()) void send(one, false);
  }

  /** Lets a bid go that waits: it is not sent again. It may have been done all the same. */
  function drop(auction: number, lot: string): void {
    const at = place({ auction, lot });
    const one = pending.get(at);
    if (!one) return;
    keep((all) => all.filter((other) => other.key !== one.key));
    pending.delete(at);
    outcomes.set(at, { kind: "dropped", price: fen(one.price) });
  }

  /** Somebody else looks at this tab now. What was not answered stays kept for whoever gave it. */
  function forget(): void {
    clearTimeout(later);
    pending.clear();
    outcomes.clear();
    newest.clear();
  }

  function outcome(auction: number, lot: string): Outcome | undefined {
    return outcomes.get(`${auction}/${lot}`);
  }

  window.addEventListener("storage", (event) => (event.key === PLACE || event.key === null) && compare());

  return { pending, outcomes, isPending, bid, resume, drop, forget, outcome };
});
