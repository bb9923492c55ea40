/** A busy market, made from outside: announcements and bids over HTTP, as the systems of other firms would make them. */

import { until, Venue } from "../../tests/browser/kit";

/** The firms that bid against each other; the one that looks on is none of them. */
const BIDDERS = Array.from({ length: 10 }, (_, at) => `b${at + 2}-trader`);
/** Each lot has two bidders of its own. */
export const LOTS = BIDDERS.length / 2;
export const LOOKS_ON = "b1-trader";

async function must<T>(venue: Venue, login: string, path: string, body: object): Promise<T> {
  const { status, json } = await venue.call(login, "POST", path, body);
  if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
  return json as T;
}

const later = (ms: number) => new Date(Date.now() + ms).toISOString();
const START = 1_000;

/** Announces an auction and has it approved. */
export async function announce(venue: Venue, manager: string, title: string, lots: number, opensInMs: number, closesInMs: number): Promise<number> {
  const bidding = { start_price: `${START}.00`, step: "1.00", margin_rate: "0.1" };
  const body = { title, side: "sale", product: "PrNd-oxide", unit: "t", opens: later(opensInMs), closes: later(closesInMs), bidding, lots: Array.from({ length: lots }, (_, at) => ({ code: `${at + 1}`, quantity: "1" })) };
  const { id } = await must<{ id: number }>(venue, manager, "/api/v1/auctions", body);
  await must(venue, "operator-1", `/api/v1/auctions/${id}/approval`, {});
  return id;
}

/** Announces a running auction with a lot for each pair of bidders. */
export async function arena(venue: Venue): Promise<number> {
  const id = await announce(venue, "nre-manager", "氧化镨钕 · PrNd oxide", LOTS, 1_500, 4 * 3_600_000);
  await until(async () => ((await venue.call(LOOKS_ON, "GET", `/api/v1/auctions/${id}`)).json as { status: string }).status === "running", "the auction runs");
  return id;
}

/** Bids going on in the background. */
export interface Bidding {
  /** How many were accepted so far. */
  accepted(): number;
  stop(): Promise<void>;
}

/**
 * Bids in all lots of an auction, `perSecond` in all, each better by one step than the last. Where the exchange is too slow
 * for that, fewer are made and none is made up for: the figures say how many came.
 */
export function bids(venue: Venue, auction: number, perSecond: number): Bidding {
  let [stopped, accepted] = [false, 0];
  const every = (LOTS / perSecond) * 1_000;
  const lots = Array.from({ length: LOTS }, async (_, lot) => {
    let due = performance.now() + (every * lot) / LOTS;
    for (let n = 0; !stopped; n += 1) {
      const wait = due - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      due = Math.max(due + every, performance.now());
      await must(venue, BIDDERS[lot * 2 + (n % 2)]!, `/api/v1/auctions/${auction}/lots/${lot + 1}/bids`, { price: `${START + n}.00` });
      accepted += 1;
    }
  });
  const all = Promise.all(lots);
  // Whoever stops it is told what went wrong.
  all.catch(() => (stopped = true));
  return {
    accepted: () => accepted,
    stop: async () => {
      stopped = true;
      await all;
    },
  };
}
