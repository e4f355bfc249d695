import { expect, test } from 'vitest';
import { TimeRecord } from '../../../runtime/target/service-times.ts';
import { StatsRecord } from '../../../runtime/target/stats.ts';

test('nothing recorded has no summary', () => {
  expect(new TimeRecord().summary()).toBeUndefined();
});

test('1 to 200 µs are exact: p50 0.1 ms, p90 0.18, p95 0.19, p99 0.198, max 0.2', () => {
  const record = new TimeRecord();
  for (let us = 1; us <= 200; us++) record.record(us);
  expect(record.summary()).toEqual({ count: 200, p50: 0.1, p90: 0.18, p95: 0.19, p99: 0.198, max: 0.2 });
});

test('percentiles of 1 ms to 10 s are at most 1 % too high and never too low, and the largest is exact', () => {
  const record = new TimeRecord();
  for (let ms = 1; ms <= 10_000; ms++) record.record(ms * 1000);
  const summary = record.summary();
  for (const [name, ms] of [
    ['p50', 5000],
    ['p90', 9000],
    ['p95', 9500],
    ['p99', 9900],
  ] as const) {
    const error = (summary?.[name] ?? 0) / ms - 1;
    expect(error).toBeGreaterThanOrEqual(0);
    expect(error).toBeLessThan(0.01);
  }
  expect(summary?.max).toBe(10_000);
});

test('0, 1 µs, 2^31 and 2^40 µs are recorded, the last as 2^32 − 1', () => {
  const record = new TimeRecord();
  for (const us of [0, 1, 2 ** 31, 2 ** 40]) record.record(us);
  expect(record.summary()).toMatchObject({ count: 4, p50: 0.001, max: (2 ** 32 - 1) / 1000 });
});

test('the 101st size of picture and those after it are counted as other', () => {
  const stats = new StatsRecord();
  for (let width = 1; width <= 150; width++) {
    stats.recordAnswer('POST /predict', 200, { serviceUs: 1000, kind: { withImage: width % 2 === 0, size: `${width}x10` } });
  }
  const { sizesMs, predictsMs, requests } = stats.snapshot({ inFlight: 0, queued: 0 });
  expect(Object.keys(sizesMs)).toHaveLength(101);
  expect(sizesMs['other']?.count).toBe(50);
  expect([predictsMs['no_image']?.count, predictsMs['with_image']?.count]).toEqual([75, 75]);
  expect(requests).toEqual({ 'POST /predict': { 200: 150 } });
});
