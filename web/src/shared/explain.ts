/** What went wrong, in words: by its reason where we know it, else as the exchange said it. */

import { Problem } from "./api/problem";
import { i18n } from "./i18n";

export function explain(cause: unknown): string {
  if (!(cause instanceof Problem)) throw cause;
  const { t, te } = i18n.global;
  if (te(`errors.${cause.reason}`)) return t(`errors.${cause.reason}`, { detail: cause.message });
  return t("errors.unknown", { detail: cause.message });
}
