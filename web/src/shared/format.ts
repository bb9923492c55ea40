/** Numbers and times as the trade writes them. */

import { wire } from "./decimal";

const MINUS = "−";

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Money: always with two decimals, grouped. */
export function money(value: bigint): string {
  const [whole = "0", fraction = "00"] = wire(value < 0n ? -value : value).split(".");
  return `${value < 0n ? MINUS : ""}${group(whole)}.${fraction}`;
}

/** A price: grouped, decimals only where there are some. */
export function price(value: bigint): string {
  const text = money(value);
  return text.endsWith(".00") ? text.slice(0, -3) : text;
}

/** A difference of prices, with its sign. */
export function change(value: bigint): string {
  return value > 0n ? `+${price(value)}` : price(value);
}

/** A decimal of the wire, grouped. */
export function decimal(text: string): string {
  const negative = text.startsWith("-");
  const [whole = "0", fraction] = (negative ? text.slice(1) : text).split(".");
  return `${negative ? MINUS : ""}${group(whole)}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A share in hundredths, such as a margin rate, without trailing zeros. */
export function percent(rate: bigint): string {
  const text = (rate * 100n).toString().padStart(7, "0");
  const fraction = text.slice(-6).replace(/0+$/, "");
  return `${text.slice(0, -6)}${fraction ? `.${fraction}` : ""} %`;
}

/** How long until, in milliseconds: `1:02:03`, `2:14`, `0:09`. Never less than nothing; begun seconds count whole. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 48) return `${Math.floor(h / 24)}d ${two(h % 24)}:${two(m)}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function parts(at: string | number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("sv-SE", options).format(new Date(at));
}

/** The time of day, to the second. */
export function time(at: string | number): string {
  return parts(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** The time of day, to the millisecond. */
export function timeExact(at: string): string {
  return `${time(at)}.${String(new Date(at).getMilliseconds()).padStart(3, "0")}`;
}

/** Date and time to the minute. */
export function dateTime(at: string | number): string {
  return parts(at, { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
}

/** The day, or the time of day where it is today. */
export function when(at: string, now: number): string {
  const day = (one: string | number) => parts(one, { year: "numeric", month: "2-digit", day: "2-digit" });
  const clock = parts(at, { hour: "2-digit", minute: "2-digit" });
  return day(at) === day(now) ? clock : `${day(at).slice(5)} ${clock}`;
}
