/** The shape of a lot's price path: one step a bid, since that is how a ladder is read; times stand below. */

import type { Auction, Rung } from "./lot";

export interface Tick {
  price: bigint;
  y: number;
}
export interface Shape {
  /** The price as steps; empty where there is no bid. */
  line: string;
  dots: { x: number; y: number; own: boolean }[];
  ticks: Tick[];
  start: number;
  /** Where the limit price lies, if it is in sight. */
  limit: number | undefined;
  /** Where the last price lies. */
  last: number | undefined;
  /** Times below: of the first bid, of one in the middle, of the last. */
  times: { x: number; at: string; anchor: "start" | "middle" | "end" }[];
}

export interface Room {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** So many bids are drawn: more would be finer than a screen. */
const BIDS_MOST = 120;
/** So many lines the grid has at the most. */
const TICKS_MOST = 5;
/** About as wide a time is. */
const LABEL = 60;

/** How far grid lines are apart: a round multiple of the step, so that each is a price that can be bid. */
export function tickStep(range: bigint, step: bigint): bigint {
  for (let scale = 1n; ; scale *= 10n)
    for (const round of [1n, 2n, 5n]) {
      const apart = step * round * scale;
      if (range / apart < BigInt(TICKS_MOST)) return apart;
    }
}

/** Draws the bids, newest first as the ladder has them, into a space of this size. */
export function pathOf(auction: Auction, rungs: readonly Rung[], alias: string | undefined, size: Room): Shape {
  const { start, step, limit } = auction.terms;
  const shown = rungs.slice(0, BIDS_MOST).reverse();
  const whole = rungs.length <= BIDS_MOST;
  const prices = [...shown.map((one) => one.price), ...(whole ? [start] : [])];
  const best = shown.at(-1)?.price ?? start;
  let low = prices.reduce((a, b) => (b < a ? b : a), best);
  let high = prices.reduce((a, b) => (b > a ? b : a), best);
  // A limit that the next few bids may reach belongs into the picture.
  const near = limit !== undefined && (limit > best ? limit - best : best - limit) <= 2n * (high - low) + 2n * step;
  if (near) [low, high] = [limit < low ? limit : low, limit > high ? limit : high];
  if (high - low < 4n * step) {
    // So few steps would fill the height: a quiet lot looks quiet.
    const least = 4n * step;
    if (auction.side === "sale") [low, high] = limit !== undefined && low + least > limit && limit >= high ? [limit - least, limit] : [low, low + least];
    else [low, high] = limit !== undefined && high - least < limit && limit <= low ? [limit, limit + least] : [high - least, high];
  }
  const apart = tickStep(high - low, step);
  const [floor, ceiling] = [Number(low), Number(high)];
  const y = (price: bigint) => size.bottom - ((Number(price) - floor) / (ceiling - floor)) * (size.bottom - size.top);
  const ticks: Tick[] = [];
  // Lines lie on the start price and whole multiples from it.
  const first = start + ((low - start) / apart - 1n) * apart;
  for (let price = first; price <= high; price += apart) if (price >= low) ticks.push({ price, y: y(price) });

  // The last price goes on to the right: what comes next has its place.
  const wide = (size.right - size.left) / (shown.length + (whole ? 1.5 : 0.5));
  const x = (place: number) => size.left + wide * (place + (whole ? 1 : 0));
  let line = "";
  shown.forEach((one, place) => {
    if (place === 0) line = whole ? `M${size.left} ${y(start).toFixed(1)}H${x(0).toFixed(1)}V${y(one.price).toFixed(1)}` : `M${size.left} ${y(one.price).toFixed(1)}`;
    else line += `H${x(place).toFixed(1)}V${y(one.price).toFixed(1)}`;
  });
  if (shown.length) line += `H${size.right.toFixed(1)}`;
  const times: Shape["times"] = [];
  if (shown.length) {
    const last = shown.length - 1;
    // Each has its place: the first and the last where there is room for both, one between where there is room for three.
    const between = x(last) - x(0);
    if (between > 2 * LABEL) times.push({ x: x(0), at: shown[0]!.at, anchor: "start" });
    if (between > 5 * LABEL) times.push({ x: x(last >> 1), at: shown[last >> 1]!.at, anchor: "middle" });
    times.push({ x: x(last), at: shown[last]!.at, anchor: between > LABEL ? "end" : "middle" });
  }
  return {
    line,
    dots: shown.map((one, place) => ({ x: x(place), y: y(one.price), own: one.bidder === "you" || one.bidder === alias })),
    ticks,
    start: y(start),
    limit: near ? y(limit) : undefined,
    last: shown.length ? y(best) : undefined,
    times,
  };
}
