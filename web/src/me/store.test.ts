import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { unanswered } from "@/shared/api/problem";
import type { Message } from "@/shared/live/messages";

const session = { user: { login: "b1-trader" }, isStaff: false, role: "trader" };
vi.mock("@/shared/session", () => ({ useSession: () => session }));
let hear: (message: Message) => void = () => undefined;
vi.mock("@/shared/live/store", () => ({ useLive: () => ({ subscribe: (_: string, listener: (message: Message) => void) => ((hear = listener), () => undefined) }) }));
const get = vi.fn<() => Promise<unknown>>();
vi.stubGlobal("location", { origin: "http://localhost" });
vi.mock("@/shared/api/client", async (real) => ({ ...(await real<object>()), api: { GET: () => get() } }));
const { useMe } = await import("./store");

const snapshot = () => hear({ channel: "me", sequence: 1, previous: null, kind: "snapshot", data: { funds: { available: "1.00", held: "0.00" }, aliases: [], sealed_bids: [] } });
const limits = (most: string | null) => ({ data: { bid_amount_max: most, given_max: null } });
beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers();
  get.mockReset();
  session.user = { login: "b1-trader" };
});
afterEach(() => vi.useRealTimers());

// Protects a trader's own limit: no answer to it is not "no limit", and what was changed elsewhere is known after a reconnection.
it("is not known until it was answered, and is read anew with each new beginning", async () => {
  const me = useMe();
  me.watch();
  get.mockRejectedValueOnce(unanswered("cut")).mockResolvedValueOnce(limits("100.00"));
  snapshot();
  await vi.advanceTimersByTimeAsync(0);
  expect([me.limitKnown, me.limit]).toEqual([false, undefined]);
  await vi.runAllTimersAsync();
  expect([me.limitKnown, me.limit]).toEqual([true, 10_000n]);
  get.mockResolvedValueOnce(limits("50.00"));
  snapshot();
  await vi.runAllTimersAsync();
  expect(me.limit).toBe(5_000n);
});

it("of the one before is not the next one's", async () => {
  const me = useMe();
  me.watch();
  let come: (value: unknown) => void = () => undefined;
  get.mockReturnValueOnce(new Promise((resolve) => (come = resolve)));
  snapshot();
  session.user = { login: "b2-trader" };
  me.forget();
  come(limits("100.00"));
  await vi.runAllTimersAsync();
  expect([me.limitKnown, me.limit]).toEqual([false, undefined]);
});
