import { BUCKETS_MAX, highestEquivalent } from './buckets.ts';
import type { TrendValues } from './delta.ts';
import { rankOf } from './trend-totals.ts';

/** Values of one second, from the deltas of any number of series; cleared and used again. Times in µs. */
export class SecondHistogram {
  count = 0;
  sum = 0;
  min = 0;
  max = 0;
  readonly #counts = new Float64Array(BUCKETS_MAX);
  /** Buckets that are not 0: a second has few. */
  #touched: number[] = [];

  add(values: TrendValues): void {
    if (values.count === 0) return;
    this.min = this.count === 0 ? values.min : Math.min(this.min, values.min);
    this.max = this.count === 0 ? values.max : Math.max(this.max, values.max);
    this.count += values.count;
    this.sum += values.sum;
    for (let i = 0; i < values.buckets.length; i += 2) {
      const index = values.buckets[i] as number;
      if (this.#counts[index] === 0) this.#touched.push(index);
      this.#counts[index] = (this.#counts[index] as number) + (values.buckets[i + 1] as number);
    }
  }

  /** Bucket index, count … in the order they came. */
  pairs(): number[] {
    return this.#touched.flatMap((index) => [index, this.#counts[index] as number]);
  }

  /**
   * @param ratios ascending, 0 to 1
   * @returns µs, never outside min and max; null for each while empty
   */
  percentiles(ratios: readonly number[]): (number | null)[] {
    if (this.count === 0) return ratios.map(() => null);
    this.#touched.sort((a, b) => a - b);
    let [next, seen] = [0, 0];
    return ratios.map((ratio) => {
      const rank = rankOf(ratio, this.count);
      if (rank >= this.count) return this.max;
      while (seen < rank && next < this.#touched.length) seen += this.#counts[this.#touched[next++] as number] as number;
      const index = this.#touched[next - 1] as number;
      return index === BUCKETS_MAX - 1 ? this.max : Math.min(Math.max(highestEquivalent(index), this.min), this.max);
    });
  }

  clear(): void {
    for (const index of this.#touched) this.#counts[index] = 0;
    this.#touched = [];
    this.count = this.sum = this.min = this.max = 0;
  }
}
