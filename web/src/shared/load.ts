/** Something that is fetched: loading, there, or failed with what to do. */

import { ref, type Ref, shallowRef } from "vue";

import { explain } from "./explain";

export interface Loaded<T> {
  value: Ref<T | undefined>;
  failure: Ref<string | undefined>;
  busy: Ref<boolean>;
  load: () => Promise<void>;
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
