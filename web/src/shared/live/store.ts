/** The live connection of this tab: its state, the exchange's clock, and a time that ticks for what is on screen. */

import { defineStore } from "pinia";
import { computed, ref, shallowRef } from "vue";

import { useSession } from "../session";
import { Clock } from "./clock";
import { Feed, type State } from "./feed";
import type { Message } from "./messages";

/** Countdowns show whole seconds; this often they are looked at. */
const TICK_MS = 200;

export const useLive = defineStore("live", () => {
  const session = useSession();
  const clock = new Clock();
  const state = ref<State>("connecting");
  /** Since when what is shown may be wrong, by the exchange's clock. */
  const staleSince = ref<number>();
  /** The exchange's time, as of the last tick. */
  const now = ref(clock.now());
  const feed = shallowRef<Feed>();

  const isLive = computed(() => state.value === "live");

  function changed(): void {
    const next = feed.value?.state ?? "connecting";
    if (next === "away") staleSince.value ??= feed.value?.heardAt;
    if (next === "live") staleSince.value = undefined;
    state.value = next;
    if (next === "ended") session.end();
  }

  function open(): void {
    if (feed.value) return;
    const url = `${location.origin.replace(/^http/, "ws")}/api/v1/feed?user=${session.user?.id}`;
    feed.value = new Feed(url, clock, changed, session.check);
    feed.value.open();
  }

  function close(): void {
    feed.value?.close();
    feed.value = undefined;
    state.value = "connecting";
    staleSince.value = undefined;
  }

  function subscribe(channel: string, listener: (message: Message) => void): () => void {
    open();
    return feed.value!.subscribe(channel, listener);
  }

  setInterval(() => {
    if (document.visibilityState === "visible") now.value = clock.now();
  }, TICK_MS);
  const wake = () => {
    if (document.visibilityState !== "visible") return;
    now.value = clock.now();
    feed.value?.wake();
  };
  document.addEventListener("visibilitychange", wake);
  window.addEventListener("online", wake);

  return { clock, state, staleSince, now, isLive, open, close, subscribe };
});
