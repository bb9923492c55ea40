import { describe, expect, it } from "vitest";

import { Clock } from "./clock";

// Protects countdowns: right to 100 ms although the device's clock is wrong and messages take their time.
describe("the exchange's clock", () => {
  it("takes the quickest message and ignores the device's clock", () => {
    let local = 0;
    const clock = new Clock(() => local);
    const server = (at: number) => 1_000_000_000 + at;
    for (const [sent, took] of [[0, 180], [5_000, 20], [10_000, 900]] as const) {
      local = sent + took;
      clock.hear(server(sent));
    }
    local = 12_000;
    expect(Math.abs(clock.now() - server(12_000))).toBeLessThanOrEqual(20);
  });

  it("follows a device that slept", () => {
    let local = 0;
    const clock = new Clock(() => local);
    clock.hear(1_000_000);
    // Ten minutes pass at the exchange; the device's time since start stood still.
    local = 10;
    clock.hear(1_600_000);
    expect(clock.now()).toBe(1_600_000);
  });
});
