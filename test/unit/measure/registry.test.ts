import { expect, test } from 'vitest';
import { bucketIndexOf, wideIndexOf } from '../../../runtime/core/buckets.ts';
import type { TrendValues } from '../../../runtime/core/delta.ts';
import { BugError, ConfigError } from '../../../runtime/core/errors.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { seriesDeltaSchema } from '../../../runtime/record/delta-schema.ts';

test('a series is introduced by the first drain and is a number in the second', () => {
  const registry = new MetricRegistry();
  const series = registry.counter('iterations', 'measured', { scenario: 'a' });
  series.add(2);
  series.add(3);
  const identity = { metric: 'iterations', type: 'counter', unit: 'default', period: 'measured', tags: { scenario: 'a' } };
  expect(registry.drain()).toEqual([{ id: 0, series: identity, type: 'counter', count: 2, sum: 5, refused: 0 }]);
  series.add(1);
  expect(registry.drain()).toEqual([{ id: 0, type: 'counter', count: 1, sum: 1, refused: 0 }]);
  expect(registry.drain()).toEqual([]);
});

test('two orders of the same tags are one series, another period is another', () => {
  const registry = new MetricRegistry();
  const series = registry.rate('checks', 'measured', { check: 'ok', group: '' });
  expect(registry.rate('checks', 'measured', { group: '', check: 'ok' })).toBe(series);
  expect(registry.rate('checks', 'drain', { group: '', check: 'ok' })).not.toBe(series);
});

test('a drained trend holds the 2 buckets that changed, and nothing of the drain before', () => {
  const registry = new MetricRegistry();
  const trend = registry.trend('http_req_duration', 'measured', {});
  trend.record(1_000_000);
  registry.drain();
  trend.record(100);
  trend.record(50_000);
  trend.record(50_001);
  expect(registry.drain()).toEqual([
    {
      id: 0,
      type: 'trend',
      count: 3,
      sum: 100_101,
      min: 100,
      max: 50_001,
      clamped: 0,
      refused: 0,
      buckets: [100, 1, bucketIndexOf(50_000), 2],
    },
  ]);
});

test('NaN and infinities are refused and counted, 2 hours and −1 have buckets of their own, and nothing throws', () => {
  const registry = new MetricRegistry();
  const trend = registry.trend('http_req_duration', 'measured', {});
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 7_200_000_000, -1, 5]) trend.record(value);
  const [delta] = registry.drain();
  expect(delta).toMatchObject({ count: 3, sum: 7_200_000_004, min: -1, max: 7_200_000_000, clamped: 0, refused: 3 });
  expect((delta as TrendValues).buckets).toEqual([5, 1, wideIndexOf(7_200_000_000), 1, wideIndexOf(-1), 1]);
  expect((delta as TrendValues).ends).toEqual([7_200_000_000, 7_200_000_000, -1, -1]);
  expect(seriesDeltaSchema.safeParse(delta).success).toBe(true);
});

test('a trend of the script knows each value that is alone in its bucket', () => {
  const registry = new MetricRegistry();
  registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
  registry.trend('confidence', 'measured', {}).record(0.5);
  registry.trend('confidence', 'measured', {}).record(-0.25);
  expect(registry.drain()).toMatchObject([
    { count: 2, sum: 0.25, min: -0.25, max: 0.5, buckets: [wideIndexOf(0.5), 1, wideIndexOf(-0.25), 1], ends: [0.5, 0.5, -0.25, -0.25] },
  ]);
});

test('a trend that only refused says so', () => {
  const registry = new MetricRegistry();
  registry.trend('http_req_duration', 'measured', {}).record(Number.NaN);
  registry.counter('iterations', 'measured', {}).add(Number.NaN);
  registry.gauge('vus', 'measured', {}).set(Number.POSITIVE_INFINITY);
  const deltas = registry.drain();
  expect(deltas).toMatchObject([
    { count: 0, min: 0, max: 0, refused: 1 },
    { count: 0, sum: 0, refused: 1 },
    { count: 0, refused: 1 },
  ]);
  for (const delta of JSON.parse(JSON.stringify(deltas))) expect(seriesDeltaSchema.safeParse(delta).success).toBe(true);
});

test('a gauge keeps the last value with its time, the least and the most', () => {
  const registry = new MetricRegistry();
  const gauge = registry.gauge('vus', 'measured', {});
  for (const [value, atUs] of [
    [5, 10],
    [9, 20],
    [7, 30],
  ] as const)
    gauge.set(value, atUs);
  expect(registry.drain()).toMatchObject([{ type: 'gauge', count: 3, last: 7, atUs: 30, min: 5, max: 9 }]);
});

