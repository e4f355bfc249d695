import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram, rankOf } from '../../../runtime/core/histogram.ts';
import { TrendSeries } from '../../../runtime/measure/series.ts';

/** As a worker sends them. */
function deltaOf(values: readonly number[]) {
  const series = new TrendSeries({ metric: 'http_req_duration', type: 'trend', unit: 'time', period: 'measured', tags: {} });
  for (const value of values) series.record(value);
  return series.drain() ?? { type: 'trend' as const, count: 0, sum: 0, min: 0, max: 0, clamped: 0, refused: 0, buckets: [] };
}

function histogramOfAll(seconds: readonly (readonly number[])[]): Histogram {
  const histogram = new Histogram('time');
  for (const values of seconds) histogram.add(deltaOf(values));
  return histogram;
}

/** What a plain sorted array of all samples says. */
function oracleOf(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  const mean = sum / sorted.length;
  return {
    exact: { count: sorted.length, sum, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, avg: sorted.length === 0 ? undefined : mean },
    atRank: (rank: number) => sorted[rank - 1] as number,
    countOver: (limit: number) => sorted.filter((value) => value > limit).length,
    countFrom: (limit: number) => sorted.filter((value) => value >= limit).length,
    variance: sorted.length < 2 ? undefined : sorted.reduce((total, value) => total + (value - mean) ** 2, 0) / (sorted.length - 1),
  };
}

const exactOf = ({ count, sum, min, max, avg }: Histogram) => ({ count, sum, min, max, avg });
const RATIOS = [0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];
/** Each of these has a bucket of its own. */
const told = fc.integer({ min: 0, max: 2047 });
const any = fc.integer({ min: 0, max: 3_600_000_000 });
/** Up to 600 different values: fewer and more than are kept one by one. */
const secondsOf = (value: fc.Arbitrary<number>) =>
  fc.array(fc.array(value, { maxLength: 120, size: 'max' }), { minLength: 1, maxLength: 5 });

test('of whole numbers that have buckets of their own everything is what a sorted array says, in 300 random runs', () => {
  fc.assert(
    fc.property(secondsOf(told), told, (seconds, limit) => {
      const [histogram, oracle] = [histogramOfAll(seconds), oracleOf(seconds.flat())];
      const { count } = oracle.exact;
      expect(exactOf(histogram)).toEqual(oracle.exact);
      expect(histogram.percentiles(RATIOS)).toEqual(count === 0 ? undefined : RATIOS.map((ratio) => oracle.atRank(rankOf(ratio, count))));
      expect([histogram.countOver(limit, false), histogram.countOver(limit, true)]).toEqual([
        oracle.countOver(limit),
        oracle.countFrom(limit),
      ]);
      if (oracle.variance === undefined) expect(histogram.variance()).toBeUndefined();
      else expect(histogram.variance()).toBeCloseTo(oracle.variance, 4);
    }),
    { numRuns: 300 },
  );
});

test('of any times up to an hour a percentile is at most 0.1 % over the sample of its rank, and none is over the largest', () => {
  fc.assert(
    fc.property(secondsOf(any), (seconds) => {
      const [histogram, oracle] = [histogramOfAll(seconds), oracleOf(seconds.flat())];
      const { count, max } = oracle.exact;
      expect(exactOf(histogram)).toEqual(oracle.exact);
      for (const ratio of count === 0 ? [] : RATIOS) {
        const sample = oracle.atRank(rankOf(ratio, count));
        const { low, high } = histogram.rangeAtRank(rankOf(ratio, count));
        expect(histogram.percentile(ratio)).toBe(high);
        expect(low <= sample && sample <= high && high <= max && high <= sample * 1.001).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

test('seconds that are taken away leave what the others come to, whichever they are', () => {
  fc.assert(
    fc.property(secondsOf(told), fc.array(fc.nat(4)), (seconds, away) => {
      const histogram = histogramOfAll(seconds);
      const rest = seconds.map(deltaOf);
      const kept = [...seconds];
      for (const at of away) {
        if (at >= rest.length) continue;
        const [delta] = rest.splice(at, 1);
        kept.splice(at, 1);
        if (delta !== undefined) histogram.subtract(delta, rest);
      }
      const oracle = oracleOf(kept.flat());
      expect(exactOf(histogram)).toEqual(oracle.exact);
      const { count } = oracle.exact;
      expect(histogram.percentiles(RATIOS)).toEqual(count === 0 ? undefined : RATIOS.map((ratio) => oracle.atRank(rankOf(ratio, count))));
    }),
    { numRuns: 200 },
  );
});

test('two histograms as one, and one that was written down and read back, are what one of all samples is', () => {
  fc.assert(
    fc.property(secondsOf(any), secondsOf(any), (some, others) => {
      const whole = histogramOfAll([...some, ...others]);
      const merged = histogramOfAll(some);
      merged.addAll(histogramOfAll(others));
      const read = new Histogram('time');
      read.add(JSON.parse(JSON.stringify(whole.values())));
      for (const each of [merged, read]) expect(each.values()).toEqual(whole.values());
    }),
    { numRuns: 100 },
  );
});

test.each([3, 1_000])('one of %d different values that was cleared is as new', (different) => {
  const histogram = histogramOfAll([Array.from({ length: different }, (_, i) => i)]);
  histogram.clear();
  expect([histogram.values(), histogram.percentile(0.5), histogram.countOver(0, true)]).toEqual([
    new Histogram('time').values(),
    undefined,
    0,
  ]);
  histogram.add(deltaOf([7, 9]));
  expect([histogram.percentile(0.5), histogram.max, histogram.count]).toEqual([7, 9, 2]);
});

/** Beyond an hour or below zero: in buckets that keep their ends. */
const wide = fc.oneof(fc.integer({ min: 3_600_000_001, max: 9_000_000_000 }), fc.integer({ min: -9_000, max: -1 }));

test('of seconds with values beyond the dense buckets that are taken away nothing is left, and what stays is told as it was', () => {
  fc.assert(
    fc.property(secondsOf(fc.oneof(told, wide)), fc.array(fc.oneof(told, wide), { minLength: 1, maxLength: 50 }), (seconds, last) => {
      const histogram = histogramOfAll([...seconds, last]);
      const rest = [...seconds.map(deltaOf), deltaOf(last)];
      for (const _ of seconds) histogram.subtract(rest.shift() as ReturnType<typeof deltaOf>, rest);
      const oracle = oracleOf(last);
      expect(exactOf(histogram)).toEqual(oracle.exact);
      const counts: number[] = [];
      histogram.each((_, count) => counts.push(count));
      expect([Math.min(...counts), counts.reduce((sum, count) => sum + count, 0)]).toEqual([expect.any(Number), last.length]);
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(
        histogram
          .values()
          .buckets.filter((_, i) => i % 2 === 0)
          .sort(),
      ).toEqual(
        histogramOfAll([last])
          .values()
          .buckets.filter((_, i) => i % 2 === 0)
          .sort(),
      );
    }),
    { numRuns: 100 },
  );
});
