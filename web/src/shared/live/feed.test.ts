import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Clock } from "./clock";
import { Feed } from "./feed";

/** The other end of the connection. */
class Socket {
  static OPEN = 1;
  static all: Socket[] = [];
  readyState = 0;
  said: { subscribe?: string[]; unsubscribe?: string[]; from?: number }[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;
  constructor() {
    Socket.all.push(this);
  }
  send(text: string): void {
    this.said.push(JSON.parse(text) as Socket["said"][number]);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = Socket.OPEN;
    this.onopen?.();
  }
  says(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

beforeEach(() => {
  Socket.all = [];
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.stubGlobal("WebSocket", Socket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const turn = () => Promise.resolve();
const names = Array.from({ length: 100 }, (_, at) => `auctions/${at + 1}`);

// Protects the exchange's limit of fifty messages a second: a list that is scrolled subscribes to many channels at once.
describe("what is said to the exchange", () => {
  it("goes together, in its order", async () => {
    const feed = new Feed("ws://x", new Clock(() => 0), () => undefined);
    feed.open();
    const [socket] = Socket.all as [Socket];
    socket.opens();
    const leave = names.map((name) => feed.subscribe(name, () => undefined));
    await turn();
    expect(socket.said.map((one) => one.subscribe?.length)).toEqual([64, 36]);
    leave.slice(0, 10).forEach((one) => one());
    feed.subscribe("auctions/1", () => undefined);
    await turn();
    expect(socket.said.slice(2)).toEqual([{ unsubscribe: names.slice(0, 10) }, { subscribe: ["auctions/1"] }]);
    feed.close();
  });

  it("resumes the first channels and begins the others anew", async () => {
    const feed = new Feed("ws://x", new Clock(() => 0), () => undefined);
    feed.open();
    const [first] = Socket.all as [Socket];
    first.opens();
    for (const name of names) feed.subscribe(name, () => undefined);
    await turn();
    for (const channel of names) {
      first.says({ channel, sequence: 7, previous: null, kind: "snapshot", data: {} });
      first.says({ channel, sequence: 9, previous: 7, kind: "bid", data: {} });
    }
    first.onclose?.({ code: 1006 });
    vi.advanceTimersByTime(1_000);
    const second = Socket.all[1]!;
    second.opens();
    await turn();
    expect(second.said.length).toBeLessThan(50);
    expect(second.said[0]).toEqual({ subscribe: ["auctions/1"], from: 8 });
    expect(second.said.filter((one) => one.from === undefined).flatMap((one) => one.subscribe)).toEqual(names.slice(24));
    feed.close();
  });
});

/** A feed of one channel, live. */
async function lively(shut?: () => void) {
  const heard: string[] = [];
  const states: string[] = [];
  const feed = new Feed("ws://x", new Clock(() => 0), () => states.push(feed.state), shut);
  feed.open();
  const socket = Socket.all[0]!;
  socket.opens();
  const leave = feed.subscribe("auctions/1", ({ kind }) => heard.push(kind));
  await turn();
  const snapshot = (sequence: number) => socket.says({ channel: "auctions/1", sequence, previous: null, kind: "snapshot", data: {} });
  snapshot(7);
  socket.says({ kind: "time", data: { now: "2030-01-01T00:00:00Z" } });
  expect(feed.state).toBe("live");
  const asks = () => socket.said.flatMap((one) => one.subscribe ?? []).length;
  return { feed, socket, heard, states, leave, snapshot, asks };
}

// Protects what a person sees of a channel that the exchange refuses: the last price is not shown as current.
describe("a channel that is refused", () => {
  it.each(["too_many_subscriptions", "unknown_channel"])("is not current and is asked for again, ever more seldom (%s)", async (reason) => {
    const { feed, socket, heard, snapshot, asks } = await lively();
    const refuse = () => socket.says({ kind: "error", channel: "auctions/1", reason, detail: "no" });
    refuse();
    expect(feed.state).toBe("away");
    for (const wait of [1_000, 2_000, 4_000]) {
      const before = asks();
      vi.advanceTimersByTime(wait / 2 - 1);
      await turn();
      expect(asks()).toBe(before);
      vi.advanceTimersByTime(wait / 2 + 1);
      await turn();
      expect(asks()).toBe(before + 1);
      refuse();
      socket.says({ kind: "time", data: { now: "2030-01-01T00:00:05Z" } });
      expect(feed.state).toBe("away");
    }
    snapshot(9);
    expect(feed.state).toBe("live");
    expect(heard).toEqual(["snapshot", "snapshot"]);
    feed.close();
  });

  it("is of no concern once nobody reads it", async () => {
    const { feed, socket, leave, asks } = await lively();
    socket.says({ kind: "error", channel: "auctions/1", reason: "unknown_channel", detail: "no" });
    const before = asks();
    leave();
    expect(feed.state).toBe("live");
    vi.advanceTimersByTime(10_000);
    await turn();
    expect(asks()).toBe(before);
    expect(socket.said.some((one) => one.unsubscribe)).toBe(false);
    feed.close();
  });
});

// Protects the exchange's limit of fifty messages a second: in a duel of bids much comes before the new beginning.
it("asks once where something is missing, however much comes before the new beginning", async () => {
  const { feed, socket, heard, snapshot, asks } = await lively();
  const before = asks();
  for (let sequence = 10; sequence < 70; sequence += 1) {
    socket.says({ channel: "auctions/1", sequence, previous: sequence - 1, kind: "bid", data: {} });
    await turn();
  }
  expect(asks()).toBe(before + 1);
  expect(heard).toEqual(["snapshot"]);
  snapshot(70);
  socket.says({ channel: "auctions/1", sequence: 71, previous: 70, kind: "bid", data: {} });
  expect(heard).toEqual(["snapshot", "snapshot", "bid"]);
  feed.close();
});

// Protects who comes back to a session that has ended: a browser says nothing else than that the door stayed shut.
it("says that it could not get in, and nothing where it was in", async () => {
  const shut = vi.fn();
  const { feed, socket } = await lively(shut);
  socket.onclose?.({ code: 1006 });
  expect(shut).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  Socket.all[1]!.onclose?.({ code: 1006 });
  expect(shut).toHaveBeenCalledOnce();
  expect(feed.state).toBe("away");
  feed.close();
});
