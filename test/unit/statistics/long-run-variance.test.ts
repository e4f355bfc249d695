import { expect, test } from 'vitest';
import { longRunVariance } from '../../../runtime/statistics/dependence.ts';

const series = (seconds: number, valueAt: (i: number) => number): number[] => {
  const values = Array.from({ length: seconds }, (_, i) => valueAt(i));
  const mean = values.reduce((sum, value) => sum + value, 0) / seconds;
  return values.map((value) => value - mean);
};

// All numbers by a program of its own that has each of the three written out, of which it takes the largest.
test.each([
  ['neighbours that undo each other are as good as independent ones', series(20, (i) => (i % 2 === 0 ? 1 : -1)), 21.052_631_579],
  ['two halves: an autoregressive process, as correlated as may be', series(20, (i) => (i < 10 ? 1 : -1)), 821.052_631_579],
  [
    'stretches of 9 s: the Bartlett window',
    series(30, (i) => (Math.floor(i / 9) % 2 === 1 ? 2 : -2) + (((i * 5) % 4) - 1.5) * 2),
    530.101_851_852,
  ],
  [
    'stretches of 4 s in noise that undoes itself: batch means',
    series(40, (i) => (i % 2 === 0 ? 3 : -3) + (Math.floor(i / 4) % 2 === 1 ? 2 : -2)),
    711.111_111_111,
  ],
])('%s', (_, residuals, variance) => {
  expect(longRunVariance(residuals).variance).toBeCloseTo(variance, 6);
});

test.each([
  [20, 2.9929],
  [30, 2.060_819_753],
  [48, 1.683_260_975],
])('a variance of %d seconds is widened by %d for being estimated', (seconds, widening) => {
  expect(longRunVariance(series(seconds, (i) => (i % 2 === 0 ? 1 : -1))).widening).toBeCloseTo(widening, 6);
});

test('seconds without any difference have no variance', () => {
  expect(longRunVariance(Array(30).fill(0)).variance).toBe(0);
});
