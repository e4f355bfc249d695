import { expect, test } from 'vitest';
import { lengthOf, type longestUs } from '../../../runtime/core/plan-length.ts';

const S = 1_000_000;
const scenario = (startS: number, length: Parameters<typeof longestUs>[0], graceS = 30) => ({
  startTimeUs: startS * S,
  length,
  gracefulStopUs: graceS * S,
});
const seconds = (durationS: number) => ({ kind: 'duration', durationUs: durationS * S }) as const;
const iterations = (atMostS: number) => ({ kind: 'iterations', iterations: 5, durationUsMax: atMostS * S, isShared: true }) as const;

test.each([
  ['60 s', [scenario(0, seconds(60))], { plannedUs: 60 * S, latestUs: 60 * S, withGraceUs: 90 * S }],
  [
    '60 s beside 20 s from 50 s on',
    [scenario(0, seconds(60)), scenario(50, seconds(20))],
    { plannedUs: 70 * S, latestUs: 70 * S, withGraceUs: 100 * S },
  ],
  ['5 iterations in at most 10 min', [scenario(10, iterations(600))], { plannedUs: undefined, latestUs: 610 * S, withGraceUs: 640 * S }],
  [
    '60 s beside 5 iterations in at most 20 s',
    [scenario(0, seconds(60)), scenario(0, iterations(20))],
    { plannedUs: undefined, latestUs: 60 * S, withGraceUs: 90 * S },
  ],
  [
    '60 s without grace beside 50 s with 30 s',
    [scenario(0, seconds(60), 0), scenario(0, seconds(50))],
    { plannedUs: 60 * S, latestUs: 60 * S, withGraceUs: 80 * S },
  ],
])('%s', (_, scenarios, expected) => {
  expect(lengthOf(scenarios)).toEqual(expected);
});
