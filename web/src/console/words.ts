/** What a preview shows, in words. Which of it stands in which of the three lines is each act's own. */

import { useI18n } from "vue-i18n";

import { decimal, dateTime, money, time } from "@/shared/format";
import { fen } from "@/shared/decimal";

import type { Preview } from "./acts";

type Shown = Preview["auctions"][number];
type Lot = Shown["lots"][number];
type When = "now" | "after";

/** So many lots, margins or auctions are named; of more it is said how many there are. */
const NAMED_MOST = 8;

export function changes(lot: Lot): boolean {
  return lot.now.status !== lot.after.status || lot.now.end !== lot.after.end;
}

function grouped<T>(all: T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}

export function useWords() {
  const { t } = useI18n();

  /** The first few, and how many more there are. */
  function few(lines: string[], most = NAMED_MOST): string[] {
    return lines.length <= most ? lines : [...lines.slice(0, most), t("powers.more", { n: lines.length - most })];
  }

  const auction = (one: { id: number; title: string }): string => t("powers.auction", { id: one.id, title: one.title });
  const times = (one: Shown["now"]): string => t("powers.times", { status: t(`status.${one.status}`), closes: dateTime(one.closes) });
  const codes = (of: { code: string }[]): string => few(of.map((one) => one.code)).join(t("powers.comma"));
  /** Those that are alike in one line. */
  function lots(of: Lot[], when: When): string[] {
    const alike = grouped(of, (one) => `${one[when].status} ${time(one[when].end)}`);
    return few([...alike.values()].map((these) => t("powers.lot", { codes: codes(these), status: t(`status.${these[0]![when].status}`), end: time(these[0]![when].end) })));
  }

  const sum = (of: Preview["margins"]): bigint => of.reduce((all, one) => all + fen(one.amount), 0n);

  /** What is released to whom, or held from whom. */
  function margins(of: Preview["margins"]): string[] {
    return [true, false].flatMap((released) => {
      const these = of.filter((one) => one.released === released);
      if (these.length === 0) return [];
      const total = money(sum(these));
      // An initiator's of all lots together; an alias means something within its lot only.
      const whose = grouped(these, (one) => (one.member == null ? t("powers.bidder", { alias: one.bidder ?? "", lot: one.lot }) : t("powers.initiator", { code: one.member })));
      return [t(released ? "powers.released" : "powers.held", { n: these.length, total }), ...few([...whose].map(([who, of]) => t("powers.margin", { who, amount: money(sum(of)) })))];
    });
  }

  const cash = (of: NonNullable<Preview["funds"]>["now"]): string => t("powers.cash", { available: decimal(of.available), held: decimal(of.held) });

  return { few, auction, times, lots, codes, margins, cash };
}
