/** What an annulment changes, in the words that who asks and who agrees both read. */

import { useI18n } from "vue-i18n";

import type { Preview } from "./acts";
import { changes, useWords } from "./words";

export function useAnnulment() {
  const [words, { t }] = [useWords(), useI18n()];
  function lines(shown: Preview): { now: string[]; after: string[]; unchanged: string[] } | undefined {
    const one = shown.auctions[0];
    if (!one) return undefined;
    const [moved, stays] = [one.lots.filter(changes), one.lots.filter((lot) => !changes(lot))];
    const contract = (stands: boolean) => (shown.contract ? [t(stands ? "powers.annul.contract" : "powers.annul.cancelled", { id: shown.contract.id })] : []);
    return {
      now: [...words.lots(moved, "now"), ...contract(true)],
      after: [...words.lots(moved, "after"), ...contract(false), ...words.margins(shown.margins), t("powers.annul.corrected")],
      unchanged: [...(stays.length > 0 ? [t("powers.lotsStay", { codes: words.codes(stays) })] : []), t("powers.annul.history")],
    };
  }
  return { lines };
}
