import { addCounter, addGauge, addRate, type CounterTotals, type GaugeTotals, type RateTotals, type SeriesValues } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import type { MetricUnit } from '../core/records.ts';

/** What some seconds come to for one selector; of the four only that of the metric's type ever has something in it. */
export class SlidingTotals {
  readonly counter: CounterTotals = { count: 0, sum: 0, refused: 0 };
  readonly rate: RateTotals = { count: 0, passes: 0 };
  gauge: GaugeTotals | undefined;
  trend: Histogram | undefined;
  /** Of the metric; told before the first trend is added. */
  unit: MetricUnit = 'default';

  add(values: SeriesValues): void {
    switch (values.type) {
      case 'counter':
        return addCounter(this.counter, values);
      case 'rate':
        return addRate(this.rate, values);
      case 'gauge':
        if (values.count === 0) return;
        this.gauge ??= { count: 0, last: 0, atUs: 0, min: 0, max: 0, refused: 0 };
        return addGauge(this.gauge, values);
      case 'trend':
        this.trend ??= new Histogram(this.unit);
        this.trend.add(values);
    }
  }

  /** @param rest - everything that stays, of the same selector */
  remove(values: SeriesValues, rest: readonly SeriesValues[]): void {
    if (values.type === 'trend') {
      this.trend?.subtract(
        values,
        rest.filter((each) => each.type === 'trend'),
      );
      return;
    }
    Object.assign(this.counter, { count: 0, sum: 0, refused: 0 });
    Object.assign(this.rate, { count: 0, passes: 0 });
    this.gauge = undefined;
    for (const each of rest) this.add(each);
  }
}
