/** Who is signed in. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { answer, api, keyed, type Schemas } from "./api/client";
import { Problem } from "./api/problem";
import { speakFor } from "./api/speaker";
import { leaveDevice, takeDevice } from "./device";
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
  /** Who has still to set a new password or a second factor is not in yet. */
  const isIn = computed(() => user.value !== undefined && !user.value.new_password_required && !user.value.second_factor_enrolment_required);
  const member = computed(() => user.value?.member ?? undefined);

  /**
   * The number of the user whose session this browser has; the session itself is where no script can see it. All tabs share
   * both: where somebody else signs in in one of them, the others are no longer who they show, and end.
   */
  const MARK = "bayan.session";

  /** Takes over who is signed in, for this tab and for all others to see. */
  function enter(of: User): void {
    user.value = of;
    speakFor(of.id, end);
    localStorage.setItem(MARK, String(of.id));
  }

  function leave(): void {
    user.value = undefined;
    speakFor();
  }

  /** Another tab has signed in or out; one that slept hears nothing of it, and looks when it wakes. */
  function compare(): void {
    if (user.value && localStorage.getItem(MARK) !== String(user.value.id)) end();
  }
  window.addEventListener("storage", (event) => (event.key === MARK || event.key === null) && compare());
  window.addEventListener("pageshow", compare);
  document.addEventListener("visibilitychange", compare);

  async function ask(): Promise<void> {
    if (asked.value) return;
    if (!localStorage.getItem(MARK)) {
      asked.value = true;
      return;
    }
    try {
      enter(answer(await api.GET("/api/v1/sessions/current")).user);
    } catch (cause) {
      unreachable.value = !(cause instanceof Problem) || cause.status !== 401;
      if (unreachable.value) throw cause;
      localStorage.removeItem(MARK);
    }
    unreachable.value = false;
    asked.value = true;
  }

  async function signIn(login: string, password: string, proof: Proof = {}): Promise<void> {
    // The exchange's cookie lives over TLS alone, or on its own machine; and no password goes out in the clear.
    if (!window.isSecureContext) throw new Problem(400, "insecure_page", location.host);
    const body = { login, password, cookie: true, ...proof };
    const signedIn = answer(await api.POST("/api/v1/sessions", { body })).user;
    asked.value = true;
    ended.value = false;
    enter(signedIn);
    const settings = useSettings();
    if (settings.login && settings.login !== login) takeDevice().catch(console.warn);
    settings.login = login;
  }

  async function setPassword(current: string, next: string): Promise<void> {
    await api.POST("/api/v1/password", { body: { current, new: next }, params: keyed() });
    if (user.value) user.value = { ...user.value, new_password_required: false };
  }

  /** Throws where the exchange has not said that the session is over: then it goes on, and nobody may be told otherwise. */
  async function signOut(): Promise<void> {
    await leaveDevice();
    try {
      await api.DELETE("/api/v1/sessions/current");
    } catch (cause) {
      if (!(cause instanceof Problem) || !cause.signedOut) throw cause;
      // It is over already; the mark is that of whoever has come meanwhile.
      if (cause.reason === "other_user") return;
    }
    leave();
    ended.value = false;
    localStorage.removeItem(MARK);
  }

  /** The session is no more, or it is somebody else's. */
  function end(): void {
    ended.value = user.value !== undefined;
    leave();
  }

  /** Asks whether the session still is; where it is not, the answer itself ends it. */
  function check(): void {
    api.GET("/api/v1/sessions/current").catch(() => undefined);
  }

  return { user, asked, unreachable, ended, role, isStaff, isIn, member, ask, signIn, setPassword, signOut, end, check };
});
