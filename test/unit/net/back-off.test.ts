import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { BackOff, isConnectionFailure } from '../../../runtime/net/back-off.ts';

const delays = (backOff: BackOff, count: number): number[] => Array.from({ length: count }, () => backOff.failed());

test('six failures in a row wait between half and all of 100, 200, 400, 800, 1000 and 1000 ms', () => {
  for (const [i, delayUs] of delays(new BackOff(7, 3), 6).entries()) {
    const limitUs = Math.min(100_000 * 2 ** i, 1_000_000);
    expect(delayUs).toBeGreaterThanOrEqual(limitUs / 2);
    expect(delayUs).toBeLessThanOrEqual(limitUs);
    expect(Number.isInteger(delayUs)).toBe(true);
  }
});

test('a success puts the next delay back to 100 ms at most', () => {
  const backOff = new BackOff(7, 3);
  delays(backOff, 5);
  backOff.succeeded();
  expect(backOff.failed()).toBeLessThanOrEqual(100_000);
});

test('the same seed and VU repeat the delays; another of either has others', () => {
  expect(delays(new BackOff(7, 3), 5)).toEqual(delays(new BackOff(7, 3), 5));
  expect(delays(new BackOff(7, 4), 5)).not.toEqual(delays(new BackOff(7, 3), 5));
  expect(delays(new BackOff(8, 3), 5)).not.toEqual(delays(new BackOff(7, 3), 5));
});

test.each<[kind: HttpOutcome['kind'], errorCode: number, isFailure: boolean]>([
  ['connect-failed', 1212, true],
  ['dns-failed', 1101, true],
  ['tls-failed', 1300, true],
  ['timeout', 1211, true],
  ['timeout', 1050, false],
  ['reset', 1220, false],
  ['blocked-address', 1110, false],
  ['response', 0, false],
])('a request that ended as %s with code %i had no connection: %s', (kind, errorCode, isFailure) => {
  expect(isConnectionFailure({ kind, errorCode } as HttpOutcome)).toBe(isFailure);
});
