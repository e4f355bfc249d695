import { expect, test } from 'vitest';
import { shareEvidence, sumEvidence } from '../../../runtime/statistics/evidence.ts';

/** The same by multiplying what was foretold of each sample, one after the other, instead of gamma functions. */
function foretold(bad: number, samples: number, allowed: number): number {
  let sum = 0;
  for (let i = 0; i < bad; i++) sum += Math.log(allowed * 100 + i) - Math.log(allowed);
  for (let i = 0; i < samples - bad; i++) sum += Math.log((1 - allowed) * 100 + i) - Math.log(1 - allowed);
  for (let i = 0; i < samples; i++) sum -= Math.log(100 + i);
  return sum;
}

test.each([
  [0, 1, 0.5],
  [5, 50, 0.01],
  [50, 1000, 0.05],
  [90, 100, 0.3],
  [7, 200, 0.05],
  [1, 30, 0.001],
  [30, 30, 0.999],
])('%d bad ones of %d where a share of %d is allowed: as much as sample by sample', (bad, samples, allowed) => {
  expect(shareEvidence({ bad, samples }, allowed)).toBeCloseTo(foretold(bad, samples, allowed), 5);
});

test('of a sum: as Howard and Ramdas have it, with a prior of 30 seconds; without variance it is certain', () => {
  expect(sumEvidence(8, { variance: 4, seconds: 30 })).toBeCloseTo(Math.log(0.5) / 2 + 4, 12);
  expect(sumEvidence(8, { variance: 4, seconds: 60 })).toBeCloseTo(Math.log(1 / 3) / 2 + 64 / 12, 12);
  expect(sumEvidence(1, { variance: 0, seconds: 60 })).toBe(Number.POSITIVE_INFINITY);
});
