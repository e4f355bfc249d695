import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf } from '../../../runtime/core/histogram.ts';
import type { MetricUnit } from '../../../runtime/core/records.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { seriesDeltaSchema } from '../../../runtime/record/delta-schema.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import type { TrendTotals } from '../../../runtime/record/trend-totals.ts';

/** Through a drain, JSON and the door, over two workers. */
function trendOf(values: readonly number[], unit: MetricUnit = 'default'): TrendTotals {
  const store = new MetricStore();
  [0, 1].forEach((worker) => {
    const registry = new MetricRegistry();
    registry.define({ name: 'custom', type: 'trend', unit });
    values.forEach((value, i) => {
      if (i % 2 === worker) registry.trend('custom', 'measured', {}).record(value);
    });
    store.merge(
      worker,
      (JSON.parse(JSON.stringify(registry.drain())) as unknown[]).map((delta) => seriesDeltaSchema.parse(delta)),
    );
  });
  return store.trend('custom') as TrendTotals;
}

const anyDouble = fc.double({ min: -1e149, max: 1e149, noNaN: true });

test('of any doubles every percentile is a value that could be the sample, within 0.1 % of it and within min and max', () => {
  fc.assert(
    fc.property(fc.array(anyDouble, { minLength: 1, maxLength: 200 }), fc.constantFrom('default', 'data', 'time'), (values, unit) => {
      const trend = trendOf(values, unit as MetricUnit);
      const sorted = [...values].sort((a, b) => a - b);
      for (const ratio of [0.01, 0.25, 0.5, 0.9, 0.99, 1]) {
        const rank = rankOf(ratio, values.length);
        const sample = sorted[rank - 1] as number;
        const { low, high } = trend.rangeAtRank(rank);
        expect(low <= sample && sample <= high).toBe(true);
        expect(Math.abs((trend.percentile(ratio) as number) - sample)).toBeLessThanOrEqual(Math.abs(sample) * 0.001 + 1e-300);
        expect(high).toBeLessThanOrEqual(sorted.at(-1) as number);
      }
    }),
    { numRuns: 200 },
  );
});

test.each<[string, number[]]>([
  ['whole numbers', [3, 5, 5, 5, 7]],
  ['thousands', [1000, 2000, 2000, 2000, 9000]],
  ['milliseconds since 1970', [1.7e12, 1.8e12, 1.8e12, 1.8e12, 1.9e12]],
  ['negative numbers', [-7, -5, -5, -5, -3]],
  ['fractions', [0.1, 0.3, 0.3, 0.3, 0.9]],
  ['tiny ones', [0.0001, 0.0004, 0.0004, 0.0004, 0.0009]],
])('%s that come more than once are known exactly: the median of %j is its third', (_, values) => {
  const median = values[2] as number;
  const trend = trendOf([...values, ...values]);
  expect(trend.percentile(0.5)).toBe(median);
  expect(trend.rangeAtRank(5)).toEqual({ low: median, high: median });
  expect(trend.countOver(median, false)).toBe(2);
  expect(trend.countOver(median, true)).toBe(8);
});

test('a journal of before, which counted thousandths, is read as it was meant', () => {
  const store = new MetricStore();
  const series = { metric: 'custom', type: 'trend', unit: 'default', period: 'measured', tags: {} } as const;
  const old = {
    id: 0,
    series,
    type: 'trend',
    count: 3,
    sum: 3,
    min: 0.5,
    max: 1.5,
    clamped: 0,
    refused: 0,
    buckets: [500, 1, 1000, 1, 1500, 1],
  };
  store.merge(0, [seriesDeltaSchema.parse(old)]);
  expect(store.trend('custom')?.percentile(0.5)).toBe(1);
});

test.each([
  ['a wide bucket without its ends', {}],
  ['ends of another bucket', { ends: [1, 1] }],
  ['ends the wrong way round', { ends: [5.002, 5.001] }],
  ['ends without a bucket', { ends: [5, 5, 6, 6] }],
])('%s is not let in', (_, change) => {
  const registry = new MetricRegistry();
  registry.define({ name: 'custom', type: 'trend', unit: 'default' });
  registry.trend('custom', 'measured', {}).record(5);
  const [delta] = registry.drain();
  const { ends, ...rest } = delta as typeof delta & { ends: number[] };
  expect(seriesDeltaSchema.safeParse({ ...rest, ends }).success).toBe(true);
  expect(seriesDeltaSchema.safeParse({ ...rest, ...change }).success).toBe(false);
});
