import { createPinia } from "pinia";
import { Notify, Quasar } from "quasar";
import lang from "quasar/lang/zh-CN";
import { createApp } from "vue";

import App from "./App.vue";
import { router } from "./router";
import { i18n, speak } from "./shared/i18n";
import { pause } from "./shared/pause";
import { useSettings } from "./shared/settings";

import "./shared/quasar.sass";
import "./shared/tokens.css";
import "./shared/base.css";

// The screen that is wanted comes while it is asked who is there. Where it does not come, the router says so when it wants it.
for (const { components } of router.resolve(location.pathname + location.search).matched) {
  const load: unknown = components?.default;
  if (typeof load === "function") (load as () => Promise<unknown>)().catch(() => undefined);
}

// Each step is a task of its own.
await pause();
const app = createApp(App);
app.use(createPinia()).use(i18n).use(Quasar, { plugins: { Notify }, lang });
await speak(useSettings().language);
await pause();
app.use(router);
// What stands in the page meanwhile goes when the first screen is there.
router.isReady().finally(async () => {
  await pause();
  app.mount("#app");
});
