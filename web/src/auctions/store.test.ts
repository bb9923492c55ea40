import { createPinia, setActivePinia } from "pinia";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Problem } from "@/shared/api/problem";
import type { Message } from "@/shared/live/messages";

vi.stubGlobal("requestAnimationFrame", (run: () => void) => (run(), 0));
vi.stubGlobal("cancelAnimationFrame", () => undefined);
const hear = new Map<string, (message: Message) => void>();
vi.mock("@/shared/live/store", () => ({ useLive: () => ({ subscribe: (name: string, listener: (message: Message) => void) => (hear.set(name, listener), () => hear.delete(name)) }) }));
vi.mock("@/shared/explain", () => ({ explain: (cause: Error) => cause.message }));
const get = vi.fn<(path: string, of: unknown) => Promise<unknown>>();
vi.mock("@/shared/api/client", () => ({ api: { GET: (path: string, of: unknown) => get(path, of) }, answer: ({ data }: { data: unknown }) => data }));
const { useAuctions } = await import("./store");

const bid = (sequence: number) => ({ sequence, at: "2030-01-01T00:00:00Z", price: `${sequence}.00`, bidder: "#1", own: false });
const view = { id: 1, title: "", side: "sale", format: "open", initiator: "", product: "", unit: "t", status: "running", opens: "", closes: "", suspended_at: null, reason: "", attachments: [], bidding: { start_price: "1", step: "1", countdown: "1s", margin_rate: "0.1" }, lots: [{ code: "1", quantity: "1", status: "running", end: "" }] };
const snapshot = () => hear.get("auctions/1")!({ channel: "auctions/1", sequence: 1, previous: null, kind: "snapshot", data: view });
beforeEach(() => {
  setActivePinia(createPinia());
  get.mockReset();
});

// Protects what a person reads of the bids of a lot: "no bid yet" is said only where it is known.
describe("the ladder", () => {
  it("is not known while it is read, and keeps what came meanwhile", async () => {
    const auctions = useAuctions();
    auctions.watch(1);
    snapshot();
    expect(auctions.ladder(1, "1")).toBeUndefined();
    let come: (value: unknown) => void = () => undefined;
    get.mockReturnValue(new Promise((resolve) => (come = resolve)));
    const filled = auctions.fill(1, "1");
    hear.get("auctions/1")!({ channel: "auctions/1", sequence: 9, previous: 1, kind: "bid", data: { ...bid(9), lot: "1", end: "2030-01-01T00:00:00Z" } });
    expect(auctions.ladder(1, "1")).toBeUndefined();
    come({ data: { items: [bid(7), bid(5)], next: 5 } });
    await filled;
    expect(auctions.ladder(1, "1")!.map((rung) => rung.sequence)).toEqual([9, 7, 5]);
    // Of a lot with many bids the last ones are read, not all.
    expect(get).toHaveBeenCalledOnce();
    expect(get.mock.calls[0]![1]).toMatchObject({ params: { query: { order: "newest", limit: 500 } } });
  });

  it("is empty only where nobody has bid", async () => {
    const auctions = useAuctions();
    auctions.watch(1);
    get.mockResolvedValue({ data: { items: [], next: null } });
    await auctions.fill(1, "1");
    expect(auctions.ladder(1, "1")).toEqual([]);
  });

  it("says where it could not be read anew, until it was", async () => {
    const auctions = useAuctions();
    auctions.watch(1);
    get.mockResolvedValueOnce({ data: { items: [bid(5)], next: null } });
    await auctions.fill(1, "1");
    get.mockRejectedValueOnce(new Problem(0, "unanswered", "away"));
    snapshot();
    await vi.waitFor(() => expect(auctions.ladderFailure(1, "1")).toBe("away"));
    expect(auctions.ladder(1, "1")!.length).toBe(1);
    get.mockResolvedValueOnce({ data: { items: [bid(6), bid(5)], next: null } });
    await auctions.fill(1, "1");
    expect(auctions.ladderFailure(1, "1")).toBeUndefined();
    expect(auctions.ladder(1, "1")!.length).toBe(2);
  });
});
