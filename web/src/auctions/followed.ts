/**
 * The announcements that one follows: kept by the exchange for a user of a member, on this device for everybody else and where the
 * venue's rules are older than following. What a device remembers is handed in as soon as a member's user is signed in on it; until
 * then it stands with the rest.
 */

import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";

import { useMe } from "@/me/store";
import { answer, api, keyed, persist } from "@/shared/api/client";
import { Problem } from "@/shared/api/problem";
import { useSession } from "@/shared/session";
import { useSettings } from "@/shared/settings";

import { after, both } from "./following";

export const useFollowed = defineStore("followed", () => {
  const [session, settings, me] = [useSession(), useSettings(), useMe()];
  /** What the exchange has; `undefined`: it has not said, or does not keep it for whoever is here. */
  const kept = ref<number[]>();
  /** What was changed here and is not in what the exchange said yet: whether each is followed. */
  const asked = ref<ReadonlyMap<number, boolean>>(new Map());
  const isKept = computed(() => session.user !== undefined && !session.isStaff);
  const ids = computed(() => (isKept.value ? after(both(kept.value ?? [], settings.followed), asked.value) : settings.followed));
  let newest = 0;

  async function send(change: { follow?: number[]; unfollow?: number[] }): Promise<number> {
    const [params, login] = [keyed(), session.user?.login];
    const done = await persist(() => api.POST("/api/v1/followed", { body: { follow: [], unfollow: [], ...change }, params }), () => session.user?.login !== login);
    return answer(done).sequence;
  }

  /** Reads what is followed as of an entry; an answer that was overtaken by a later question is left. */
  async function read(at: number): Promise<void> {
    const mine = ++newest;
    const { auctions } = answer(await api.GET("/api/v1/followed", { params: { header: { "Min-Sequence": at } } }));
    if (mine === newest) kept.value = auctions;
  }

  /** Whether the exchange does it: not before its venue puts the rules in force with which following came. */
  async function does(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (cause) {
      if (cause instanceof Problem && cause.reason === "rules_not_in_force") return false;
      throw cause;
    }
  }

  /** Hands in what this device remembers. What the exchange refuses stays here, and is handed in at the next sign-in. */
  async function merge(): Promise<void> {
    const mine = settings.followed;
    if (mine.length === 0) return;
    const done = await does(async () => void (await send({ follow: mine })));
    if (done) settings.followed = settings.followed.filter((one) => !mine.includes(one));
  }

  async function toggle(id: number): Promise<void> {
    if (!isKept.value) {
      settings.toggleFollowed(id);
      return;
    }
    const on = !ids.value.includes(id);
    const set = (to?: boolean): void => {
      const others = [...asked.value].filter(([one]) => one !== id);
      asked.value = new Map(to === undefined ? others : [...others, [id, to]]);
    };
    set(on);
    try {
      const done = await does(async () => read(await send(on ? { follow: [id] } : { unfollow: [id] })));
      if (settings.followed.includes(id) !== (on && !done)) settings.toggleFollowed(id);
    } finally {
      // What was asked again meanwhile is not answered yet.
      if (asked.value.get(id) === on) set();
    }
  }

  watch(
    () => (isKept.value ? me.followedAt : 0),
    (at, before) => {
      if (at === 0) {
        newest += 1;
        kept.value = undefined;
        asked.value = new Map();
        return;
      }
      (before ? read(at) : merge().catch(console.warn).then(() => read(at))).catch(console.warn);
    },
    { immediate: true },
  );

  return { ids, toggle };
});
