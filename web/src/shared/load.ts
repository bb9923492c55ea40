/** Something that is fetched: loading, there, or failed with what to do. */

import { computed, ref, type Ref, shallowRef } from "vue";

import { explain } from "./explain";

export interface Loaded<T> {
  value: Ref<T | undefined>;
  failure: Ref<string | undefined>;
  busy: Ref<boolean>;
  load: () => Promise<void>;
}

export interface Paged<T> {
  items: Ref<T[] | undefined>;
  next: Ref<string | undefined>;
  failure: Ref<string | undefined>;
  busy: Ref<boolean>;
  /** Fetches the newest page. */
  load: () => Promise<void>;
  more: () => Promise<void>;
}

/** A list in pages, the newest first. After something has changed it begins anew at the newest page. */
export function usePages<T>(fetch: (cursor: string | undefined) => Promise<{ items: T[]; next?: string | null }>): Paged<T> {
  const items = shallowRef<T[]>();
  const next = ref<string>();
  const newest = useLoad(async () => {
    const page = await fetch(undefined);
    [items.value, next.value] = [page.items, page.next ?? undefined];
  });
  const older = useLoad(async () => {
    const [before, cursor] = [items.value ?? [], next.value];
    if (cursor === undefined) return;
    const page = await fetch(cursor);
    // The newest page came meanwhile: this one no longer follows.
    if (items.value !== before) return;
    [items.value, next.value] = [[...before, ...page.items], page.next ?? undefined];
  });
  return { items, next, failure: computed(() => newest.failure.value ?? older.failure.value), busy: computed(() => newest.busy.value || older.busy.value), load: newest.load, more: older.load };
}

/** Fetches when `load` is called; only the newest call counts. */
export function useLoad<T>(fetch: () => Promise<T>): Loaded<T> {
  const value = shallowRef<T>();
  const failure = ref<string>();
  const busy = ref(false);
  let newest = 0;
  async function load(): Promise<void> {
    const mine = ++newest;
    busy.value = true;
    try {
      const got = await fetch();
      if (mine !== newest) return;
      value.value = got;
      failure.value = undefined;
    } catch (cause) {
      if (mine !== newest) return;
      failure.value = explain(cause);
    } finally {
      if (mine === newest) busy.value = false;
    }
  }
  return { value, failure, busy, load };
}
