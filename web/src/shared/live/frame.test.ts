import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { perFrame } from "./frame";

let frames: (() => void)[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  frames = [];
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  vi.stubGlobal("cancelAnimationFrame", (at: number) => (frames[at - 1] = () => undefined));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

// However often it is asked for, it is done once a frame, and where no frame comes it is done all the same.
it("is done once a frame", () => {
  const act = vi.fn();
  const soon = perFrame(act);
  for (let n = 0; n < 5; n += 1) soon();
  expect(act).not.toHaveBeenCalled();
  frames.splice(0).forEach((run) => run());
  vi.runAllTimers();
  expect(act).toHaveBeenCalledTimes(1);
  soon();
  frames.splice(0).forEach((run) => run());
  expect(act).toHaveBeenCalledTimes(2);
});

it("is done in a page that nobody looks at", () => {
  const act = vi.fn();
  perFrame(act)();
  vi.runAllTimers();
  expect(act).toHaveBeenCalledTimes(1);
  frames.splice(0).forEach((run) => run());
  expect(act).toHaveBeenCalledTimes(1);
});
