/** The venue's rules and limits in words, and what of them changes. */

import { useI18n } from "vue-i18n";

import { decimal } from "@/shared/format";

import { differences, type Field, type Hours, type Profile, ROWS, type Row, WEEK } from "./profile";

/** Two further days of a calendar are named, of more it is said how many they are. */
const DAYS_NAMED = 3;

export function useProfileWords() {
  const { t } = useI18n();
  const label = (field: Field): string => t(`powers.profile.fields.${field}`);

  function duration(text: string): string {
    const match = /^(\d+)(s|m|h)$/.exec(text);
    return match ? t(`powers.profile.durations.${match[2] as "s" | "m" | "h"}`, { n: match[1]! }) : text;
  }
  function days(of: string[]): string {
    const at = WEEK.map((day) => of.includes(day));
    const [first, last] = [at.indexOf(true), at.lastIndexOf(true)];
    const name = (day: number) => t(`powers.profile.week.${WEEK[day]!}`);
    if (first < 0) return "–";
    if (last - first >= 2 && at.slice(first, last + 1).every(Boolean)) return t("powers.profile.fromTo", { from: name(first), to: name(last) });
    return at.flatMap((is, day) => (is ? [name(day)] : [])).join(t("powers.comma"));
  }
  function hours(of: Hours | null): string {
    if (of === null) return t("powers.profile.always");
    const sessions = of.sessions.map(({ from, to }) => `${from}–${to}`).join(t("powers.comma"));
    const named = of.calendar.slice(0, DAYS_NAMED).map((day) => t(day.working ? "powers.profile.worked" : "powers.profile.closed", { date: day.date }));
    if (of.calendar.length > DAYS_NAMED) named.push(t("powers.more", { n: of.calendar.length - DAYS_NAMED }));
    return [`${days(of.days)} ${sessions}`, ...named].join(t("powers.semicolon"));
  }
  function value(row: Row, of: Profile): string {
    const it = of[row.field];
    if (row.field === "hours") return hours(of.hours);
    if (it === null) return t(`powers.profile.none.${row.field as "second_person_above" | "outage_after" | "ends_soon_before" | "first_password_lasts" | "refused_kept" | "files_per_member_max" | "file_bytes_per_member_max" | "file_bytes_max"}`);
    if (typeof it === "boolean") return t(it ? "powers.profile.yes" : "powers.profile.no");
    if (row.kind === "money") return t("powers.yuan", { amount: decimal(String(it)) });
    if (row.kind === "duration") return duration(String(it));
    return typeof it === "number" ? it.toLocaleString("en-US") : String(it);
  }
  function lines(now: Profile, after: Profile): { now: string[]; after: string[]; unchanged: string[] } {
    const differ = differences(now, after);
    const each = (of: Profile) => differ.map((row) => t("powers.profile.line", { label: label(row.field), value: value(row, of) }));
    return { now: each(now), after: each(after), unchanged: [t("powers.profile.rest", { n: ROWS.length - differ.length }), t("powers.profile.past")] };
  }
  return { label, value, hours, lines };
}
