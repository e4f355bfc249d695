import { expect, test } from 'vitest';
import { curveOfStages, shapeOf, spawnWindowUsOf } from '../../../runtime/config/shapes.ts';

const MINUTE_US = 60_000_000;
const pairs = (curve: readonly { atUs: number; users: number }[]): [number, number][] =>
  curve.map(({ atUs, users }) => [atUs / 1_000_000, users]);
const spans = (phases: readonly { name: string; fromUs: number; toUs: number }[]): [string, number, number][] =>
  phases.map(({ name, fromUs, toUs }) => [name, fromUs / 1_000_000, toUs / 1_000_000]);

test('a spike of 100 users over 2 m is 10 users, 100 from 25 s to 96 s, and 10 again', () => {
  const { curve, phases } = shapeOf('spike', 100, 2 * MINUTE_US);
  expect(pairs(curve)).toEqual([
    [0, 10],
    [24, 10],
    [25, 100],
    [96, 100],
    [96, 10],
    [120, 10],
  ]);
  expect(spans(phases)).toEqual([
    ['base', 0, 24],
    ['peak', 24, 96],
    ['recovery', 96, 120],
  ]);
});

test('a spike of 3 users has a base of 1, and one of 2 s jumps within its own fifth', () => {
  expect(pairs(shapeOf('spike', 3, 2_000_000).curve)).toEqual([
    [0, 1],
    [0.4, 1],
    [0.8, 3],
    [1.6, 3],
    [1.6, 1],
    [2, 1],
  ]);
});

test('steps of 100 users over 15 m are five plateaus of 3 m, 20 users apart', () => {
  const { curve, phases } = shapeOf('steps', 100, 15 * MINUTE_US);
  expect(pairs(curve)).toEqual([
    [0, 20],
    [180, 20],
    [180, 40],
    [360, 40],
    [360, 60],
    [540, 60],
    [540, 80],
    [720, 80],
    [720, 100],
    [900, 100],
  ]);
  expect(spans(phases)).toEqual([
    ['step-1', 0, 180],
    ['step-2', 180, 360],
    ['step-3', 360, 540],
    ['step-4', 540, 720],
    ['step-5', 720, 900],
  ]);
});

test('steps of 2 users begin with one and end with two', () => {
  expect(shapeOf('steps', 2, 5_000_000).curve.map(({ users }) => users)).toEqual([1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
});

test('a ramp of 50 users over 10 m rises for 2 m in a straight line', () => {
  const { curve, phases } = shapeOf('ramp', 50, 10 * MINUTE_US);
  expect(pairs(curve)).toEqual([
    [0, 0],
    [120, 50],
    [600, 50],
  ]);
  expect(spans(phases)).toEqual([
    ['ramp', 0, 120],
    ['steady', 120, 600],
  ]);
});

test('stages are straight lines from the users at the start, and a stage of 0 s is a jump', () => {
  expect(
    pairs(
      curveOfStages(4, [
        { durationUs: 2_000_000, target: 6 },
        { durationUs: 0, target: 1 },
        { durationUs: 3_000_000, target: 1 },
      ]),
    ),
  ).toEqual([
    [0, 4],
    [2, 6],
    [2, 1],
    [5, 1],
  ]);
});

test.each([
  [20, 30_000_000, undefined, 0],
  [20, 600_000_000, 2, 10_000_000],
  [20, 600_000_000, 0.5, 40_000_000],
  [20, 5_000_000, 1, 5_000_000],
  [20, undefined, undefined, 0],
  [20, undefined, 4, 5_000_000],
])('%i users over %s µs at a spawn rate of %s begin within %i µs', (users, durationUs, rate, expected) => {
  expect(spawnWindowUsOf(users, durationUs, rate)).toBe(expected);
});
