/** An announcement as it is being written: what a person typed, kept on this device until it is handed in. */

import type { Schemas } from "@/shared/api/client";
import { fen, millionths, parseTyped, wire } from "@/shared/decimal";
import { clock, day, offset, price as grouped } from "@/shared/format";

export interface Draft {
  side: "sale" | "procurement";
  product: string;
  title: string;
  unit: string;
  lots: { code: string; quantity: string }[];
  date: string;
  opens: string;
  closes: string;
  format: "open" | "sealed";
  start: string;
  limit: string;
  step: string;
  maxStep: string;
  countdown: string;
  countdownFrom: "opening" | "closing";
  rate: string;
  consecutive: boolean;
  eligible: string;
  attachments: Attached[];
}

/** A file that was handed in and comes with the announcement. */
export interface Attached {
  file: string;
  name: string;
  size: number;
}

/** How many files may come with an announcement. */
export const ATTACHMENTS_MAX = 10;

export type Field = keyof Draft;
export type Fault = "required" | "decimal" | "order" | "past";

export function blank(): Draft {
  return {
    side: "procurement", product: "", title: "", unit: "t", lots: [{ code: "1", quantity: "" }], date: "", opens: "10:00", closes: "10:30", format: "open",
    start: "", limit: "", step: "", maxStep: "", countdown: "180", countdownFrom: "closing", rate: "20", consecutive: false, eligible: "", attachments: [],
  };
}

/** Forms that the trade uses, to begin from: how, not what. */
export const TEMPLATES = {
  sale: { side: "sale", format: "open", countdown: "180", countdownFrom: "closing", rate: "20", opens: "10:00", closes: "10:30" },
  fastSale: { side: "sale", format: "open", countdown: "180", countdownFrom: "opening", rate: "20", opens: "10:00", closes: "10:30" },
  procurement: { side: "procurement", format: "open", countdown: "180", countdownFrom: "closing", rate: "20", opens: "10:00", closes: "10:30" },
  sealedProcurement: { side: "procurement", format: "sealed", countdown: "60", countdownFrom: "closing", rate: "10", opens: "09:00", closes: "11:00" },
} as const satisfies Record<string, Partial<Draft>>;
export type Template = keyof typeof TEMPLATES;

/** An empty one in a form of the trade, for the next day. */
export function shaped(template: Template, now: number): Draft {
  return { ...blank(), ...TEMPLATES[template], date: day(now + DAY_MS) };
}

const DAY_MS = 86_400_000;
const plain = (text: string) => text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

/** The same again: everything but the day, which is the next one, at the same hours. A list does not say who may bid: the auction is read whole before. */
export function like(auction: Schemas["Auction"], now: number): Draft {
  const bidding = auction.bidding;
  return {
    side: auction.side as Draft["side"],
    product: auction.product,
    title: auction.title,
    unit: auction.unit,
    lots: auction.lots.map((lot) => ({ code: lot.code, quantity: lot.quantity })),
    date: day(now + DAY_MS),
    opens: clock(auction.opens),
    closes: clock(auction.closes),
    format: bidding.format as Draft["format"],
    start: grouped(fen(bidding.start_price)),
    limit: bidding.limit_price == null ? "" : grouped(fen(bidding.limit_price)),
    step: grouped(fen(bidding.step)),
    maxStep: bidding.max_step == null ? "" : grouped(fen(bidding.max_step)),
    countdown: bidding.countdown.replace("s", ""),
    countdownFrom: bidding.countdown_from as Draft["countdownFrom"],
    rate: percentOf(bidding.margin_rate),
    consecutive: bidding.consecutive,
    eligible: bidding.eligible?.join(", ") ?? "",
    // One that is gone cannot come again.
    attachments: auction.attachments.flatMap(({ file, name, size }) => (size == null ? [] : [{ file, name, size }])),
  };
}

/** When it opens and closes, by the exchange's time of day. A closing time before the opening one is the next day's. */
export function times(draft: Draft): { opens: Date; closes: Date } | undefined {
  const at = (clock: string) => new Date(/^\d{4}-/.test(draft.date) ? `${draft.date}T${clock}:00${offset()}` : Number.NaN);
  const [opens, closes] = [at(draft.opens), at(draft.closes)];
  if (Number.isNaN(opens.getTime()) || Number.isNaN(closes.getTime())) return undefined;
  if (closes < opens) closes.setTime(closes.getTime() + DAY_MS);
  return { opens, closes };
}

