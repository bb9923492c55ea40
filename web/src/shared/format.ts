/** Numbers and times as the trade writes them. */

import { wire } from "./decimal";
import { i18n } from "./i18n";

const MINUS = "−";

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

/** Money: always with two decimals, grouped. */
export function money(value: bigint): string {
  const [whole = "0", fraction = "00"] = wire(value < 0n ? -value : value).split(".");
  return `${value < 0n ? MINUS : ""}${group(whole)}.${fraction}`;
}

/** Money that came or went, with its sign. */
export function signed(value: bigint): string {
  return value > 0n ? `+${money(value)}` : money(value);
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

/** How long until, in milliseconds: `1:02:03`, `2:14`, `0:09`, and the days before them from two on. Never less than nothing; begun seconds count whole. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h >= 48) return i18n.global.t("common.days", { n: Math.floor(h / 24), time: `${two(h % 24)}:${two(m)}` });
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The exchange's own time of day, in minutes ahead of UTC: what it says of itself is shown in it, wherever one is. */
let ahead = 480;

/** Takes the offset as the exchange writes it, such as `+08:00`. */
export function setOffset(text: string): void {
  const match = /^([+-])(\d\d):(\d\d)$/.exec(text);
  if (match) ahead = (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}

/** The offset as a time of the wire ends with it. */
export function offset(): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${ahead < 0 ? "-" : "+"}${two(Math.floor(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
}

/** The name of a zone with this offset, where it is one of whole hours; the signs of these names are turned round. */
export function zone(): string {
  return ahead % 60 === 0 ? `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead / 60)}` : "UTC";
}

/** `2025-07-16T10:00:00.000` at the exchange. */
function local(at: string | number): string {
  const ms = typeof at === "number" ? at : Date.parse(at);
  return new Date(ms + ahead * 60_000).toISOString().slice(0, 23);
}

/** The day. */
export function day(at: string | number): string {
  return local(at).slice(0, 10);
}

/** The time of day, to the minute. */
export function clock(at: string | number): string {
  return local(at).slice(11, 16);
}

/** The time of day, to the second. */
export function time(at: string | number): string {
  return local(at).slice(11, 19);
}

/** The time of day, to the millisecond. */
export function timeExact(at: string): string {
  return local(at).slice(11);
}

/** Date and time to the minute. */
export function dateTime(at: string | number): string {
  return local(at).slice(0, 16).replace("T", " ");
}

/** From when to when: the day once where it is the same. */
export function span(from: string | number, to: string | number): string {
  return `${dateTime(from)} – ${day(from) === day(to) ? clock(to) : dateTime(to)}`;
}

/** The day without its year, or the time of day where it is today. */
export function when(at: string | number, now: number): string {
  return day(at) === day(now) ? clock(at) : dateTime(at).slice(5);
}
