import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { unanswered } from "@/shared/api/problem";

const session = { user: { login: "b1-trader" }, isStaff: false };
vi.mock("@/shared/session", () => ({ useSession: () => session }));
vi.mock("@/me/store", () => ({ useMe: () => ({ noticed: 0 }) }));
vi.mock("@/shared/explain", () => ({ explain: String }));
const [get, post] = [vi.fn<() => Promise<unknown>>(), vi.fn<() => Promise<unknown>>()];
vi.stubGlobal("location", { origin: "http://localhost" });
vi.mock("@/shared/api/client", async (real) => ({ ...(await real<object>()), api: { GET: () => get(), POST: () => post() } }));
const { useNotices } = await import("./store");

const page = (sequence: number) => ({ data: { items: [{ sequence, read: false }], next: null, unread: 1 } });
beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers();
  [get, post].forEach((one) => one.mockReset());
  session.user = { login: "b1-trader" };
});
afterEach(() => vi.useRealTimers());

// Protects the next person in this tab: what the one before asked to be marked as read is not asked with their session.
it("stops marking as read when somebody else has come", async () => {
  const notices = useNotices();
  get.mockResolvedValueOnce(page(7));
  await notices.load();
  post.mockRejectedValue(unanswered("away"));
  const read = notices.readAll();
  await vi.advanceTimersByTimeAsync(100);
  session.user = { login: "b2-trader" };
  notices.forget();
  const asked = post.mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  await read;
  expect(post.mock.calls.length).toBeLessThanOrEqual(asked + 1);
  expect(get).toHaveBeenCalledOnce();
});

it("does not show the next person what the one before asked for", async () => {
  const notices = useNotices();
  let come: (value: unknown) => void = () => undefined;
  get.mockReturnValueOnce(new Promise((resolve) => (come = resolve)));
  const loaded = notices.load();
  session.user = { login: "b2-trader" };
  notices.forget();
  come(page(7));
  await loaded;
  expect([notices.items, notices.unread]).toEqual([undefined, 0]);
});
