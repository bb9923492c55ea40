/** What went wrong, in words: by its reason where we know it, else as the exchange said it. */

import { Problem } from "./api/problem";
import { i18n } from "./i18n";

export function explain(cause: unknown): string {
  if (!(cause instanceof Problem)) {
    // A fault of ours: people must not wait for what will not come, and we must hear of it.
    console.error(cause);
    return i18n.global.t("errors.unknown", { detail: String(cause) });
  }
  return explainReason(cause.reason, cause.message);
}

/** The exchange's own sentence is English, and is shown to who reads English; others are told the reason's word, which support knows too. */
export function explainReason(reason: string, said = reason): string {
  const { t, te, locale } = i18n.global;
  if (te(`errors.${reason}`)) return t(`errors.${reason}`, { detail: said, host: location.host });
  return t("errors.unknown", { detail: locale.value === "en" ? said : reason });
}
