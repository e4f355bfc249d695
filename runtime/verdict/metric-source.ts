import type { ValueRange } from '../core/buckets.ts';
import type { CounterTotals, RateTotals } from '../core/delta.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { MetricDefinition, Period, Tags } from '../core/records.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';
import type { MetricStore, SeriesFilter } from '../record/store.ts';

/** The samples of a trend, however they are kept. See `TrendTotals`. */
export interface TrendView {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number | undefined;
  percentile(ratio: number): number | undefined;
  valueAtRank(rank: number): number;
  rangeAtRank(rank: number): ValueRange;
  countOver(limit: number, isInclusive: boolean): number;
  variance(): number | undefined;
  each(visit: (range: ValueRange, count: number) => void): void;
}

/** What a threshold is measured on: the whole of a run, a stretch of seconds, a segment. Undefined: nothing that matches has come. */
export interface MetricSource {
  definition(metric: string): MetricDefinition | undefined;
  trend(metric: string, where: SeriesFilter): TrendView | undefined;
  counter(metric: string, where: SeriesFilter): CounterTotals | undefined;
  rate(metric: string, where: SeriesFilter): RateTotals | undefined;
  gauge(metric: string, where: SeriesFilter): { readonly count: number; readonly last: number } | undefined;
  /** Whether samples of the metric that count have lost their tags to the cap of series. */
  hasOverflowed(metric: string): boolean;
}

/** Where a threshold looks: its tags, in the periods that count. */
export function judged(tags: Tags): SeriesFilter {
  const { period, ...rest } = tags;
  return isUncounted(period) ? { tags: rest, periods: [period] } : { tags, periods: JUDGED_PERIODS };
}

/** The tag `period` of a threshold names a part of the run that does not count otherwise. */
function isUncounted(period: string | undefined): period is Period {
  return period === 'setup' || period === 'teardown' || period === 'warm-up';
}

/** The whole of a run. */
export function sourceOf(store: MetricStore): MetricSource {
  return {
    definition: (metric) => store.definition(metric),
    trend: (metric, where) => store.trend(metric, where),
    counter: (metric, where) => store.counter(metric, where),
    rate: (metric, where) => store.rate(metric, where),
    gauge: (metric, where) => store.gauge(metric, where),
    hasOverflowed: (metric) => store.series(metric, judged({ [OVERFLOW_TAG]: 'true' })).length > 0,
  };
}