/** What is wrong, by field. */
export function faults(draft: Draft, now: number): Partial<Record<Field, Fault>> {
  const found: Partial<Record<Field, Fault>> = {};
  for (const field of ["product", "title", "unit", "date", "opens", "closes", "start", "step", "countdown", "rate"] as const)
    if (!draft[field].trim()) found[field] = "required";
  for (const field of ["start", "step", "limit", "maxStep"] as const)
    if (draft[field].trim() && !parseTyped(draft[field], 2)) found[field] = "decimal";
  if (draft.rate.trim() && !parseTyped(draft.rate, 4)) found.rate = "decimal";
  if (draft.countdown.trim() && !/^[1-9]\d*$/.test(draft.countdown.trim())) found.countdown = "decimal";
  if (draft.lots.some((lot) => !lot.code.trim() || !lot.quantity.trim())) found.lots = "required";
  else if (draft.lots.some((lot) => !parseTyped(lot.quantity, 6))) found.lots = "decimal";
  if (draft.attachments.some((one) => !one.name.trim())) found.attachments = "required";
  const at = times(draft);
  // A day is half typed, or one that no calendar has.
  if (!at) found.date ??= "required";
  if (at && at.closes <= at.opens) found.closes = "order";
  if (at && at.opens.getTime() <= now) found.date = "past";
  return found;
}

/** The announcement as others will see it: what is not there yet, or not right, is left out. */
export function preview(draft: Draft, initiator: string) {
  const price = (text: string) => parseTyped(text, 2);
  const at = times(draft);
  const eligible = draft.eligible.split(/[\s,，、]+/).filter(Boolean);
  return {
    side: draft.side,
    format: draft.format,
    initiator,
    product: draft.product.trim(),
    unit: draft.unit.trim(),
    opens: at?.opens.getTime(),
    closes: at?.closes.getTime(),
    terms: {
      start: price(draft.start),
      limit: price(draft.limit),
      step: price(draft.step),
      maxStep: price(draft.maxStep),
      countdownMs: Number(draft.countdown.trim()) * 1000 || 0,
      countdownFrom: draft.countdownFrom,
      consecutive: draft.consecutive,
      // Per cent with four decimals is a rate in millionths.
      rate: parseTyped(draft.rate, 4) ?? 0n,
      eligible: eligible.length ? eligible : undefined,
    },
    lots: draft.lots.map((lot) => ({ code: lot.code, quantity: lot.quantity })),
    attachments: draft.attachments.map((one) => ({ ...one, type: null })),
  };
}

function decimal(text: string, decimals: number): string {
  const value = parseTyped(text, decimals) ?? 0n;
  const digits = value.toString().padStart(decimals + 1, "0");
  return plain(`${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
}

/** What is handed in. The draft has no faults. */
export function announcement(draft: Draft): Schemas["NewAuction"] {
  const at = times(draft)!;
  const price = (text: string) => wire(parseTyped(text, 2)!);
  const eligible = draft.eligible.split(/[\s,，、]+/).filter(Boolean);
  return {
    title: draft.title.trim(),
    side: draft.side,
    product: draft.product.trim(),
    unit: draft.unit.trim(),
    opens: at.opens.toISOString(),
    closes: at.closes.toISOString(),
    bidding: {
      format: draft.format,
      start_price: price(draft.start),
      step: price(draft.step),
      ...(draft.limit.trim() ? { limit_price: price(draft.limit) } : {}),
      ...(draft.maxStep.trim() ? { max_step: price(draft.maxStep) } : {}),
      countdown: `${draft.countdown.trim()}s`,
      countdown_from: draft.countdownFrom,
      consecutive: draft.consecutive,
      // Per cent with four decimals is a rate with six.
      margin_rate: rateOf(draft.rate),
      ...(eligible.length ? { eligible } : {}),
    },
    lots: draft.lots.map((lot) => ({ code: lot.code.trim(), quantity: decimal(lot.quantity, 6) })),
    ...(draft.attachments.length ? { attachments: draft.attachments.map(({ file, name }) => ({ file, name: name.trim() })) } : {}),
  };
}

/** A rate of the wire with six decimals, in per cent with four: digit by digit, since 0.07 × 100 is not 7 in floating point. */
function percentOf(rate: string): string {
  const digits = millionths(rate).toString().padStart(5, "0");
  return plain(`${digits.slice(0, -4)}.${digits.slice(-4)}`);
}

function rateOf(percent: string): string {
  const digits = (parseTyped(percent, 4) ?? 0n).toString().padStart(7, "0");
  return plain(`${digits.slice(0, -6)}.${digits.slice(-6)}`);
}
