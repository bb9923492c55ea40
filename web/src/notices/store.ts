/** What one was told: kept by the exchange, read and unread on all of one's devices; and how one wants to be told. */

import { defineStore } from "pinia";
import { computed, ref, watch as follow } from "vue";

import { useMe } from "@/me/store";
import { answer, api, keyed, persist, type Schemas } from "@/shared/api/client";
import { explain } from "@/shared/explain";
import { useSession } from "@/shared/session";

import { merge } from "./merge";

export type Notice = Schemas["Notice"];
export type Settings = Schemas["NoticeSettings"];
export type Channel = "app" | "push" | "email" | "wecom" | "sms";
export const CHANNELS: Channel[] = ["app", "push", "email", "wecom", "sms"];
export const KINDS = ["overtaken", "ends_soon", "won", "lost", "sold", "approved", "refused", "released"] as const;

const PAGE = 50;
/** The list is asked anew at most this often: in a duel of bids news comes many times a second. */
const PAUSE_MS = 500;

export const useNotices = defineStore("notices", () => {
  const me = useMe();
  const items = ref<Notice[]>();
  const next = ref<string>();
  const unread = ref(0);
  const failure = ref<string>();
  const busy = ref(false);
  const seen = ref<Schemas["NoticeSettingsSeen"]>();
  const readers = new Set<(notice: Notice) => void>();
  let newest: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let stop: (() => void) | undefined;

  /** Whether somebody else has come since: what was asked for before is not theirs. */
  function guard(): () => boolean {
    const session = useSession();
    const login = session.user?.login;
    return () => session.user?.login !== login;
  }

  async function load(): Promise<void> {
    busy.value = true;
    const isOther = guard();
    try {
      const header = me.noticed ? { "Min-Sequence": me.noticed } : {};
      const page = answer(await api.GET("/api/v1/notices", { params: { query: { limit: PAGE }, header } }));
      if (isOther()) return;
      const merged = merge({ items: items.value ?? [], next: next.value }, page);
      [items.value, next.value] = [merged.items, merged.next];
      unread.value = page.unread;
      failure.value = undefined;
      tell(page.items);
    } catch (cause) {
      if (!isOther()) failure.value = explain(cause);
    } finally {
      busy.value = false;
    }
  }

  /** Says what came while the app was open, oldest first. */
  function tell(page: Notice[]): void {
    const fresh = newest === undefined ? [] : page.filter((one) => !one.read && one.sequence > newest!);
    newest = Math.max(newest ?? 0, page[0]?.sequence ?? 0);
    for (const one of fresh.reverse()) for (const reader of readers) reader(one);
  }

  async function more(): Promise<void> {
    if (next.value === undefined) return;
    const isOther = guard();
    const page = answer(await api.GET("/api/v1/notices", { params: { query: { limit: PAGE, cursor: next.value } } }));
    if (isOther()) return;
    items.value = [...(items.value ?? []), ...page.items];
    next.value = page.next ?? undefined;
  }

  /** Asks at once, and once more after a while for what came meanwhile. */
  function soon(): void {
    if (timer !== undefined) {
      again = true;
      return;
    }
    void load();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) {
        again = false;
        soon();
      }
    }, PAUSE_MS);
  }

  async function readAll(): Promise<void> {
    const first = items.value?.[0];
    if (!first || unread.value === 0) return;
    const params = keyed();
    const isOther = guard();
    try {
      await persist(() => api.POST("/api/v1/notices/read", { body: { up_to: first.sequence }, params }), isOther);
    } catch (cause) {
      // Who asked for it is gone.
      if (isOther()) return;
      throw cause;
    }
    if (!isOther()) await load();
  }

  async function readSettings(): Promise<void> {
    seen.value = answer(await api.GET("/api/v1/notices/settings"));
  }

  /** Whether the app speaks up about a kind while it is open. */
  const speaks = (kind: string) => seen.value?.settings.kinds[kind]?.includes("app") ?? true;

  function watch(): void {
    const session = useSession();
    if (stop || session.user === undefined || session.isStaff) return;
    stop = follow(() => me.noticed, soon);
    soon();
    readSettings().catch(console.warn);
  }

  function onNotice(reader: (notice: Notice) => void): () => void {
    readers.add(reader);
    return () => readers.delete(reader);
  }

  function forget(): void {
    stop?.();
    clearTimeout(timer);
    stop = timer = newest = undefined;
    again = false;
    items.value = next.value = failure.value = seen.value = undefined;
    unread.value = 0;
  }

  const shown = computed(() => (unread.value > 99 ? "99+" : String(unread.value)));
  return { items, next, unread, shown, failure, busy, seen, load, more, readAll, readSettings, speaks, onNotice, watch, forget };
});
