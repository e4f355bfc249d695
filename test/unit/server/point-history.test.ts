import { expect, test } from 'vitest';
import { PointHistory } from '../../../runtime/server/point-history.ts';
import { pointAt } from './samples.ts';

test('past 4 points neighbours are joined: counts on average, percentiles the worst, and no second is lost', () => {
  const history = new PointHistory(4);
  for (let second = 0; second < 8; second++) history.add(pointAt(second, second % 2 === 0 ? 10 : 30));
  expect(history.stepS).toBe(2);
  expect(history.points.map(({ second }) => second)).toEqual([0, 2, 4, 6]);
  expect(history.points.map(({ requests }) => requests)).toEqual([20, 20, 20, 20]);
  expect(history.points.map(({ responseMs }) => responseMs?.p95)).toEqual([1, 3, 5, 7]);
});

test('the step that is not whole yet is a point too', () => {
  const history = new PointHistory(4);
  for (let second = 0; second < 7; second++) history.add(pointAt(second));
  expect(history.points.map(({ second }) => second)).toEqual([0, 2, 4, 6]);
});
