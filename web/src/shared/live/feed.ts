/**
 * The one connection of this tab to the live feed, shared by all screens. It reconnects by itself, resumes where it was,
 * notices a gap, and says when what is shown is no longer current.
 */

import type { Clock } from "./clock";
import type { Message, Raw } from "./messages";

/** `live`: everything shown is current. `away`: it is not. `ended`: the session has ended. */
export type State = "connecting" | "live" | "away" | "ended";

type Listener = (message: Message) => void;

interface Channel {
  listeners: Set<Listener>;
  /** The last message that everyone has; undefined: none yet, or what we have is not whole. */
  sequence: number | undefined;
  /** After a reconnection: the messages of the last entry come again, since one of them may have been missed. */
  resuming: boolean;
  /** Whether that last message was a snapshot: then nothing need come again, and a new snapshot is asked for. */
  whole: boolean;
  /** Whether it was asked to begin anew, and has not yet: what still comes of before is no reason to ask again. */
  asked: boolean;
  /** Refused so many times in a row: it is asked for again after a while, longer each time. */
  refusals: number;
  again: ReturnType<typeof setTimeout> | undefined;
}

/** The exchange says the time every 5 s: longer silence than this and nothing is current. */
const SILENCE_MS = 11_000;
const BACK_OFF_FIRST_MS = 250;
const BACK_OFF_MOST_MS = 10_000;
/** After how long a refused channel is asked for again, at first and at the most. */
const REFUSED_FIRST_MS = 1_000;
const REFUSED_MOST_MS = 30_000;
const SESSION_ENDED = 4401;
/** The exchange takes so many messages a second of one reader, of so many bytes: names go together, and only the first channels are resumed one by one. */
const NAMES_MOST = 64;
const RESUMED_MOST = 24;

export class Feed {
  state: State = "connecting";
  /** When the last message came, by the exchange's clock. */
  heardAt: number | undefined;

