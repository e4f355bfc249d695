import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactShare, meanInterval, poisson, quantileRanks, wilson } from '../../../runtime/statistics/interval.ts';
import { binomialCdf } from '../../../runtime/statistics/special-functions.ts';

/** P(fewer than `rank` of `count` samples are below the quantile), by adding up. */
function below(rank: number, count: number, ratio: number): number {
  let sum = 0;
  for (let k = 0; k < rank; k++) {
    let term = 1;
    for (let i = 0; i < k; i++) term *= ((count - i) / (i + 1)) * ratio;
    sum += term * (1 - ratio) ** (count - k);
  }
  return sum;
}

test.each([
  [0.5, 5, 0, 6], // five samples bound no median at 95 %
  [0.5, 6, 1, 6],
  [0.5, 10, 2, 9],
  [0.5, 20, 6, 15],
  [0.95, 20, 17, 21],
  [0.05, 20, 0, 4],
  [0.95, 0, 0, 1],
  [0, 10, 0, 11], // the least and the most of all that may come is bounded by no sample
  [1, 10, 0, 11],
  // as R's qbinom has them
  [0.95, 100, 90, 100],
  [0.95, 400, 371, 389],
  [0.95, 1_000, 936, 964],
  [0.95, 3_000, 2_826, 2_874],
  [0.99, 400, 392, 400],
  [0.99, 1_000, 983, 997],
  [0.99, 10_000, 9_880, 9_920],
])('the quantile %d of %d samples lies between those of rank %d and %d', (ratio, count, low, high) => {
  expect(quantileRanks(ratio, count)).toEqual({ low, high });
});

test('ranks are the narrowest that leave at most 2.5 % on either side, for any quantile of 1 to 60 samples', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 99 }), (count, percent) => {
      const ratio = percent / 100;
      const { low, high } = quantileRanks(ratio, count);
      const tolerance = 1e-9;
      expect(below(low, count, ratio)).toBeLessThanOrEqual(0.025 + tolerance);
      if (low < count) expect(below(low + 1, count, ratio)).toBeGreaterThan(0.025 - tolerance);
      expect(1 - below(high, count, ratio)).toBeLessThanOrEqual(0.025 + tolerance);
      if (high > 1) expect(1 - below(high - 1, count, ratio)).toBeGreaterThan(0.025 - tolerance);
    }),
  );
});

/** Coverage of the ranks by adding up, whatever the distribution. */
test('ranks cover the quantile in 95 to 98.5 % of all runs, up to 60,000 samples', () => {
  for (const ratio of [0.5, 0.75, 0.9, 0.95, 0.99])
    for (const count of [500, 1_000, 3_000, 10_000, 60_000]) {
      const { low, high } = quantileRanks(ratio, count);
      const coverage = binomialCdf(high - 1, count, ratio) - binomialCdf(low - 1, count, ratio);
      expect(coverage).toBeGreaterThanOrEqual(0.95);
      expect(coverage).toBeLessThan(0.985);
    }
});

test.each([
  [682, 925, 0.7076683, 0.7654066],
  [0, 10, 0, 0.3084971],
  [5, 10, 0.187086, 0.812914],
  [10, 10, 0.6915029, 1],
  [0, 600, 0, 0.0061294],
])('binom.test: %d of %d is a share between %d and %d', (passes, count, low, high) => {
  expect(exactShare(passes, count).low).toBeCloseTo(low, 6);
  expect(exactShare(passes, count).high).toBeCloseTo(high, 6);
});

test.each([
  [0, 10, 0, 0.2775],
  [5, 10, 0.2366, 0.7634],
  [10, 10, 0.7225, 1],
  [1, 100, 0.0018, 0.0545],
  [0, 0, 0, 1],
])('%d of %d is a share between %d and %d', (passes, count, low, high) => {
  expect(wilson(passes, count).low).toBeCloseTo(low, 4);
  expect(wilson(passes, count).high).toBeCloseTo(high, 4);
});

test('none of any number is a share that may be exactly 0, all of them one that may be exactly 1', () => {
  for (const count of [1, 3, 7, 10, 49, 1_000]) {
    expect(wilson(0, count).low).toBe(0);
    expect(wilson(count, count).high).toBe(1);
  }
});

test.each([
  [0, 0, 3.69],
  [1, 0.03, 5.57],
  [2, 0.24, 7.22],
  [3, 0.62, 8.77],
  [5, 1.62, 11.67],
  [10, 4.8, 18.39],
  [100, 81.36, 121.63],
])('Garwood: %d events are the mark of %d to %d', (events, low, high) => {
  expect(poisson(events).low).toBeCloseTo(low, 2);
  expect(poisson(events).high).toBeCloseTo(high, 2);
});

test('a million events are the mark of about 1,000 × 1.96 more or fewer', () => {
  const { low, high } = poisson(1_000_000);
  expect((1_000_000 - low) / 1_000).toBeCloseTo(1.959, 2);
  expect((high - 1_000_000) / 1_000).toBeCloseTo(1.962, 2);
});

test('an average of 100 with a deviation of 10 in 100 samples lies within 98.04 and 101.96; of 29 samples nobody knows', () => {
  expect(meanInterval(100, 100, 100).low).toBeCloseTo(98.04, 2);
  expect(meanInterval(100, 100, 100).high).toBeCloseTo(101.96, 2);
  expect(meanInterval(100, 100, 29)).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
});
