/** A new version of the app is offered, never forced: a half-written form stays. */

import type { QVueGlobals } from "quasar";
import { registerSW } from "virtual:pwa-register";

/** The next version is fetched when this one stands: the first screen has the network and the processor to itself. */
const AFTER_MS = 4_000;

export function offerUpdates(quasar: QVueGlobals, t: (key: string) => string): void {
  if (import.meta.env.PROD) setTimeout(() => register(quasar, t), AFTER_MS);
}

function register(quasar: QVueGlobals, t: (key: string) => string): void {
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
