import { expect, test } from 'vitest';
import { addPoint } from '../../../runtime/ui/run/points.ts';
import type { SecondPoint } from '../../../runtime/views/api.ts';

const pointAt = (second: number, requests = 1): SecondPoint => ({
  second,
  atMs: 0,
  phase: '',
  users: 1,
  requests,
  failures: 0,
  responseMs: null,
  durationMs: null,
  dropped: 0,
  generator: null,
});
const after = (...points: SecondPoint[]): [number, number][] => {
  const all: SecondPoint[] = [];
  for (const point of points) addPoint(all, point);
  return all.map(({ second, requests }) => [second, requests]);
};

test('seconds 0, 1, 2 stand in order, also when 1 comes last', () => {
  expect(after(pointAt(0), pointAt(2), pointAt(1)).map(([second]) => second)).toEqual([0, 1, 2]);
});

test('a second that is told again with 7 requests counts once, with 7', () => {
  expect(after(pointAt(0), pointAt(1, 5), pointAt(1, 7))).toEqual([
    [0, 1],
    [1, 7],
  ]);
});
