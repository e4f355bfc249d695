import { expect, test } from 'vitest';
import { CATCH_UP_MIN_US, CatchUp } from '../../../runtime/measure/catch-up.ts';

const MS_US = 1_000;
const SECOND_US = 1_000_000;

/** A stall of 1 s is over at 5 s; then laps of 10 ms up to 25 s, with so many requests in flight. @returns what it says, by seconds */
function stalledAt5(inFlight: (sinceS: number) => number) {
  const catchUp = new CatchUp();
  catchUp.stalled(5 * SECOND_US, SECOND_US);
  for (let atUs = 5 * SECOND_US; atUs <= 25 * SECOND_US; atUs += 10 * MS_US) catchUp.lap(atUs, inFlight(atUs / SECOND_US - 5));
  return { catchUp, meets: (s: number) => catchUp.meets(s * SECOND_US), includes: (s: number) => catchUp.includes(s * SECOND_US) };
}

test('the load is not as planned for as long as the stall was, and then while requests in flight get fewer', () => {
  // 100 at once, of which 25 more a second are answered than come
  const { meets, includes } = stalledAt5((sinceS) => Math.max(2, 102 - 25 * sinceS));
  expect([meets(8.9), meets(10.1)]).toEqual([true, false]);
  expect([3.9, 4.1, 8.9, 10.1].map(includes)).toEqual([false, true, true, false]);
});

test('until it is over all that comes is part of it, and what went out before meets with it too', () => {
  const catchUp = new CatchUp();
  catchUp.stalled(5 * SECOND_US, SECOND_US);
  expect([100, 1].map((s) => catchUp.meets(s * SECOND_US))).toEqual([true, true]);
  expect([100, 1].map((s) => catchUp.includes(s * SECOND_US))).toEqual([true, false]);
});

test.each([
  ['is slow in itself, with 100 in flight all the time', () => 100],
  ['the plan overloads, with ever more in flight', (sinceS: number) => 100 + 20 * sinceS],
  ['has answered all of it at once', () => 0],
  ['has one in flight now and then, ever less often', (sinceS: number) => (Math.round(sinceS * 100) % 10 < 8 - 2 * sinceS ? 1 : 0)],
])('a target that %s is in doubt for the length of the stall', (_, inFlight) => {
  const { meets } = stalledAt5(inFlight);
  expect([meets(5.9), meets(6.1)]).toEqual([true, false]);
});

test('whatever is in flight, it is over after 10 times the stall', () => {
  const { meets } = stalledAt5((sinceS) => 1e6 / 2 ** (2 * sinceS));
  expect([meets(14.9), meets(15.1)]).toEqual([true, false]);
});

test('a stall below 100 ms is none, and one that comes while another is made up for goes on from there', () => {
  const catchUp = new CatchUp();
  catchUp.stalled(7 * SECOND_US, CATCH_UP_MIN_US - 1);
  expect(catchUp.meets(7 * SECOND_US)).toBe(false);
  catchUp.stalled(8 * SECOND_US, SECOND_US);
  catchUp.stalled(8.5 * SECOND_US, CATCH_UP_MIN_US);
  expect(catchUp.includes(7.1 * SECOND_US)).toBe(true);
  for (let atUs = 8.5 * SECOND_US; atUs <= 12 * SECOND_US; atUs += 10 * MS_US) catchUp.lap(atUs, 5);
  expect([8.9, 9.3].map((s) => catchUp.meets(s * SECOND_US))).toEqual([true, false]);
});
