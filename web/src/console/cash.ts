/** What money that moves changes, in the words that who asks and who agrees both read. */

import { useI18n } from "vue-i18n";

import { fen } from "@/shared/decimal";
import { money } from "@/shared/format";

import type { Preview } from "./acts";
import { useWords } from "./words";

export function useCash() {
  const [words, { t }] = [useWords(), useI18n()];
  function lines(shown: Preview, corrects?: number): { now: string[]; after: string[]; unchanged: string[] } | undefined {
    const one = shown.funds;
    if (!one) return undefined;
    const by = fen(one.after.available) - fen(one.now.available);
    const moved = t(by < 0n ? "powers.money.out" : "powers.money.in", { amount: money(by < 0n ? -by : by) });
    return {
      now: [t("powers.money.of", { member: one.member }), words.cash(one.now)],
      after: [moved, words.cash(one.after), ...(corrects === undefined ? [] : [t("powers.money.turned", { sequence: corrects })])],
      unchanged: [t("powers.money.heldStays", { held: money(fen(one.now.held)) }), t(corrects === undefined ? "powers.money.othersStay" : "powers.money.firstStays", { sequence: corrects ?? 0 })],
    };
  }
  return { lines };
}
