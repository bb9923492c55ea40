import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Problem, unanswered } from "@/shared/api/problem";

/** What the tabs of a browser share. */
const stored = new Map<string, string>();
vi.stubGlobal("localStorage", { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value) });
let listeners: ((event: { key: string }) => void)[] = [];
vi.stubGlobal("window", { addEventListener: (_: string, listener: (event: { key: string }) => void) => listeners.push(listener) });
/** Another tab has changed it. */
const elsewhere = (bids: unknown[]) => {
  stored.set("bayan.bids", JSON.stringify(bids));
  listeners.forEach((listener) => listener({ key: "bayan.bids" }));
};
const kept = () => (JSON.parse(stored.get("bayan.bids") ?? "[]") as { user: string; key: string; price: string }[]);

const session: { user: { login: string } | undefined } = { user: undefined };
vi.mock("@/shared/session", () => ({ useSession: () => session }));
const START = Date.parse("2030-01-01T00:00:00Z");
vi.mock("@/shared/live/store", () => ({ useLive: () => ({ clock: { now: () => Date.now() } }) }));
const post = vi.fn<(of: { params: { header: { "Idempotency-Key": string } }; body: { price: string } }) => Promise<unknown>>();
/** Sealed bids of one's own, the newest first. */
let sealed: { at: string; price: string; own: boolean }[] = [];
vi.mock("@/shared/api/client", async (real) => {
  vi.stubGlobal("location", { origin: "http://localhost" });
  return { ...(await real<object>()), api: { POST: (_: string, of: never) => post(of), GET: () => Promise.resolve({ data: { items: sealed } }) } };
});
const { useBidding } = await import("./bidding");

const placed = { data: { sequence: 7, best_before: null } };
const lot = { auction: 1, lot: "1", seen: undefined, sealed: false };
beforeEach(() => {
  setActivePinia(createPinia());
  vi.useFakeTimers({ now: START });
  [listeners, sealed] = [[], []];
  stored.clear();
  post.mockReset();
  session.user = { login: "b1-trader" };
});
afterEach(() => vi.useRealTimers());

// Protects the promise of a bid: answered, or said what is not known; kept while it is not answered; the same one each time.
describe("a bid", () => {
  it("is asked again under its key until it is answered, and given once", async () => {
    const bidding = useBidding();
    post.mockRejectedValueOnce(unanswered("cut")).mockResolvedValue(placed);
    const given = bidding.bid({ ...lot, price: 100n });
    void bidding.bid({ ...lot, price: 200n });
    await vi.runAllTimersAsync();
    await given;
    expect(post).toHaveBeenCalledTimes(2);
    expect(new Set(post.mock.calls.map(([of]) => of.params.header["Idempotency-Key"])).size).toBe(1);
    expect(bidding.outcome(1, "1")).toMatchObject({ kind: "accepted", price: 100n });
    expect(kept()).toEqual([]);
  });

  it("leaves the pad free whatever went wrong", async () => {
    const bidding = useBidding();
    post.mockRejectedValue(new TypeError("a fault of ours"));
    await expect(bidding.bid({ ...lot, price: 100n })).rejects.toThrow("a fault of ours");
    expect(bidding.isPending(1, "1")).toBe(false);
  });

  it("is given up after nine minutes, and that is said", async () => {
    const bidding = useBidding();
    post.mockRejectedValue(unanswered("away"));
    void bidding.bid({ ...lot, price: 100n });
    await vi.advanceTimersByTimeAsync(8 * 60_000);
    expect(bidding.isPending(1, "1")).toBe(true);
    await vi.advanceTimersByTimeAsync(61_000 + 5_000);
    expect(bidding.isPending(1, "1")).toBe(false);
    expect(bidding.outcome(1, "1")).toMatchObject({ kind: "unknown", price: 100n });
  });
});

