/** Before an act: what it would change, as the exchange works it out from its state. And the act itself, under a key made before its first try. */

import { computed, onUnmounted, ref, shallowRef, watch } from "vue";

import { answer, api, keyed, newKey, type Schemas } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import { explain } from "@/shared/explain";

export type Preview = Schemas["Preview"];
export type Asked = Schemas["NewPreview"];

/** What is typed is asked about when the fingers rest: longer, where asking leaves a line in the audit trail. */
const REST_MS = 250;
const REST_LOOK_MS = 700;
/** The state goes on while a person reads: this often what is shown is worked out anew. */
const AGAIN_MS = 5_000;

/**
 * What the act that `asked` names would change; while that is not whole, nothing. `lives`: it is asked again and again while it is
 * looked at. Not so what is a look into a member's funds, since each look is a line of the audit trail.
 */
export function usePreview(asked: () => Asked | undefined, { lives = false } = {}) {
  const shown = shallowRef<Preview>();
  const [refusal, reason] = [ref<string>(), ref<string>()];
  const isAsking = ref(false);
  let newest = 0;
  async function look(): Promise<void> {
    const body = asked();
    const mine = ++newest;
    if (!body) return;
    isAsking.value = true;
    try {
      const got = answer(await api.POST("/api/v1/previews", { body }));
      if (mine !== newest) return;
      [shown.value, refusal.value, reason.value] = [got, undefined, undefined];
    } catch (cause) {
      if (mine !== newest) return;
      [shown.value, refusal.value] = [undefined, explain(cause)];
      reason.value = cause instanceof Problem ? cause.reason : undefined;
    } finally {
      if (mine === newest) isAsking.value = false;
    }
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => JSON.stringify(asked()),
    (_, before) => {
      // Nobody agrees to figures of another act than the one that will be done.
      newest += 1;
      [shown.value, refusal.value, reason.value, isAsking.value] = [undefined, undefined, undefined, asked() !== undefined];
      clearTimeout(timer);
      if (before === undefined) void look();
      else timer = setTimeout(() => void look(), lives ? REST_MS : REST_LOOK_MS);
    },
    { immediate: true },
  );
  const again = lives ? setInterval(() => document.visibilityState === "visible" && void look(), AGAIN_MS) : undefined;
  onUnmounted(() => {
    newest += 1;
    clearTimeout(timer);
    clearInterval(again);
  });
  return { shown, refusal, reason, isAsking: computed(() => isAsking.value), look };
}

/**
 * Does an act once, however often the button is pressed. `wish` is all that makes it this act: what is wished otherwise has a new key,
 * what was asked and never answered is asked again under the old one.
 */
export function useAct(wish: () => unknown) {
  const [busy, said] = [ref(false), ref("")];
  let key = newKey();
  watch(
    () => JSON.stringify(wish()),
    () => {
      key = newKey();
      said.value = "";
    },
  );
  async function act(call: (params: ReturnType<typeof keyed>) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    said.value = "";
    try {
      await call(keyed(key));
      key = newKey();
      return true;
    } catch (cause) {
      said.value = explain(cause);
      if (!(cause instanceof Problem && cause.unknown)) key = newKey();
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, said, act };
}
