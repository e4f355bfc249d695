import { expect, test } from 'vitest';
import { lonelyPoints } from '../../../runtime/page/lonely-points.ts';

test('a figure between two gaps, or between a gap and an end, is drawn as a dot; those with a neighbour are a line', () => {
  expect(lonelyPoints([5, null, 7, null, 1, 2, null, 4])).toEqual([0, 2, 7]);
  expect(lonelyPoints([1, 2, 3, null, undefined])).toEqual([]);
});

test('one figure or two are dots: a line of them is nothing or too short to see', () => {
  expect(lonelyPoints([3])).toEqual([0]);
  expect(lonelyPoints([3, 4])).toEqual([0, 1]);
  expect(lonelyPoints([null, 4])).toEqual([1]);
});
