import { build, type Histogram } from 'hdr-histogram-js';
import type { MetricUnit } from '../core/records.ts';
import { BUCKET_VALUE_MAX, BUCKETS_MAX, bucketIndexOf, DEFAULT_UNIT_SCALE, highestEquivalent, valueAt } from './buckets.ts';
import type { TrendValues } from './delta.ts';

/**
 * Rank, from 1 to `count`, of the value that a share `ratio` of all do not exceed: the rule of HdrHistogram, nearest rank, rounded up
 * except for the last bit of floating-point error.
 */
export function rankOf(ratio: number, count: number): number {
  const exact = Math.min(ratio, 1) * count;
  const lastBit = exact > 0 ? 2 ** (Math.floor(Math.log2(exact)) - 52) : 0;
  return Math.max(1, Math.ceil(exact - lastBit));
}

/** Everything recorded in one or more series of a trend, in the metric's recording unit (µs of a time). */
export class TrendTotals {
  count = 0;
  /** Exact, as are min and max; 0 while empty. */
  sum = 0;
  min = 0;
  max = 0;
  clamped = 0;
  refused = 0;
  /** Scaled by 1,000 for unit `default`, otherwise the metric's unit. Counts are doubles: 32 bits would wrap around. */
  readonly histogram: Histogram;
  readonly #scale: number;
  readonly #unit: MetricUnit;

  constructor(unit: MetricUnit) {
    this.#unit = unit;
    this.#scale = unit === 'default' ? DEFAULT_UNIT_SCALE : 1;
    this.histogram = build({
      bitBucketSize: 64,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: 3,
      useWebAssembly: false,
    });
  }

  get unit(): MetricUnit {
    return this.#unit;
  }

  /** Undefined while empty. */
  get avg(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  addDelta(values: TrendValues): void {
    this.#addExact(values);
    const { buckets } = values;
    for (let i = 0; i < buckets.length; i += 2)
      this.histogram.recordValueWithCount(valueAt(buckets[i] as number), buckets[i + 1] as number);
  }

  /** Loses nothing: the same as if all had been recorded here. */
  addTotals(other: TrendTotals): void {
    this.#addExact(other);
    if (other.count > 0) this.histogram.add(other.histogram as never); // the package types `add` for its own class only
  }

  /**
   * @param ratio - 0 to 1; 0.95 is p95
   * @returns in the metric's unit, at most 0.1 % off and never outside the exact min and max, beyond the layout's range the max; undefined while empty
   */
  percentile(ratio: number): number | undefined {
    if (this.count === 0) return undefined;
    return ratio <= 0 ? this.min : this.valueAtRank(rankOf(ratio, this.count));
  }

  /** @param rank - 1 is the smallest value, `count` the largest; as {@link percentile} */
  valueAtRank(rank: number): number {
    if (rank >= this.count) return this.max;
    let seen = 0;
    for (let index = 0; index < this.#length(); index++) {
      seen += this.#countAt(index);
      if (seen >= rank) return Math.min(Math.max(this.#highestOf(index), this.min), this.max);
    }
    return this.max;
  }

  /** How many values are over `limit` or, when `isInclusive`, at least it: to 0.1 %, as percentiles see them. */
  countOver(limit: number, isInclusive: boolean): number {
    const isOver = (value: number): boolean => (isInclusive ? value >= limit : value > limit);
    if (this.count === 0 || !isOver(this.max)) return 0;
    if (isOver(this.min)) return this.count;
    const scaledLimit = Math.min(Math.max(limit * this.#scale, 0), BUCKET_VALUE_MAX);
    let over = 0;
    for (let index = bucketIndexOf(scaledLimit); index < this.#length(); index++) {
      if (isOver(this.#highestOf(index))) over += this.#countAt(index);
    }
    return over;
  }

  /** The last bucket also holds what is too large for the layout: no less than the largest can be said of it. */
  #highestOf(index: number): number {
    return index === BUCKETS_MAX - 1 ? this.max : highestEquivalent(index) / this.#scale;
  }

  #addExact(other: Omit<TrendValues, 'type' | 'buckets'>): void {
    if (other.count > 0) {
      this.min = this.count === 0 ? other.min : Math.min(this.min, other.min);
      this.max = this.count === 0 ? other.max : Math.max(this.max, other.max);
    }
    this.count += other.count;
    this.sum += other.sum;
    this.clamped += other.clamped;
    this.refused += other.refused;
  }

  #length(): number {
    return (this.histogram as unknown as DenseCounts).countsArrayLength;
  }

  #countAt(index: number): number {
    return (this.histogram as unknown as DenseCounts).getCountAtIndex(index);
  }
}

/** What every JavaScript histogram of the package has, beside the interface that its WebAssembly ones share. */
interface DenseCounts {
  readonly countsArrayLength: number;
  getCountAtIndex(index: number): number;
}
