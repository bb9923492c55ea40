/** What waits for a second person, each kind in its own words. */

import { useI18n } from "vue-i18n";

import type { Schemas } from "@/shared/api/client";
import { decimal } from "@/shared/format";

type Waiting = Schemas["Waiting"];

export function useWaiting() {
  const { t } = useI18n();
  function title(one: Waiting): string {
    switch (one.act) {
      case "annulment":
        return t("powers.waiting.annulment", { id: one.auction ?? 0, lot: one.lot ?? "" });
      case "profile":
        return t("powers.waiting.profile");
      case "erasure":
        return t("powers.waiting.erasure", { login: one.login ?? "" });
      case "applicant_erasure":
        return t("powers.waiting.applicant", { id: one.application ?? 0 });
      case "staff_addition":
      case "staff_role":
        return t(`powers.waiting.${one.act}`, { login: one.login ?? "", role: t(`roles.${one.gets_role as "operator"}`) });
      case "password_reset":
      case "second_factor_removal":
        return t(`powers.waiting.${one.act}`, { login: one.login ?? "" });
      default:
        return t(`powers.waiting.${one.act}`, { amount: decimal(one.amount ?? "0"), member: one.member ?? "" });
    }
  }
  /** Whose it is, by what, and who asked. */
  function note(one: Waiting): string {
    const about = one.act === "correction" ? t("powers.money.corrects", { sequence: one.corrects ?? 0 }) : (one.reference ?? one.name);
    return [`#${one.id}`, about, t("console.by", { by: one.by ?? t("people.forgotten") })].filter(Boolean).join(" · ");
  }
  return { title, note };
}
