/** The venue's rules and limits: which there are, in which groups, and in which two profiles differ. */

import type { Schemas } from "@/shared/api/client";

export type Profile = Schemas["Profile"];
export type Hours = Schemas["Hours"];
/** By what the settings are known again is no setting. */
export type Field = Exclude<keyof Profile, "revision">;

/** How a field is set. A duration or an amount that may be left out is `optional`. */
export type Kind = "switch" | "count" | "money" | "duration" | "hours" | "offset";
export interface Row {
  field: Field;
  kind: Kind;
  optional?: boolean;
  least?: number;
  most?: number;
}

/** Whole numbers of 16 and 32 bits. */
const [SMALL, LARGE] = [65_535, 4_294_967_295];

export const GROUPS: { name: "trading" | "hours" | "money" | "limits" | "operation"; rows: Row[] }[] = [
  { name: "trading", rows: [{ field: "sale", kind: "switch" }, { field: "procurement", kind: "switch" }, { field: "sealed", kind: "switch" }, { field: "catalogue_closed", kind: "switch" }, { field: "texts_checked", kind: "switch" }] },
  { name: "money", rows: [{ field: "second_person_above", kind: "money", optional: true }, { field: "approvals_max", kind: "count", least: 10, most: LARGE }] },
  { name: "limits", rows: [{ field: "lots_max", kind: "count", least: 1, most: SMALL }, { field: "auctions_per_member_max", kind: "count", least: 1, most: LARGE }, { field: "sealed_bids_per_lot_max", kind: "count", least: 1, most: SMALL }, { field: "sessions_per_user_max", kind: "count", least: 1, most: SMALL }, { field: "files_per_member_max", kind: "count", optional: true, least: 0, most: 100_000 }, { field: "file_bytes_per_member_max", kind: "count", optional: true, least: 0, most: Number.MAX_SAFE_INTEGER }, { field: "file_bytes_max", kind: "count", optional: true, least: 0, most: Number.MAX_SAFE_INTEGER }] },
  { name: "operation", rows: [{ field: "rules", kind: "count", least: 1, most: 9 }, { field: "outage_after", kind: "duration", optional: true }, { field: "ends_soon_before", kind: "duration", optional: true }, { field: "first_password_lasts", kind: "duration", optional: true }, { field: "refused_kept", kind: "duration", optional: true }, { field: "idempotency_window", kind: "duration" }, { field: "idempotency_keys_max", kind: "count", least: 1, most: 10_000_000 }, { field: "idempotency_keys_per_user_max", kind: "count", least: 100, most: LARGE }] },
  { name: "hours", rows: [{ field: "utc_offset", kind: "offset" }, { field: "hours", kind: "hours", optional: true }] },
];
export const ROWS: Row[] = GROUPS.flatMap((group) => group.rows);

/** The fields that differ, in the order of the screen. */
export function differences(now: Profile, after: Profile): Row[] {
  return ROWS.filter(({ field }) => JSON.stringify(now[field]) !== JSON.stringify(after[field]));
}

export const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const DAY_MS = 86_400_000;

/** Whether these hours work on a day such as `2026-10-01`. */
export function works(hours: Hours, date: string): boolean {
  const exception = hours.calendar.find((day) => day.date === date);
  // 1970 began on a Thursday.
  const weekday = (Math.floor(Date.parse(date) / DAY_MS) + 3) % 7;
  return exception ? exception.working : hours.days.includes(WEEK[weekday]!);
}

/** The day that lies so many days after another. */
export function plus(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The most sessions of one day. */
export const SESSIONS_MOST = 8;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** What cannot be of hours; undefined: nothing. The exchange judges it too, in words of its own. */
export function wrongHours(hours: Hours): "none" | "time" | "order" | "days" | "calendar" | undefined {
  if (hours.sessions.length === 0 || hours.sessions.length > SESSIONS_MOST) return "none";
  if (hours.sessions.some(({ from, to }) => !TIME.test(from) || !TIME.test(to))) return "time";
  if (hours.sessions.some(({ from, to }, at) => from >= to || (at > 0 && hours.sessions[at - 1]!.to >= from))) return "order";
  if (hours.days.length === 0) return "days";
  const dates = hours.calendar.map((day) => day.date);
  return dates.some((date) => !date) || new Set(dates).size !== dates.length ? "calendar" : undefined;
}

/** As the exchange wants it: sessions as they are, days and calendar in their order. */
export function inOrder(hours: Hours): Hours {
  return {
    sessions: hours.sessions,
    days: WEEK.filter((day) => hours.days.includes(day)),
    calendar: hours.calendar.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
  };
}
