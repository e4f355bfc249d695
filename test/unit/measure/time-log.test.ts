import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimeLog } from '../../../runtime/measure/time-log.ts';

const MS = 1_000;
/** A log of a worker that uses half of its time, told every so many ms. */
function halfUsed(moments: number, stepMs = 10): TimeLog {
  const log = new TimeLog();
  for (let i = 0; i < moments; i++) log.add(i * stepMs * MS, (i * stepMs * MS) / 2);
  return log;
}

test('at a moment that was kept the sum is known, between two within their bounds, after the last it may have grown with time', () => {
  const log = halfUsed(3);
  const both = (us: number) => [log.atLeastUs(us), log.atMostUs(us)];
  expect([0, 10 * MS, 20 * MS].map(both)).toEqual([
    [0, 0],
    [5 * MS, 5 * MS],
    [10 * MS, 10 * MS],
  ]);
  expect(both(13 * MS)).toEqual([5 * MS, 8 * MS]);
  expect(both(18 * MS)).toEqual([8 * MS, 10 * MS]);
  expect(both(25 * MS)).toEqual([10 * MS, 15 * MS]);
});

test('before the first moment all of the time counts as used, and with none at all nobody knows', () => {
  const log = new TimeLog();
  expect(log.atMostUs(5)).toBe(Number.MAX_SAFE_INTEGER);
  log.add(100 * MS, 40 * MS);
  expect([log.atLeastUs(70 * MS), log.atMostUs(70 * MS)]).toEqual([10 * MS, 40 * MS]);
});

test('a moment is found by how many were kept before it; one that was let go, or never was, is not', () => {
  const log = halfUsed(5);
  expect([1, 2, 3].map((steps) => log.momentBeforeUs(20 * MS, steps))).toEqual([10 * MS, 0, undefined]);
  expect([1, 2].map((steps) => log.momentBeforeUs(20 * MS + 1, steps))).toEqual([20 * MS, 10 * MS]);
  expect(log.momentBeforeUs(0, 1)).toBeUndefined();
});

test('moments nearer than 5 ms are not kept, one at 5 ms is; what came last is known all the same', () => {
  const log = new TimeLog();
  for (const [atMs, sumMs] of [
    [0, 0],
    [4, 4],
    [5, 4],
    [9, 8],
  ] as const)
    log.add(atMs * MS, sumMs * MS);
  expect([log.momentBeforeUs(9 * MS, 1), log.momentBeforeUs(9 * MS, 2), log.momentBeforeUs(9 * MS, 3)]).toEqual([5 * MS, 0, undefined]);
  expect([log.atLeastUs(4 * MS), log.atMostUs(4 * MS)]).toEqual([3 * MS, 4 * MS]);
  expect([log.atLeastUs(8 * MS), log.atMostUs(8 * MS)]).toEqual([7 * MS, 7 * MS]);
  expect([log.atLeastUs(9 * MS), log.atMostUs(9 * MS)]).toEqual([8 * MS, 8 * MS]);
});

test('some 40 s are kept closely, more than an hour by tenths of a second, and of what was let go nothing is known', () => {
  const log = halfUsed(420_000); // 70 minutes
  const lastMs = 4_199_990;
  const spreadAt = (ms: number): number => log.atMostUs(ms * MS) - log.atLeastUs(ms * MS);
  expect(spreadAt(lastMs - 40_000 + 5)).toBe(5 * MS);
  expect(spreadAt(lastMs - 3_600_000 + 57)).toBeGreaterThan(5 * MS);
  expect(spreadAt(lastMs - 3_600_000 + 57)).toBeLessThan(50 * MS);
  // 40,000 tenths of a second are kept: the first is the one of 200 s
  expect([log.atMostUs(150_000 * MS), log.atLeastUs(150_000 * MS)]).toEqual([100_000 * MS, 50_000 * MS]);
  expect(log.momentBeforeUs(lastMs * MS, 8_191)).toBe((lastMs - 81_910) * MS);
  expect(log.momentBeforeUs(lastMs * MS, 8_192)).toBeUndefined();
});

test('whatever was used when, the sum at any moment lies within the bounds: 200 random logs', () => {
  const step = fc.record({ waitMs: fc.integer({ min: 1, max: 40 }), share: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (steps, where) => {
      const log = new TimeLog();
      const moments: [atUs: number, sumUs: number][] = [[0, 0]];
      for (const { waitMs, share } of steps) {
        const [atUs, sumUs] = moments.at(-1) as [number, number];
        moments.push([atUs + waitMs * MS, sumUs + waitMs * MS * share]);
      }
      for (const [atUs, sumUs] of moments) log.add(atUs, sumUs);
      const us = where * (moments.at(-1) as [number, number])[0];
      const next = moments.findIndex(([atUs]) => atUs >= us);
      const [[fromUs, fromSum], [toUs, toSum]] = [moments[Math.max(0, next - 1)], moments[next]] as [[number, number], [number, number]];
      const sumUs = toUs === fromUs ? toSum : fromSum + ((toSum - fromSum) * (us - fromUs)) / (toUs - fromUs);
      return log.atLeastUs(us) <= sumUs + 1e-6 && log.atMostUs(us) >= sumUs - 1e-6;
    }),
    { numRuns: 200 },
  );
});
