import { build, type Histogram } from 'hdr-histogram-js';
import type { MetricUnit } from '../core/records.ts';
import { BucketCounts, percentilesOf, type ValueRange } from './bucket-counts.ts';
import { BUCKET_VALUE_MAX } from './buckets.ts';
import type { TrendValues } from './delta.ts';

/** Everything recorded in one or more series of a trend, in the metric's recording unit (µs of a time). */
export class TrendTotals {
  count = 0;
  /** Exact, as are min and max; 0 while empty. */
  sum = 0;
  min = 0;
  max = 0;
  clamped = 0;
  refused = 0;
  readonly #counts: BucketCounts;

  constructor(unit: MetricUnit) {
    this.#counts = new BucketCounts(unit);
  }

  /** Undefined while empty. */
  get avg(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  addDelta(values: TrendValues): void {
    this.#addExact(values);
    this.#counts.add(values);
  }

  /** Loses nothing: the same as if all had been recorded here. */
  addTotals(other: TrendTotals): void {
    this.#addExact(other);
    this.#counts.addCounts(other.#counts);
  }

  /**
   * @param ratio - 0 to 1; 0.95 is p95
   * @returns in the metric's unit, at most 0.1 % off and never outside the exact min and max; undefined while empty
   */
  percentile(ratio: number): number | undefined {
    return percentilesOf(this.#counts, this, [ratio])[0];
  }

  /** @param rank - 1 is the smallest value, `count` the largest; as {@link percentile} */
  valueAtRank(rank: number): number {
    return this.rangeAtRank(rank).high;
  }

  /** What the sample of that rank could be. */
  rangeAtRank(rank: number): ValueRange {
    return this.#counts.rangesAt([rank], this)[0] ?? { low: this.max, high: this.max };
  }

  /** How many values are over `limit` or, when `isInclusive`, at least it: to 0.1 %, as percentiles see them. */
  countOver(limit: number, isInclusive: boolean): number {
    return this.#counts.countOver(limit, isInclusive, this);
  }

  /** As an HdrHistogram of whole numbers; what is out of its range is at its edge. */
  histogram(): Histogram {
    const histogram = build({
      bitBucketSize: 64,
      autoResize: true,
      lowestDiscernibleValue: 1,
      highestTrackableValue: 2,
      numberOfSignificantValueDigits: 3,
      useWebAssembly: false,
    });
    this.#counts.each(({ low }, count) => {
      histogram.recordValueWithCount(Math.min(Math.max(Math.round(low), 0), BUCKET_VALUE_MAX), count);
      return true;
    });
    return histogram;
  }

  #addExact(other: Omit<TrendValues, 'type' | 'buckets' | 'ends'>): void {
    if (other.count > 0) {
      this.min = this.count === 0 ? other.min : Math.min(this.min, other.min);
      this.max = this.count === 0 ? other.max : Math.max(this.max, other.max);
    }
    this.count += other.count;
    this.sum += other.sum;
    this.clamped += other.clamped;
    this.refused += other.refused;
  }
}
