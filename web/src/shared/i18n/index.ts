/** The two languages: Chinese first, English complete. The English texts have the type of the Chinese ones, so none is missing. */

import { createI18n } from "vue-i18n";

import zh from "./zh";

export type Messages = typeof zh;

export const i18n = createI18n<[Messages], "zh" | "en", false>({
  legacy: false,
  locale: "zh",
  fallbackLocale: "zh",
  missingWarn: true,
  messages: { zh, en: zh },
});

const loaded = new Set<string>(["zh"]);

/** Shows the app in this language. The second one is fetched when it is wanted. */
export async function speak(language: "zh" | "en"): Promise<void> {
  if (!loaded.has(language)) {
    i18n.global.setLocaleMessage("en", (await import("./en")).default);
    loaded.add(language);
  }
  i18n.global.locale.value = language;
}
