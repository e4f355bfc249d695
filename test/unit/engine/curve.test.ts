import fc from 'fast-check';
import { expect, test } from 'vitest';
import { owns, rangeOf } from '../../../runtime/core/partition.ts';
import { activeIntervals, usersAtStart } from '../../../runtime/engine/curve.ts';
import { K6_DURATION_US, K6_STEPS, k6Curve } from './k6-vector.ts';
import { SECOND_US } from './scripted-host.ts';

/** Moments at which the number of active VUs changes, in seconds, with the number from there on. */
function stepsOf(intervals: readonly { onUs: number; offUs: number }[]): [number, number][] {
  const changes = intervals.flatMap(({ onUs, offUs }) => [onUs, offUs]);
  const moments = [...new Set(changes)].sort((a, b) => a - b);
  return moments.map((atUs) => [atUs / SECOND_US, intervals.filter(({ onUs, offUs }) => onUs <= atUs && atUs < offUs).length]);
}

test("k6's vector from 4 users over 8 stages gives k6's 21 steps", () => {
  const intervals = [0, 1, 2, 3, 4, 5].flatMap((v) => activeIntervals(k6Curve(), v, K6_DURATION_US));
  expect(stepsOf(intervals)).toEqual(K6_STEPS);
});

test.each([1, 2, 3, 7])("k6's vector shared among %i workers has the same steps in all", (workers) => {
  const intervals = Array.from({ length: workers }, (_, i) => rangeOf(i, workers)).flatMap((range) =>
    [0, 1, 2, 3, 4, 5].filter((v) => owns(range, v)).flatMap((v) => activeIntervals(k6Curve(), v, K6_DURATION_US)),
  );
  expect(stepsOf(intervals)).toEqual(K6_STEPS);
});

test('VU 3 of the vector is there three times: at the start, from 10 s and from 18 s', () => {
  expect(activeIntervals(k6Curve(), 3, K6_DURATION_US)).toEqual([
    { onUs: 0, offUs: 5 * SECOND_US },
    { onUs: 10 * SECOND_US, offUs: 13 * SECOND_US },
    { onUs: 18 * SECOND_US, offUs: 20 * SECOND_US },
  ]);
});

test('a ramp from 0 to 3 users in 1 s brings VUs at 333,333, 666,667 and 1,000,000 µs', () => {
  const curve = [
    { atUs: 0, users: 0 },
    { atUs: SECOND_US, users: 3 },
  ];
  expect([0, 1, 2].map((v) => activeIntervals(curve, v, 2 * SECOND_US)[0]?.onUs)).toEqual([333_333, 666_667, 1_000_000]);
});

test('a jump from 1 to 3 users at 5 s and back at 7 s holds VU 2 for these 2 s', () => {
  const curve = [
    { atUs: 0, users: 1 },
    { atUs: 5 * SECOND_US, users: 1 },
    { atUs: 5 * SECOND_US, users: 3 },
    { atUs: 7 * SECOND_US, users: 3 },
    { atUs: 7 * SECOND_US, users: 1 },
  ];
  expect(activeIntervals(curve, 2, 10 * SECOND_US)).toEqual([{ onUs: 5 * SECOND_US, offUs: 7 * SECOND_US }]);
  expect(activeIntervals(curve, 0, 10 * SECOND_US)).toEqual([{ onUs: 0, offUs: 10 * SECOND_US }]);
});

test('a jump down and up again at 5 s is no interruption', () => {
  const curve = [
    { atUs: 0, users: 2 },
    { atUs: 5 * SECOND_US, users: 2 },
    { atUs: 5 * SECOND_US, users: 1 },
    { atUs: 5 * SECOND_US, users: 2 },
  ];
  expect(activeIntervals(curve, 1, 10 * SECOND_US)).toEqual([{ onUs: 0, offUs: 10 * SECOND_US }]);
});

test('nothing is active past a duration of 3 s, nor without a point', () => {
  expect(activeIntervals(k6Curve(), 0, 3 * SECOND_US)).toEqual([{ onUs: 0, offUs: 3 * SECOND_US }]);
  expect(activeIntervals(k6Curve(), 4, 1 * SECOND_US)).toEqual([]);
  expect(activeIntervals([], 0, SECOND_US)).toEqual([]);
});

test('users at the start are 4 of the vector, and 9 after a jump from 2 to 9 at 0 s', () => {
  expect(usersAtStart(k6Curve())).toBe(4);
  expect(
    usersAtStart([
      { atUs: 0, users: 2 },
      { atUs: 0, users: 9 },
    ]),
  ).toBe(9);
  expect(usersAtStart([])).toBe(0);
});

test('for any curve of whole users a higher VU is only active while the lower ones are, and the last point holds', () => {
  const stage = fc.record({ users: fc.integer({ min: 0, max: 8 }), seconds: fc.integer({ min: 0, max: 5 }) });
  fc.assert(
    fc.property(fc.array(stage, { minLength: 1, maxLength: 8 }), (stages) => {
      let atUs = 0;
      const curve = [{ atUs, users: 0 }];
      for (const { users, seconds } of stages) {
        atUs += seconds * SECOND_US;
        curve.push({ atUs, users });
      }
      const isActive = (v: number, momentUs: number): boolean =>
        activeIntervals(curve, v, atUs + 10 * SECOND_US).some(({ onUs, offUs }) => onUs <= momentUs && momentUs < offUs);
      for (let momentUs = 0; momentUs <= atUs + SECOND_US; momentUs += SECOND_US / 2) {
        const active = Array.from({ length: 8 }, (_, v) => isActive(v, momentUs));
        expect(active).toEqual([...active].sort().reverse());
      }
      expect(Array.from({ length: 8 }, (_, v) => isActive(v, atUs)).filter(Boolean)).toHaveLength(curve.at(-1)?.users as number);
    }),
  );
});
