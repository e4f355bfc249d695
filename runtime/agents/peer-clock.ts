/** What is known of another machine's monotonic clock. */
export interface ClockReading {
  /** Theirs less ours, µs. */
  readonly aheadUs: number;
  /** By how much that may be off, µs: half of the shortest way there and back. */
  readonly errorUs: number;
}

const KEPT = 16;

/** Reads a clock by asking for it: the quickest of the last answers knows most. */
export class PeerClock {
  readonly #samples: ClockReading[] = [];

  /** An answer. Moments are monotonic µs. */
  take({ askedAtUs, answeredAtUs, theirsUs }: { askedAtUs: number; answeredAtUs: number; theirsUs: number }): void {
    const errorUs = Math.max(1, Math.ceil((answeredAtUs - askedAtUs) / 2));
    this.#samples.push({ aheadUs: Math.round(theirsUs - (askedAtUs + answeredAtUs) / 2), errorUs });
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  get count(): number {
    return this.#samples.length;
  }

  /** The best of what was heard lately. @throws {RangeError} before the first answer */
  get best(): ClockReading {
    const [first, ...others] = this.#samples;
    if (first === undefined) throw new RangeError('expected at least one answer of the clock; got none');
    return others.reduce((best, sample) => (sample.errorUs < best.errorUs ? sample : best), first);
  }
}