  private socket: WebSocket | undefined;
  private channels = new Map<string, Channel>();
  /** Channels that have not said anything since this connection began: until they have, what is shown is from before. */
  private silent = new Set<string>();
  private timed = false;
  private backOff = BACK_OFF_FIRST_MS;
  private again: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setInterval> | undefined;
  private heard = { since: 0, date: 0 };
  /** What is said to the exchange at the end of this turn. */
  private turn: { subscribe?: string[]; unsubscribe?: string[]; from?: number }[] = [];

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly changed: () => void,
    /** The door stayed shut: a browser does not say whether there is no network or no session any more. */
    private readonly shut: () => void = () => undefined,
  ) {}

  /** Connects, and stays connected until `close`. */
  open(): void {
    if (this.socket || this.again) return;
    this.watch ??= setInterval(() => this.look(), 1_000);
    this.connect();
  }

  /** Ends the connection for good. */
  close(): void {
    clearTimeout(this.again);
    clearInterval(this.watch);
    this.again = this.watch = undefined;
    const socket = this.socket;
    this.socket = undefined;
    socket?.close();
    for (const channel of this.channels.values()) clearTimeout(channel.again);
    this.channels.clear();
    this.enter("connecting");
  }

  /**
   * Reads a channel from now on: a snapshot first. After a reconnection the messages of the last entry may come once
   * more, with the same sequence: a listener takes them twice without harm.
   */
  subscribe(name: string, listener: Listener): () => void {
    let channel = this.channels.get(name);
    if (!channel) this.channels.set(name, (channel = { listeners: new Set(), sequence: undefined, resuming: false, whole: false, asked: false, refusals: 0, again: undefined }));
    channel.listeners.add(listener);
    channel.sequence = undefined;
    this.ask(name);
    return () => {
      const known = this.channels.get(name);
      if (!known?.listeners.delete(listener) || known.listeners.size > 0) return;
      clearTimeout(known.again);
      this.channels.delete(name);
      this.answered(name);
      // Of what was refused there is nothing to leave.
      if (known.refusals === 0) this.say("unsubscribe", name);
    };
  }

  /** The page is looked at again, or the network is back: what came meanwhile is found out at once. */
  wake(): void {
    if (this.again) {
      clearTimeout(this.again);
      this.again = undefined;
      this.connect();
    } else this.look();
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.mark();
    this.timed = false;
    let opened = false;
    this.silent = new Set(this.channels.keys());
    socket.onopen = () => {
      opened = true;
      // What waits to be said is of the connection before.
      this.turn = [];
      for (const [at, name] of [...this.channels.keys()].entries()) this.ask(name, at < RESUMED_MOST);
    };
    socket.onmessage = (event) => {
      if (this.socket === socket) this.hear(JSON.parse(String(event.data)) as Raw);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      this.socket = undefined;
      if (event.code === SESSION_ENDED) {
        this.enter("ended");
        return;
      }
      this.lost();
      if (!opened) this.shut();
    };
  }

  private lost(): void {
    this.enter("away");
    const wait = this.backOff * (0.5 + Math.random() / 2);
    this.backOff = Math.min(this.backOff * 2, BACK_OFF_MOST_MS);
    this.again = setTimeout(() => {
      this.again = undefined;
      this.connect();
    }, wait);
  }

  /** Silence: the connection may be dead without having said so. */
  private look(): void {
    const socket = this.socket;
    if (!socket || this.silence() < SILENCE_MS) return;
    this.socket = undefined;
    socket.close();
    this.lost();
  }

  private mark(): void {
    this.heard = { since: performance.now(), date: Date.now() };
  }

  /**
   * For how long nothing was heard, at the most: while a phone sleeps the time since the page was opened may stand
   * still, and the date may be set back. Too much costs a reconnection; too little would show an old price as current.
   */
  private silence(): number {
    return Math.max(performance.now() - this.heard.since, Date.now() - this.heard.date);
  }

  private ask(name: string, mayResume = true): void {
    const channel = this.channels.get(name);
    if (!channel) return;
    clearTimeout(channel.again);
    if (channel.sequence === undefined || channel.whole || !mayResume) {
      channel.sequence = undefined;
      channel.asked = true;
      this.say("subscribe", name);
      return;
    }
    channel.resuming = true;
    this.say("subscribe", name, channel.sequence - 1);
  }

  /** Says it at the end of this turn, together with what else is said in it. */
  private say(what: "subscribe" | "unsubscribe", name: string, from?: number): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    const last = this.turn.at(-1);
    const names = last?.[what];
    if (names && names.length < NAMES_MOST && last?.from === undefined && from === undefined) names.push(name);
    else this.turn.push({ [what]: [name], ...(from === undefined ? {} : { from }) });
    if (this.turn.length === 1 && this.turn[0]?.[what]?.length === 1) queueMicrotask(() => this.speak());
  }

  private speak(): void {
    const said = this.turn;
    this.turn = [];
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    for (const message of said) this.socket.send(JSON.stringify(message));
  }

  private hear(raw: Raw): void {
    // What waited while the device slept is not the present: it is asked for anew.
    if (this.silence() >= SILENCE_MS) {
      this.look();
      return;
    }
    this.mark();
    if (raw.kind === "time") {
      this.clock.hear(Date.parse((raw.data as { now: string }).now));
      this.heardAt = this.clock.now();
      this.backOff = BACK_OFF_FIRST_MS;
      this.timed = true;
      this.settle();
      return;
    }
    this.heardAt = this.clock.now();
    if (raw.kind === "error") {
      if (raw.channel && raw.reason !== "not_subscribed") this.refused(raw.channel);
      console.warn(`feed: ${raw.reason}: ${raw.detail}`);
      return;
    }
    const channel = raw.channel === undefined ? undefined : this.channels.get(raw.channel);
    if (!channel || raw.sequence === undefined) return;
    const message = raw as Message;
    const known = channel.sequence;
    if (channel.asked && message.kind !== "snapshot") return;
    const repeated =
      channel.resuming && known !== undefined && message.previous !== null && message.previous <= known;
    channel.resuming &&= message.kind !== "snapshot" && message.sequence === known;
    if (message.kind !== "snapshot" && message.previous !== known && !repeated) {
      // Something is missing before this: begin anew rather than show what may be wrong.
      channel.sequence = undefined;
      this.ask(message.channel);
      return;
    }
    channel.sequence = message.sequence;
    channel.whole = message.kind === "snapshot";
    channel.asked = false;
    channel.refusals = 0;
    for (const listener of [...channel.listeners]) listener(message);
    this.answered(message.channel);
  }

  /** The exchange does not let us read a channel, or not yet: what is shown of it is not current until it does. */
  private refused(name: string): void {
    const channel = this.channels.get(name);
    if (!channel) return;
    channel.sequence = undefined;
    const wait = Math.min(REFUSED_FIRST_MS * 2 ** channel.refusals, REFUSED_MOST_MS);
    channel.refusals += 1;
    clearTimeout(channel.again);
    channel.again = setTimeout(() => this.ask(name), wait * (0.5 + Math.random() / 2));
    this.silent.add(name);
    if (this.timed) this.enter("away");
  }

  private answered(name: string): void {
    if (this.silent.delete(name)) this.settle();
  }

  private settle(): void {
    if (this.timed && this.silent.size === 0) this.enter("live");
  }

  private enter(state: State): void {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }
}
