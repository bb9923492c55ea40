/** A new version of the app is offered, never forced: a half-written form stays. */

import type { QVueGlobals } from "quasar";
import { registerSW } from "virtual:pwa-register";

export function offerUpdates(quasar: QVueGlobals, t: (key: string) => string): void {
  if (!import.meta.env.PROD) return;
  const update = registerSW({
    onNeedRefresh() {
      quasar.notify({
        message: t("live.updateReady"),
        timeout: 0,
        position: "top",
        classes: "toast",
        actions: [{ label: t("live.update"), noCaps: true, handler: () => void update(true) }],
      });
    },
  });
}