// Protects one lot before several tabs: where one has a bid under way, none gives another; where one is gone, another asks.
describe("a bid of another tab", () => {
  const other = { key: "k", user: "b1-trader", auction: 1, lot: "1", price: "1.00", at: START, given: START };

  it("blocks this one, until it is answered there", async () => {
    const bidding = useBidding();
    elsewhere([other]);
    expect(bidding.isPending(1, "1")).toBe(true);
    await bidding.bid({ ...lot, price: 200n });
    expect(post).not.toHaveBeenCalled();
    elsewhere([]);
    expect(bidding.isPending(1, "1")).toBe(false);
  });

  it("blocks also before this tab was told", async () => {
    const bidding = useBidding();
    stored.set("bayan.bids", JSON.stringify([other]));
    await bidding.bid({ ...lot, price: 200n });
    expect(post).not.toHaveBeenCalled();
  });

  it("is asked from here where nobody answers it there", async () => {
    const bidding = useBidding();
    post.mockResolvedValue(placed);
    elsewhere([other]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(post.mock.calls.map(([of]) => of.params.header["Idempotency-Key"])).toEqual(["k"]);
    expect(bidding.outcome(1, "1")).toMatchObject({ kind: "accepted" });
  });

  it("of another person blocks nobody", () => {
    const bidding = useBidding();
    elsewhere([{ ...other, user: "x" }]);
    expect(bidding.isPending(1, "1")).toBe(false);
  });
});

// Protects the last word of a bidder in a sealed lot: a bid whose answer was lost never replaces a newer one.
describe("a sealed bid that was not answered", () => {
  const late = { ...lot, sealed: true, price: 10_000n };

  it("is not sent again where a newer one was given on another device", async () => {
    const bidding = useBidding();
    post.mockRejectedValueOnce(unanswered("cut"));
    void bidding.bid(late);
    await vi.advanceTimersByTimeAsync(0);
    sealed = [{ at: "2030-01-01T00:00:01Z", price: "110.00", own: true }];
    await vi.runAllTimersAsync();
    expect(post).toHaveBeenCalledOnce();
    expect(bidding.outcome(1, "1")).toEqual({ kind: "newer", price: 10_000n });
    expect(kept()).toEqual([]);
  });

  it.each([
    ["an older one", [{ at: "2029-12-31T23:59:59Z", price: "90.00", own: true }]],
    ["itself", [{ at: "2030-01-01T00:00:01Z", price: "100.00", own: true }]],
    ["none", []],
  ])("is sent again where there is %s", async (_, before) => {
    const bidding = useBidding();
    post.mockRejectedValueOnce(unanswered("cut")).mockResolvedValue(placed);
    void bidding.bid(late);
    await vi.advanceTimersByTimeAsync(0);
    sealed = before;
    await vi.runAllTimersAsync();
    expect(post).toHaveBeenCalledTimes(2);
    expect(bidding.outcome(1, "1")).toMatchObject({ kind: "accepted" });
  });
});

// Protects who no longer wants a bid that waits, and what is said of it.
it("a bid that is let go is not sent again, and its late answer does not hide the next one's", async () => {
  const bidding = useBidding();
  post.mockRejectedValueOnce(unanswered("cut"));
  void bidding.bid({ ...lot, price: 100n });
  await vi.advanceTimersByTimeAsync(0);
  bidding.drop(1, "1");
  expect(bidding.outcome(1, "1")).toEqual({ kind: "dropped", price: 100n });
  await vi.runAllTimersAsync();
  expect(post).toHaveBeenCalledOnce();
  expect(bidding.outcome(1, "1")).toEqual({ kind: "dropped", price: 100n });
  expect(kept()).toEqual([]);

  let late: (value: unknown) => void = () => undefined;
  post.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
  void bidding.bid({ ...lot, price: 100n });
  bidding.drop(1, "1");
  post.mockResolvedValueOnce(placed);
  await bidding.bid({ ...lot, price: 200n });
  late(placed);
  await vi.runAllTimersAsync();
  expect(bidding.outcome(1, "1")).toMatchObject({ kind: "accepted", price: 200n });
});

// Protects the next person before this tab, and the bid of who was signed out before it was answered.
describe("somebody else", () => {
  it("sees nothing of it; it is asked again when its bidder is back", async () => {
    const bidding = useBidding();
    post.mockRejectedValueOnce(unanswered("cut"));
    void bidding.bid({ ...lot, price: 100n });
    await vi.advanceTimersByTimeAsync(0);
    session.user = { login: "b2-trader" };
    bidding.forget();
    bidding.resume();
    await vi.runAllTimersAsync();
    expect(post).toHaveBeenCalledOnce();
    expect([bidding.isPending(1, "1"), bidding.outcome(1, "1")]).toEqual([false, undefined]);
    expect(kept().map((one) => one.user)).toEqual(["b1-trader"]);
    post.mockResolvedValue(placed);
    session.user = { login: "b1-trader" };
    bidding.forget();
    bidding.resume();
    await vi.runAllTimersAsync();
    expect(post).toHaveBeenCalledTimes(2);
    expect(bidding.outcome(1, "1")).toMatchObject({ kind: "accepted", price: 100n });
    expect(kept()).toEqual([]);
  });

  it.each(["not_signed_in", "other_user"])("signed in in another tab: %s refuses it, and it is kept", async (reason) => {
    const bidding = useBidding();
    post.mockRejectedValueOnce(new Problem(409, reason, ""));
    await bidding.bid({ ...lot, price: 100n });
    expect(bidding.isPending(1, "1")).toBe(false);
    expect(kept().length).toBe(1);
  });

  it("does not read what is too old to be asked again", () => {
    const bidding = useBidding();
    stored.set("bayan.bids", JSON.stringify([{ key: "k", user: "x", auction: 1, lot: "1", price: "1.00", at: START - 9 * 60_000, given: 0 }]));
    bidding.resume();
    expect(kept()).toEqual([]);
  });
});
