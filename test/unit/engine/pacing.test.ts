import { expect, test } from 'vitest';
import { iterationsOf, spawnOffsetUs, thinkTimeUs, ticksBefore } from '../../../runtime/engine/pacing.ts';

const AT = { seed: 7, scenario: 0, vu: 0 };

test('each of 10 users begins in its own tenth of a window of 1 s, not at its edge', () => {
  const offsets = Array.from({ length: 10 }, (_, v) => spawnOffsetUs({ ...AT, vu: v }, v, { windowUs: 1_000_000, usersAtStart: 10 }));
  expect(offsets.map((us) => Math.floor(us / 100_000))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(new Set(offsets.map((us) => us % 100_000)).size).toBe(10);
});

test('think time of 1 to 3 s averages 2 s over 2,000 iterations and is the same when asked again', () => {
  const range = { minUs: 1_000_000, maxUs: 3_000_000 };
  const drawn = Array.from({ length: 2000 }, (_, iteration) => thinkTimeUs(range, AT, iteration));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(1_000_000);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(3_000_000);
  expect(drawn.reduce((sum, us) => sum + us, 0) / 2000 / 1_000_000).toBeCloseTo(2, 1);
  expect(thinkTimeUs(range, AT, 5)).toBe(drawn[5]);
  expect(thinkTimeUs(range, { ...AT, seed: 8 }, 5)).not.toBe(drawn[5]);
});

test('10 iterations over 4 users are 3, 3, 2 and 2, and none of a fifth; 2 over 4 are 1, 1, 0 and 0', () => {
  const shares = (iterations: number): number[] =>
    [0, 1, 2, 3, 4].map((v) => iterationsOf({ kind: 'iterations', iterations, durationUsMax: 1, isShared: false }, v, 4));
  expect(shares(10)).toEqual([3, 3, 2, 2, 0]);
  expect(shares(2)).toEqual([1, 1, 0, 0, 0]);
});

test('of ticks at 5, 15, 25 … none is before 5, one before 6 and 15, two before 16', () => {
  expect([5, 6, 15, 16].map((beforeUs) => ticksBefore(beforeUs, 5, 10))).toEqual([0, 1, 1, 2]);
  expect(ticksBefore(1000, 5, undefined)).toBe(1);
});
