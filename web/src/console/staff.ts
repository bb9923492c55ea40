/** What a second admin agrees to of the staff, in words: who joins, in which role, and who gets in anew. */

import { useI18n } from "vue-i18n";

import type { Schemas } from "@/shared/api/client";

type Shown = Schemas["StaffPreview"];
type State = Schemas["StaffState"];

export function useStaff() {
  const { t } = useI18n();
  function state(login: string, one: State): string[] {
    return [
      t("powers.staff.is", { login, role: t(`roles.${one.role as "operator"}`) }),
      t(one.new_password_required ? "powers.staff.first" : "powers.staff.own"),
      t(one.second_factor ? "powers.staff.factor" : "powers.staff.noFactor"),
      t("powers.freeze.sessions", { n: one.sessions }),
    ];
  }
  function lines(of: Schemas["Waiting"], shown: Shown): { now: string[]; after: string[]; unchanged: string[] } {
    const login = of.login ?? "";
    const count = (n: number) => t("powers.staff.count", { role: t(`roles.${shown.after!.role as "operator"}`), n });
    const gives = of.act === "staff_addition" || of.act === "password_reset";
    return {
      now: [...(shown.now ? state(login, shown.now) : [t("powers.staff.none", { login })]), count(shown.of_role_now)],
      after: [...state(login, shown.after!), count(shown.of_role_after), ...(gives ? [t("powers.staff.told")] : [])],
      unchanged: [t("powers.staff.rest")],
    };
  }
  /** A person who is to be forgotten: what it has of all this goes, its number stays. */
  function erased(login: string, { user, now, after }: Schemas["PersonPreview"]): { now: string[]; after: string[]; unchanged: string[] } {
    const state = (one: typeof now) => [
      t("powers.freeze.sessions", { n: one.sessions }),
      t(one.password ? "powers.erasure.password" : "powers.erasure.noPassword"),
      ...(now.second_factor ? [t(one.second_factor ? "powers.staff.factor" : "powers.erasure.noFactor")] : []),
      ...(now.notices ? [t(one.notices ? "powers.erasure.notices" : "powers.erasure.noNotices")] : []),
    ];
    return { now: [t("powers.erasure.now", { login }), ...state(now)], after: [t("powers.erasure.after"), ...state(after)], unchanged: [t("powers.erasure.unchanged", { n: user })] };
  }
  return { lines, erased };
}
