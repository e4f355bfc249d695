import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanInterval, poisson, quantileRanks, wilson } from '../../../runtime/verdict/interval.ts';

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

test.each([
  [0.5, 4000, 4004],
  [0.05, 21_052, 21_054],
  [0.95, 21_052, 21_054],
  [0.99, 101_010, 101_012],
])(
  'the quantile %d of %d samples and of a few more, where the normal distribution takes over: wider, by less than 4 ranks',
  (ratio, few, more) => {
    const [exact, near] = [quantileRanks(ratio, few), quantileRanks(ratio, more)];
    const movedBy = ratio * (more - few);
    expect(near.low - movedBy).toBeLessThanOrEqual(exact.low);
    expect(near.low - movedBy).toBeGreaterThan(exact.low - 4);
    expect(near.high - movedBy).toBeGreaterThanOrEqual(exact.high);
    expect(near.high - movedBy).toBeLessThan(exact.high + 4);
  },
);

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
  [10, 4.8, 18.39],
  [100, 81.36, 121.63],
])('%d events are the mark of %d to %d', (events, low, high) => {
  expect(poisson(events).low).toBeCloseTo(low, 1);
  expect(poisson(events).high).toBeCloseTo(high, 1);
});

test('an average of 100 with a deviation of 10 in 100 samples lies within 98.04 and 101.96; of 29 samples nobody knows', () => {
  expect(meanInterval(100, 100, 100).low).toBeCloseTo(98.04, 2);
  expect(meanInterval(100, 100, 100).high).toBeCloseTo(101.96, 2);
  expect(meanInterval(100, 100, 29)).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY });
});
