/** What the browser's own trace says of the main thread of a page. */

import type { Browser, Page } from "playwright-core";

import { quantile } from "./report";

interface Event {
  name: string;
  cat: string;
  ph: string;
  ts: number;
  dur?: number;
  /** The same as ts and dur, by the processor's time of this thread. */
  tts?: number;
  tdur?: number;
  pid: number;
  tid: number;
  args: { name?: string; data?: { frames?: { url: string; processId: number }[]; frameTreeNodeId?: number } };
}

const CATEGORIES = ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline", "devtools.timeline.frame", "disabled-by-default-devtools.timeline.frame", "toplevel", "blink", "v8", "v8.execute", "loading"];
/** What of a task is script, and what is style and layout. One within the other counts once. */
const SCRIPT = new Set(["FunctionCall", "EvaluateScript", "EventDispatch", "TimerFire", "FireAnimationFrame", "FireIdleCallback", "RunMicrotasks", "v8.run", "V8.GC_MC_INCREMENTAL", "MinorGC", "MajorGC"]);
const LAYOUT = new Set(["UpdateLayoutTree", "Layout", "PrePaint", "UpdateLayerTree"]);

export interface MainThread {
  seconds: number;
  /** Tasks, in milliseconds. */
  tasks: number[];
  /** Script and layout between one frame and the next, in milliseconds. */
  frames: number[];
  /** Both by the time that the processor spent on them: what else the machine does is not in it. */
  worked: { longest: number; frames: number[] };
  /** The longest tasks with what took longest within, for whoever mends the app. */
  longest: string[];
}

/** Records what happens while `act` goes on. */
export async function traced(browser: Browser, page: Page, act: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: CATEGORIES });
  let text: Buffer;
  try {
    await act();
  } finally {
    text = await browser.stopTracing();
  }
  return read((JSON.parse(text.toString("utf8")) as { traceEvents: Event[] }).traceEvents, new URL(page.url()).origin);
}

/** The part of time that these cover, in microseconds. */
function covered(spans: { from: number; to: number }[]): number {
  let [all, end] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, to } of spans.sort((a, b) => a.from - b.from)) {
    if (to <= end) continue;
    all += to - Math.max(from, end);
    end = to;
  }
  return all;
}

function read(events: Event[], origin: string): MainThread {
  const began = events.find((one) => one.name === "TracingStartedInBrowser");
  const process = began?.args.data?.frames?.find((one) => one.url.startsWith(origin))?.processId;
  const main = events.find((one) => one.ph === "M" && one.name === "thread_name" && one.args.name === "CrRendererMain" && one.pid === process);
  if (!main) throw new Error("the trace does not say which thread drew the page");
  const mine = events.filter((one) => one.pid === main.pid && one.tid === main.tid && one.ph === "X" && one.dur !== undefined).sort((a, b) => a.ts - b.ts);
  const tasks = mine.filter((one) => one.name === "RunTask");
  if (tasks.length === 0) throw new Error("the trace has no tasks of the page");
  const parts = mine.filter((one) => SCRIPT.has(one.name) || LAYOUT.has(one.name));
  // A frame begins where the page is asked to draw.
  const starts = events.filter((one) => one.pid === main.pid && one.tid === main.tid && one.name === "BeginMainThreadFrame").sort((a, b) => a.ts - b.ts);
  const passed = (of: Event) => ({ from: of.ts, to: of.ts + (of.dur ?? 0) });
  const worked = (of: Event) => ({ from: of.tts ?? of.ts, to: (of.tts ?? of.ts) + (of.tdur ?? of.dur ?? 0) });
  /** What script and layout take from one frame to the next, by one of the two clocks. */
  const between = (clock: typeof passed): number[] => {
    const spans = parts.map(clock);
    const froms = starts.map((one) => clock(one).from);
    const frames: number[] = [];
    let at = 0;
    for (const [n, from] of froms.entries()) {
      const to = froms[n + 1];
      if (to === undefined) break;
      while (at < spans.length && spans[at]!.to <= from) at += 1;
      const within: { from: number; to: number }[] = [];
      for (let next = at; next < spans.length && spans[next]!.from < to; next += 1) within.push({ from: Math.max(spans[next]!.from, from), to: Math.min(spans[next]!.to, to) });
      frames.push(covered(within.filter((one) => one.to > one.from)) / 1_000);
    }
    return frames;
  };
  const longest = [...tasks].sort((a, b) => b.dur! - a.dur!).slice(0, 5).map((task) => {
    const inside = mine.filter((one) => one !== task && one.ts >= task.ts && one.ts + one.dur! <= task.ts + task.dur!).sort((a, b) => b.dur! - a.dur!).slice(0, 4);
    return `${(task.dur! / 1_000).toFixed(1)} ms (${((task.tdur ?? 0) / 1_000).toFixed(1)} worked): ${inside.map((one) => `${one.name} ${(one.dur! / 1_000).toFixed(1)}`).join(", ")}`;
  });
  const [first, last] = [mine[0]!, mine.at(-1)!];
  return {
    seconds: (last.ts - first.ts) / 1e6,
    tasks: tasks.map((one) => one.dur! / 1_000),
    frames: between(passed),
    worked: { longest: Math.max(...tasks.map((one) => (one.tdur ?? one.dur!) / 1_000)), frames: between(worked) },
    longest,
  };
}

export const longestTask = (of: MainThread) => quantile(of.tasks, 1);
export const frame95 = (of: MainThread) => quantile(of.frames, 0.95);
