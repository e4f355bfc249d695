/** Milliseconds, to 3 decimals; percentiles are at most 1 % too high. */
export interface ServiceTimes {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Buckets per power of two: a value is at most 1/128 below the top of its bucket. */
const STEPS_LOG2 = 7;
const STEPS = 2 ** STEPS_LOG2;
/** About 67 minutes; longer times count as that. */
const VALUE_US_MAX = 2 ** 32 - 1;

/** A log-linear histogram of µs of fixed size, 13 KB: the server's own record, so that it can be compared with the client's. */
export class TimeRecord {
  readonly #counts = new Uint32Array((32 - STEPS_LOG2 + 1) * STEPS);
  #count = 0;
  #maxUs = 0;

  /** @param us - whole µs */
  record(us: number): void {
    const value = Math.min(VALUE_US_MAX, Math.max(0, Math.round(us)));
    const index = bucketOf(value);
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#count++;
    this.#maxUs = Math.max(this.#maxUs, value);
  }

  /** @returns undefined while nothing is recorded */
  summary(): ServiceTimes | undefined {
    if (this.#count === 0) return undefined;
    const [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((ratio) => this.#quantileUs(ratio) / 1000) as [number, number, number, number];
    return { count: this.#count, p50, p90, p95, p99, max: this.#maxUs / 1000 };
  }

  #quantileUs(ratio: number): number {
    const wanted = Math.max(1, Math.ceil(ratio * this.#count));
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] as number;
      if (seen >= wanted) return Math.min(this.#maxUs, topOf(index));
    }
    return this.#maxUs;
  }
}

/** Below 2 · STEPS every µs has a bucket of its own; from there each power of two has STEPS. */
function bucketOf(us: number): number {
  const shift = Math.max(0, 31 - Math.clz32(us) - STEPS_LOG2);
  return shift * STEPS + (us >>> shift);
}

/** Largest value of a bucket. */
function topOf(index: number): number {
  const shift = Math.max(0, Math.floor(index / STEPS) - 1);
  return (index - shift * STEPS + 1) * 2 ** shift - 1;
}
