import type { MetricUnit } from '../core/records.ts';
import { BucketCounts, percentilesOf, type ValueRange } from './bucket-counts.ts';
import type { GaugeValues, SeriesValues, TrendValues } from './delta.ts';
import type { CounterTotals, RateTotals } from './series-totals.ts';

/** The samples of some seconds of a trend, of which the oldest may be taken away again. In the metric's recording unit. */
export class SlidingTrend {
  count = 0;
  /** Exact, as are min and max; 0 while empty. */
  sum = 0;
  min = 0;
  max = 0;
  readonly #counts: BucketCounts;

  constructor(unit: MetricUnit) {
    this.#counts = new BucketCounts(unit);
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
    this.#counts.add(values);
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
    this.#counts.remove(values);
  }

  /** As `TrendTotals.percentile`. */
  percentile(ratio: number): number | undefined {
    return percentilesOf(this.#counts, this, [ratio])[0];
  }

  /** As `TrendTotals.valueAtRank`. */
  valueAtRank(rank: number): number {
    return this.rangeAtRank(rank).high;
  }

  /** As `TrendTotals.rangeAtRank`. */
  rangeAtRank(rank: number): ValueRange {
    return this.#counts.rangesAt([rank], this)[0] ?? { low: this.max, high: this.max };
  }

  /** As `TrendTotals.countOver`. */
  countOver(limit: number, isInclusive: boolean): number {
    return this.#counts.countOver(limit, isInclusive, this);
  }

  /** Mean squared distance from the average, to the width of the buckets; undefined with fewer than 2 samples. */
  variance(): number | undefined {
    if (this.count < 2) return undefined;
    const mean = this.sum / this.count;
    let squares = 0;
    this.#counts.each(({ low }, count) => {
      squares += count * (low - mean) ** 2;
      return true;
    });
    return squares / (this.count - 1);
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
