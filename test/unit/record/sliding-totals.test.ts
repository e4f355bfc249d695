import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeriesValues, TrendValues } from '../../../runtime/core/delta.ts';
import { Histogram } from '../../../runtime/core/histogram.ts';
import type { MetricUnit } from '../../../runtime/core/records.ts';
import { TrendSeries } from '../../../runtime/measure/series.ts';
import { SlidingTotals } from '../../../runtime/record/sliding-totals.ts';
import { TrendTotals } from '../../../runtime/record/trend-totals.ts';

function trendOf(values: readonly number[], unit: MetricUnit = 'time'): TrendValues {
  const series = new TrendSeries({ metric: 'http_req_duration', type: 'trend', unit, period: 'measured', tags: {} });
  for (const value of values) series.record(value);
  return series.drain() ?? { type: 'trend', count: 0, sum: 0, min: 0, max: 0, clamped: 0, refused: 0, buckets: [] };
}

const second = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { maxLength: 20 });

test('in 200 random runs of which the oldest seconds were let go, all numbers are those of totals that never saw them', () => {
  fc.assert(
    fc.property(fc.array(second, { minLength: 1, maxLength: 12 }), fc.nat(11), fc.nat(5_000_000), (seconds, letGo, limitUs) => {
      const all = seconds.map((values) => trendOf(values));
      const kept = all.slice(letGo);
      const sliding = new Histogram('time');
      for (const values of all) sliding.add(values);
      all.slice(0, letGo).forEach((values, i) => {
        sliding.subtract(values, all.slice(i + 1));
      });
      const totals = new TrendTotals('time');
      for (const values of kept) totals.addDelta(values);
      for (const ratio of [0, 0.05, 0.5, 0.95, 1]) expect(sliding.percentile(ratio)).toBe(totals.percentile(ratio));
      for (const isInclusive of [true, false]) expect(sliding.countOver(limitUs, isInclusive)).toBe(totals.countOver(limitUs, isInclusive));
      expect([sliding.count, sliding.sum, sliding.min, sliding.max, sliding.avg]).toEqual([
        totals.count,
        totals.sum,
        totals.min,
        totals.max,
        totals.avg,
      ]);
    }),
    { numRuns: 200 },
  );
});

test('the variance of 2, 4, 4, 4, 5, 5, 7, 9 is 32 / 7', () => {
  const sliding = new Histogram('time');
  sliding.add(trendOf([2, 4, 4, 4, 5, 5, 7, 9]));
  expect(sliding.variance()).toBeCloseTo(32 / 7, 9);
  expect(new Histogram('time').variance()).toBeUndefined();
});

test('rates, counters and gauges of seconds that were let go are gone', () => {
  const totals = new SlidingTotals();
  const rest: SeriesValues[] = [
    { type: 'rate', count: 4, passes: 1 },
    { type: 'counter', count: 2, sum: 5, refused: 0 },
  ];
  const gauge: SeriesValues = { type: 'gauge', count: 1, last: 7, atUs: 5, min: 7, max: 7, refused: 0 };
  for (const values of [gauge, ...rest]) totals.add(values);
  expect(totals).toMatchObject({ rate: { count: 4 }, counter: { sum: 5 }, gauge: { last: 7 } });
  totals.remove(gauge, rest);
  expect(totals).toMatchObject({ rate: { count: 4, passes: 1 }, counter: { count: 2, sum: 5 } });
  expect(totals.gauge).toBeUndefined();
});

test.each([
  ['two hours', 'time', 7_200_000_000, 5_000_000_000],
  ['8 million as a plain number', 'default', 8_000_000, 4_000_000],
] as const)(
  'beyond the range of the dense layout, %s, a percentile is as true as within it, in totals and in windows',
  (_, unit, value, limit) => {
    const [sliding, totals] = [new Histogram(unit), new TrendTotals(unit)];
    const values = trendOf([1_000, value, value], unit);
    sliding.add(values);
    totals.addDelta(values);
    for (const trend of [sliding, totals]) {
      expect(trend.percentile(0.5)).toBe(value);
      expect(trend.countOver(limit, false)).toBe(2);
    }
  },
);
