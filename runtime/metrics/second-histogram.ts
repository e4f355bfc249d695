import { eachOf, percentilesOfPairs } from './bucket-counts.ts';
import { BUCKETS_MAX } from './buckets.ts';
import type { TrendValues } from './delta.ts';

/** Counts of some buckets, as a delta has them. */
export type BucketPairs = Pick<TrendValues, 'buckets' | 'ends'>;

/** Values of one second, from the deltas of any number of series; cleared and used again. Times in µs. */
export class SecondHistogram {
  count = 0;
  sum = 0;
  min = 0;
  max = 0;
  readonly #counts = new Float64Array(BUCKETS_MAX);
  /** Dense buckets that are not 0: a second has few. */
  #touched: number[] = [];
  /** Wide ones, as they came: of times there are hardly any. */
  #wide: { buckets: number[]; ends: number[] } = { buckets: [], ends: [] };

  add(values: TrendValues): void {
    if (values.count === 0) return;
    this.min = this.count === 0 ? values.min : Math.min(this.min, values.min);
    this.max = this.count === 0 ? values.max : Math.max(this.max, values.max);
    this.count += values.count;
    this.sum += values.sum;
    eachOf(values, (index, count, ends) => {
      if (ends !== undefined) {
        this.#wide.buckets.push(index, count);
        this.#wide.ends.push(ends.low, ends.high);
        return;
      }
      if (this.#counts[index] === 0) this.#touched.push(index);
      this.#counts[index] = (this.#counts[index] as number) + count;
    });
  }

  /** In the order they came. */
  pairs(): BucketPairs {
    const dense = this.#touched.flatMap((index) => [index, this.#counts[index] as number]);
    return { buckets: [...dense, ...this.#wide.buckets], ends: [...this.#wide.ends] };
  }

  /**
   * @param ratios ascending, 0 to 1
   * @returns µs, never outside min and max; null for each while empty
   */
  percentiles(ratios: readonly number[]): (number | null)[] {
    if (this.count === 0) return ratios.map(() => null);
    return percentilesOfPairs({ ...this.pairs(), count: this.count, min: this.min, max: this.max }, 'time', ratios);
  }

  clear(): void {
    for (const index of this.#touched) this.#counts[index] = 0;
    this.#touched = [];
    this.#wide = { buckets: [], ends: [] };
    this.count = this.sum = this.min = this.max = 0;
  }
}
