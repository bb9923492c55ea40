/** What the staff's screens share: what waits, what is held, who is frozen, the day and the node. */

import { defineStore } from "pinia";
import { computed } from "vue";

import { answer, api, type Schemas } from "@/shared/api/client";
import { everything } from "@/shared/api/pages";
import { useLoad } from "@/shared/load";
import { useSession } from "@/shared/session";

export const useDesk = defineStore("desk", () => {
  const session = useSession();
  const query = { limit: 200 };
  const waiting = useLoad(() => everything(async (cursor) => answer(await api.GET("/api/v1/auctions", { params: { query: { ...query, status: "submitted", ...cursor } } }))));
  const approvals = useLoad(() => everything(async (cursor) => answer(await api.GET("/api/v1/approvals", { params: { query: { ...query, ...cursor } } }))));
  const halts = useLoad(() => everything(async (cursor) => answer(await api.GET("/api/v1/halts", { params: { query: { ...query, in_force: true, ...cursor } } }))));
  const suspended = useLoad(() => everything(async (cursor) => answer(await api.GET("/api/v1/auctions", { params: { query: { ...query, status: "suspended", ...cursor } } }))));
  const members = useLoad(() => everything(async (cursor) => answer(await api.GET("/api/v1/members", { params: { query: { ...query, ...cursor } } }))));
  const today = useLoad(async () => answer(await api.GET("/api/v1/today")));
  const node = useLoad(async () => answer(await api.GET("/api/v1/node")));
  const head = useLoad(async () => answer(await api.GET("/api/v1/head")));

  const frozen = computed(() => members.value.value?.filter((one) => one.frozen !== null) ?? []);

  /** Looks at all of it; at the members only where another number of them is frozen than is known, since they may be thousands. */
  async function look(): Promise<void> {
    await Promise.all([waiting, approvals, halts, suspended, today, node, head].map((one) => one.load()));
    const now = today.value.value;
    if (!members.value.value || (now && (now.frozen !== frozen.value.length || now.members !== members.value.value.length))) await members.load();
  }

  /** Whether this user may be the second person: of the role that asked, and another than who asked. */
  const mayDecide = (one: Schemas["Waiting"]): boolean => one.role === session.role && one.by !== session.user?.login;
  const toDecide = computed(() => approvals.value.value?.filter(mayDecide).length ?? 0);

  return { waiting, approvals, halts, suspended, members, today, node, head, frozen, mayDecide, toDecide, look };
});