test('past a cap of 2 series the rest goes to one overflow series per metric, expected answers and others apart', () => {
  const registry = new MetricRegistry({ seriesMax: 2 });
  registry.counter('http_reqs', 'measured', { name: '/1' }).add(1);
  registry.counter('http_reqs', 'measured', { name: '/2' }).add(1);
  for (const name of ['/3', '/4', '/5']) registry.counter('http_reqs', 'measured', { name, expected_response: 'true' }).add(1);
  registry.counter('http_reqs', 'measured', { name: '/6', expected_response: 'maybe' }).add(1);
  registry.counter('http_reqs', 'measured', { name: '/1' }).add(1);
  const deltas = registry.drain();
  expect(deltas.map((delta) => [delta.series?.tags, delta.type === 'counter' ? delta.sum : 0])).toEqual([
    [{ name: '/1' }, 2],
    [{ name: '/2' }, 1],
    [{ overflow: 'true', expected_response: 'true' }, 3],
    [{ overflow: 'true' }, 1],
  ]);
  expect(registry.overflowed).toBe(4);
});

test('a script cannot pass the cap of 1 by tagging its samples as overflow', () => {
  const registry = new MetricRegistry({ seriesMax: 1 });
  for (let i = 0; i < 50; i++) registry.counter('http_reqs', 'measured', { overflow: String(i) }).add(1);
  expect(registry.drain()).toHaveLength(2);
});

test('a metric is defined once: the same again is fine, another type or a bad name is not', () => {
  const registry = new MetricRegistry();
  registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
  registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
  expect(() => registry.define({ name: 'confidence', type: 'rate', unit: 'default' })).toThrow(
    new ConfigError('metric "confidence"', 'expected a trend of unit default, as it was defined before; got a rate of unit default'),
  );
  expect(() => registry.define({ name: 'http_reqs', type: 'gauge', unit: 'default' })).toThrow(ConfigError);
  expect(() => registry.define({ name: '9 lives', type: 'gauge', unit: 'default' })).toThrow(ConfigError);
  expect(() => registry.trend('unknown', 'measured', {})).toThrow(BugError);
  expect(() => registry.trend('http_reqs', 'measured', {})).toThrow(BugError);
});

test('past the cap what was cut off is kept apart by why, as thresholds tell it; a kind that nobody knows is not', () => {
  const registry = new MetricRegistry({ seriesMax: 1 });
  registry.trend('http_req_cut_off', 'measured', { name: '/0' }).record(1);
  for (const kind of ['timeout', 'interrupted', 'dropped', 'lost', 'other'])
    registry.trend('http_req_cut_off', 'measured', { name: `/${kind}`, kind }).record(1);
  expect(registry.drain().map(({ series }) => series?.tags['kind'])).toEqual([
    undefined,
    'timeout',
    'interrupted',
    'dropped',
    'lost',
    undefined,
  ]);
});

test.each(['counter', 'gauge', 'trend'] as const)(
  'of a %s 1e150 and what is beyond it is no measurement, on either side of zero',
  (type) => {
    const registry = new MetricRegistry();
    registry.define({ name: 'own', type, unit: 'default' });
    const record = (value: number): void => {
      if (type === 'counter') registry.counter('own', 'measured', {}).add(value);
      else if (type === 'gauge') registry.gauge('own', 'measured', {}).set(value);
      else registry.trend('own', 'measured', {}).record(value);
    };
    for (const value of [1e150, -1e150, 9e149, -9e149]) record(value);
    expect(registry.drain()).toMatchObject([{ count: 2, refused: 2 }]);
  },
);

test('between two drains a trend tells 65,536 values apart; what needs one bucket more is refused, what lies in one that is there is not', () => {
  const registry = new MetricRegistry();
  registry.define({ name: 'own', type: 'trend', unit: 'default' });
  const trend = registry.trend('own', 'measured', {});
  // each in a bucket of its own: 1,024 to every power of two
  const values = Array.from({ length: 65_537 }, (_, i) => 2 ** (Math.floor(i / 1024) - 30) * (1 + (i % 1024) / 1024));
  expect(new Set(values.map(wideIndexOf)).size).toBe(values.length);
  for (const value of values) trend.record(value);
  trend.record(values[0] as number);
  expect(registry.drain()).toMatchObject([{ count: 65_537, refused: 1 }]);
  trend.record(values.at(-1) as number);
  expect(registry.drain()).toMatchObject([{ count: 1, refused: 0 }]);
});
