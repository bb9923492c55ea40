/** What a halt concerns, in words. */

import type { Schemas } from "@/shared/api/client";

type Translate = (key: string, parameters?: Record<string, unknown>) => string;

export function scopeText(t: Translate, scope: Schemas["HaltScope"] | Schemas["NewHaltScope"]): string {
  if (scope.kind === "product") return t("powers.halt.ofProduct", { product: scope.product ?? "" });
  if (scope.kind === "mode") return t(`powers.halt.modes.${scope.mode}`);
  return t("powers.halt.kinds.market");
}
