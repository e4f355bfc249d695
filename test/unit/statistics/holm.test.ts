import { expect, test } from 'vitest';
import { holm } from '../../../runtime/statistics/holm.ts';

test('of 4 tests at 5 % the first has to be under 1.25 %, the next under 1.67 %; the first that is not ends it', () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true]);
  expect(holm([0.012, 0.016, 0.024, 0.05])).toEqual([true, true, true, true]);
  expect(holm([0.013, 0, 0.9])).toEqual([true, true, false]);
});

test('no test at all says nothing', () => {
  expect(holm([])).toEqual([]);
});
