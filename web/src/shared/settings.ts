/** What this device is set to. Kept here and nowhere else; no secret is among it. */

import { defineStore } from "pinia";
import { ref, watch } from "vue";

export type Theme = "system" | "light" | "dark";
export type Language = "zh" | "en";

interface Kept {
  theme?: "light" | "dark";
  language?: Language;
  rising?: "red" | "green";
  confirm?: "hold" | "press";
  login?: string;
  favourites?: string[];
  toured?: boolean;
  second?: "passkey" | "code";
  panes?: Panes;
  followed?: number[];
}

/** How wide the outer panes of the terminal are, in pixels. */
export interface Panes {
  left: number;
  right: number;
}
export const PANES: Panes = { left: 280, right: 348 };

const PLACE = "bayan.settings";

function kept(): Kept {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Kept;
  } catch {
    return {};
  }
}

export const useSettings = defineStore("settings", () => {
  const from = kept();
  const theme = ref<Theme>(from.theme ?? "system");
  const language = ref<Language>(from.language ?? "zh");
  const rising = ref<"red" | "green">(from.rising ?? "red");
  /** How a bid is given: pressed and held, or pressed and confirmed. */
  const confirm = ref<"hold" | "press">(from.confirm ?? "hold");
  /** Who signed in here last. */
  const login = ref(from.login ?? "");
  const favourites = ref<string[]>(from.favourites ?? []);
  const toured = ref(from.toured ?? false);
  /** What was last chosen here where both serve: a device without one's passkey is not asked for it each time. */
  const second = ref<"passkey" | "code">(from.second ?? "passkey");

  const panes = ref<Panes>({ ...PANES, ...from.panes });
  /** Announcements that one follows, where the exchange does not keep them: whoever shows them asks `useFollowed`. */
  const followed = ref<number[]>(from.followed ?? []);

  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = ref(false);
  function show(): void {
    dark.value = theme.value === "system" ? system.matches : theme.value === "dark";
    const root = document.documentElement;
    root.dataset.theme = dark.value ? "dark" : "light";
    root.dataset.rising = rising.value;
    root.lang = language.value === "en" ? "en" : "zh-CN";
  }
  system.addEventListener("change", show);
  watch(
    [theme, language, rising, confirm, login, favourites, toured, second, panes, followed],
    () => {
      const now: Kept = {
        ...(theme.value === "system" ? {} : { theme: theme.value }),
        language: language.value,
        rising: rising.value,
        confirm: confirm.value,
        login: login.value,
        favourites: favourites.value,
        toured: toured.value,
        second: second.value,
        panes: panes.value,
        followed: followed.value,
      };
      localStorage.setItem(PLACE, JSON.stringify(now));
      show();
    },
    { deep: true },
  );
  show();

  function toggleFavourite(product: string): void {
    favourites.value = favourites.value.includes(product)
      ? favourites.value.filter((one) => one !== product)
      : [...favourites.value, product];
  }
  /** So many announcements are followed at the most: the oldest is let go. */
  const FOLLOWED_MOST = 200;
  function toggleFollowed(auction: number): void {
    followed.value = followed.value.includes(auction)
      ? followed.value.filter((one) => one !== auction)
      : [...followed.value, auction].slice(-FOLLOWED_MOST);
  }
  return { theme, language, rising, confirm, login, favourites, toured, second, panes, followed, dark, toggleFavourite, toggleFollowed };
});
