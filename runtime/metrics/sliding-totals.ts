import type { MetricUnit } from '../core/records.ts';
import { BUCKET_VALUE_MAX, BUCKETS_MAX, bucketIndexOf, DEFAULT_UNIT_SCALE, highestEquivalent, valueAt } from './buckets.ts';
import type { GaugeValues, SeriesValues, TrendValues } from './delta.ts';
import type { CounterTotals, RateTotals } from './series-totals.ts';
import { rankOf } from './trend-totals.ts';

/** Buckets a trend begins with. */
const BUCKETS_FIRST = 4096;

/** The samples of some seconds of a trend, of which the oldest may be taken away again. In the metric's recording unit. */
export class SlidingTrend {
  count = 0;
  /** Exact, as are min and max; 0 while empty. */
  sum = 0;
  min = 0;
  max = 0;
  readonly #scale: number;
  #counts = new Float64Array(BUCKETS_FIRST);

  constructor(unit: MetricUnit) {
    this.#scale = unit === 'default' ? DEFAULT_UNIT_SCALE : 1;
  }

  /** Undefined while empty. */
  get avg(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  add(values: TrendValues): void {
    if (values.count > 0) {
      this.min = this.count === 0 ? values.min : Math.min(this.min, values.min);
      this.max = this.count === 0 ? values.max : Math.max(this.max, values.max);
    }
    this.count += values.count;
    this.sum += values.sum;
    this.#count(values.buckets, 1);
  }

  /** @param rest - everything that stays: what is exact is taken from it anew */
  remove(values: TrendValues, rest: readonly TrendValues[]): void {
    this.count = this.sum = this.min = this.max = 0;
    for (const each of rest) {
      if (each.count === 0) continue;
      this.min = this.count === 0 ? each.min : Math.min(this.min, each.min);
      this.max = this.count === 0 ? each.max : Math.max(this.max, each.max);
      this.count += each.count;
      this.sum += each.sum;
    }
    this.#count(values.buckets, -1);
  }

  /** As `TrendTotals.percentile`. */
  percentile(ratio: number): number | undefined {
    if (this.count === 0) return undefined;
    return ratio <= 0 ? this.min : this.valueAtRank(rankOf(ratio, this.count));
  }

  /** As `TrendTotals.valueAtRank`. */
  valueAtRank(rank: number): number {
    if (rank >= this.count) return this.max;
    let seen = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      seen += this.#counts[index] as number;
      if (seen >= rank) return Math.min(Math.max(this.#highestOf(index), this.min), this.max);
    }
    return this.max;
  }

  /** As `TrendTotals.countOver`. */
  countOver(limit: number, isInclusive: boolean): number {
    const isOver = (value: number): boolean => (isInclusive ? value >= limit : value > limit);
    if (this.count === 0 || !isOver(this.max)) return 0;
    if (isOver(this.min)) return this.count;
    const scaledLimit = Math.min(Math.max(limit * this.#scale, 0), BUCKET_VALUE_MAX);
    let over = 0;
    for (let index = bucketIndexOf(scaledLimit); index < this.#counts.length; index++) {
      if (isOver(this.#highestOf(index))) over += this.#counts[index] as number;
    }
    return over;
  }

  /** Mean squared distance from the average, to the width of the buckets; undefined with fewer than 2 samples. */
  variance(): number | undefined {
    if (this.count < 2) return undefined;
    const mean = this.sum / this.count;
    let squares = 0;
    for (let index = 0; index < this.#counts.length; index++) {
      const count = this.#counts[index] as number;
      if (count > 0) squares += count * (valueAt(index) / this.#scale - mean) ** 2;
    }
    return squares / (this.count - 1);
  }

  /** As in `TrendTotals`. */
  #highestOf(index: number): number {
    return index === BUCKETS_MAX - 1 ? this.max : highestEquivalent(index) / this.#scale;
  }

  #count(buckets: readonly number[], sign: 1 | -1): void {
    for (let i = 0; i < buckets.length; i += 2) {
      const index = buckets[i] as number;
      if (index >= this.#counts.length) this.#growFor(index);
      this.#counts[index] = (this.#counts[index] as number) + sign * (buckets[i + 1] as number);
    }
  }

  #growFor(index: number): void {
    const grown = new Float64Array(Math.min(BUCKETS_MAX, Math.max(index + 1, this.#counts.length * 2)));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** What some seconds come to for one selector; of the four only that of the metric's type ever has something in it. */
export class SlidingTotals {
  readonly counter: CounterTotals = { count: 0, sum: 0, refused: 0 };
  readonly rate: RateTotals = { count: 0, passes: 0 };
  gauge: GaugeValues | undefined;
  trend: SlidingTrend | undefined;
  /** Of the metric; told before the first trend is added. */
  unit: MetricUnit = 'default';

  add(values: SeriesValues): void {
    switch (values.type) {
      case 'counter':
        this.counter.count += values.count;
        this.counter.sum += values.sum;
        return;
      case 'rate':
        this.rate.count += values.count;
        this.rate.passes += values.passes;
        return;
      case 'gauge':
        if (values.count > 0 && (this.gauge === undefined || values.atUs >= this.gauge.atUs)) this.gauge = values;
        return;
      case 'trend':
        this.trend ??= new SlidingTrend(this.unit);
        this.trend.add(values);
    }
  }

  /** @param rest - everything that stays, of the same selector */
  remove(values: SeriesValues, rest: readonly SeriesValues[]): void {
    if (values.type === 'trend') {
      this.trend?.remove(
        values,
        rest.filter((each) => each.type === 'trend'),
      );
      return;
    }
    Object.assign(this.counter, { count: 0, sum: 0 });
    Object.assign(this.rate, { count: 0, passes: 0 });
    this.gauge = undefined;
    for (const each of rest) this.add(each);
  }
}
