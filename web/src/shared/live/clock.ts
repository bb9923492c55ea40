/**
 * The exchange's clock, as far as it is known here. The device's own clock is not asked: an hour wrong, or set while we
 * look, it changes nothing. What is measured is the distance to the time since the page was opened.
 */
export class Clock {
  /** Each sample is server time − local time: never too large but by the way it took, so the largest is the best. */
  private samples: { at: number; distance: number }[] = [];
  private distance: number;

  /** How long a sample counts. */
  private static readonly LASTS_MS = 120_000;

  constructor(private readonly local: () => number = () => performance.now()) {
    this.distance = Date.now() - this.local();
  }

  /** The exchange says what time it is there. */
  hear(now: number): void {
    const at = this.local();
    const sample = { at, distance: now - at };
    this.samples = this.samples.filter((one) => at - one.at < Clock.LASTS_MS);
    this.samples.push(sample);
    this.distance = Math.max(...this.samples.map((one) => one.distance));
  }

  /** What time it is at the exchange, in milliseconds since 1970. */
  now(): number {
    return this.local() + this.distance;
  }

  /** How far the device's own clock is off, in milliseconds; for people to read. */
  off(): number {
    return Date.now() - this.now();
  }

  /** Whether the exchange has said its time at all. */
  get known(): boolean {
    return this.samples.length > 0;
  }
}
