import { expect, test } from 'vitest';
import type { TrendValues } from '../../../runtime/core/delta.ts';
import { histogramOf } from '../../../runtime/core/histogram.ts';
import type { MetricUnit } from '../../../runtime/core/records.ts';
import { TrendSeries } from '../../../runtime/measure/series.ts';
import { addToBounds, BOUNDS } from '../../../runtime/outputs/bounds.ts';

function drained(unit: MetricUnit, values: readonly number[]): TrendValues {
  const series = new TrendSeries({ metric: 'm', type: 'trend', unit, period: 'measured', tags: {} });
  for (const value of values) series.record(value);
  return series.drain() as TrendValues;
}

test.each<[MetricUnit, number]>([
  ['time', 1_000_000],
  ['data', 65_536],
  ['default', 2.5],
])('of unit %s a value equal to the bound %d is within it, and one well over it is not', (unit, bound) => {
  const place = BOUNDS[unit].indexOf(bound);
  const counts = new Array<number>(BOUNDS[unit].length + 1).fill(0);
  addToBounds(counts, 0, unit, drained(unit, [bound, bound * 1.01]));
  expect([counts[place], counts[place + 1]]).toEqual([1, 1]);
});

test('what is over all bounds has the last place', () => {
  const counts = new Array<number>(BOUNDS.time.length + 1).fill(0);
  addToBounds(counts, 0, 'time', drained('time', [61_000_000, 120_000_000]));
  expect(counts.at(-1)).toBe(2);
});

test('of 1 to 100 ms p50 is 50 ms, p99 is 99 ms and p100 the exact maximum, each to 0.1 %', () => {
  const values = drained(
    'time',
    Array.from({ length: 100 }, (_, i) => (i + 1) * 1_000),
  );
  const [p50 = 0, p99 = 0, p100 = 0] = histogramOf(values, 'time').percentiles([0.5, 0.99, 1]) ?? [];
  expect(Math.abs(p50 - 50_000)).toBeLessThan(50);
  expect(Math.abs(p99 - 99_000)).toBeLessThan(99);
  expect(p100).toBe(100_000);
});
