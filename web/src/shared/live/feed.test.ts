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
