/** Whether what a page uses stays what it was. */

import { quantile, type Report } from "./report";

/** What the page used at the end of a minute, after collection: heap in megabytes. */
export interface Used {
  heap: number;
  nodes: number;
  listeners: number;
}

/** The app has read what it needs. */
const FIRST_MINUTE = 2;
/** Beside the app the browser itself keeps something: compiled code, and the timings of the first 250 fetches. */
const GROWTH_MOST = 10;
/** By then it has. A hundred bytes kept of each message would be half a megabyte a minute. */
const LINE_MOST_KB = 25;
const NODES_MOST = 200;
const LISTENERS_MOST = 50;

/** The least of some minutes: what was just left may not be collected yet. */
function least(of: Used[]): Used {
  const of3 = (what: keyof Used) => Math.min(...of.map((one) => one[what]));
  return { heap: of3("heap"), nodes: of3("nodes"), listeners: of3("listeners") };
}

/** By how much it grows from one to the next: the straight line that fits best, since one alone may be a bad one. */
function slope(values: number[]): number {
  const mean = (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length;
  const [x, y] = [mean(values.map((_, at) => at)), mean(values)];
  const [above, below] = [values.reduce((sum, one, at) => sum + (at - x) * (one - y), 0), values.reduce((sum, _, at) => sum + (at - x) ** 2, 0)];
  return below === 0 ? 0 : above / below;
}

export function tell(report: Report, minutes: Used[], messages: number): void {
  const count = minutes.length;
  const [first, last] = [least(minutes.slice(FIRST_MINUTE - 1, FIRST_MINUTE + 2)), least(minutes.slice(-3))];
  report.says("how long", count, "min");
  report.says("messages of bids in a second", messages / (count * 60));
  report.says(`heap after collection, the least of minutes ${FIRST_MINUTE} to ${FIRST_MINUTE + 2}`, first.heap, "MB");
  report.says(`… of minutes ${count - 2} to ${count}`, last.heap, "MB");
  report.atMost("… grown in between", ((last.heap - first.heap) / first.heap) * 100, GROWTH_MOST, "%");
  report.atMost("… the line through the second half, a minute", slope(minutes.slice(Math.floor(count / 2)).map((one) => one.heap)) * 1_000, LINE_MOST_KB, "kB");
  report.says("… the most of any minute", quantile(minutes.map((one) => one.heap), 1), "MB");
  report.atMost("nodes of the document, grown in between", last.nodes - first.nodes, NODES_MOST);
  report.atMost("listeners, grown in between", last.listeners - first.listeners, LISTENERS_MOST);
  report.note(`Every minute from the room to the market, the list, and back: ${minutes.map((one) => one.heap.toFixed(2)).join(", ")} MB at the end of each.`);
}
