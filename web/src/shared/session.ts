/** Who is signed in. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { answer, api, keyed, type Schemas } from "./api/client";
import { Problem } from "./api/problem";
import type { Proof } from "./passkeys";
import { useSettings } from "./settings";

export type User = Schemas["UserView"];
export type Role = "trader" | "manager" | "operator" | "settlement" | "admin" | "auditor";

export const useSession = defineStore("session", () => {
  const user = ref<User>();
  /** Whether it has been asked who this is. */
  const asked = ref(false);
  /** The exchange does not answer who this is. */
  const unreachable = ref(false);
  /** Who signed in before, so that one comes back where one was after the session has ended. */
  const ended = ref(false);

  const role = computed(() => user.value?.role as Role | undefined);
  const isStaff = computed(() => user.value !== undefined && !["trader", "manager"].includes(user.value.role));
  const member = computed(() => user.value?.member ?? undefined);

  /** Whether this device may have a session; the session itself is where no script can see it. */
  const MARK = "bayan.session";

  async function ask(): Promise<void> {
    if (asked.value) return;
    if (!localStorage.getItem(MARK)) {
      asked.value = true;
      return;
    }
    try {
      user.value = answer(await api.GET("/api/v1/sessions/current")).user;
    } catch (cause) {
      unreachable.value = !(cause instanceof Problem) || cause.status !== 401;
      if (unreachable.value) throw cause;
      localStorage.removeItem(MARK);
    }
    unreachable.value = false;
    asked.value = true;
  }

  async function signIn(login: string, password: string, proof: Proof = {}): Promise<void> {
    const body = { login, password, cookie: true, ...proof };
    user.value = answer(await api.POST("/api/v1/sessions", { body })).user;
    asked.value = true;
    ended.value = false;
    localStorage.setItem(MARK, "1");
    useSettings().login = login;
  }

  async function setPassword(current: string, next: string): Promise<void> {
    await api.POST("/api/v1/password", { body: { current, new: next }, params: keyed() });
    if (user.value) user.value = { ...user.value, new_password_required: false };
  }

  async function signOut(): Promise<void> {
    try {
      await api.DELETE("/api/v1/sessions/current");
    } finally {
      user.value = undefined;
      localStorage.removeItem(MARK);
    }
  }

  /** The exchange says that the session is no more. */
  function end(): void {
    ended.value = user.value !== undefined;
    user.value = undefined;
  }

  return { user, asked, unreachable, ended, role, isStaff, member, ask, signIn, setPassword, signOut, end };
});
