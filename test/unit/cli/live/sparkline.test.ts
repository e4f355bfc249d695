import { expect, test } from 'vitest';
import { sparkline } from '../../../../runtime/cli/live/sparkline.ts';

const points = (values: readonly (number | undefined)[], first = 0) => values.map((value, i) => ({ second: first + i, value }));
const highest = (values: readonly number[]): number => Math.max(...values);

test('8 values from 1 to 8 are the 8 levels, and a second without a value is a blank', () => {
  expect(sparkline(points([1, 2, 3, 4, undefined, 5, 6, 7, 8]), { cells: 60, seconds: 60, join: highest })).toBe('▁▂▃▄ ▅▆▇█');
});

test('nothing but zeros is a flat line, and no point at all is nothing', () => {
  expect(sparkline(points([0, 0, 0]), { cells: 60, seconds: 60, join: highest })).toBe('▁▁▁');
  expect(sparkline([], { cells: 60, seconds: 60, join: highest })).toBe('');
  expect(sparkline(points([1]), { cells: 0, seconds: 60, join: highest })).toBe('');
});

test('60 s in 20 cells: 3 s share a cell, and the same 3 do a second later', () => {
  const values = Array.from({ length: 60 }, (_, second) => (second === 30 ? 80 : 10));
  const now = sparkline(points(values), { cells: 20, seconds: 60, join: highest });
  expect(now).toBe(`${'▁'.repeat(10)}█${'▁'.repeat(9)}`);
  const later = sparkline(points([...values.slice(1), 10], 1), { cells: 20, seconds: 60, join: highest });
  expect(later).toBe(`${'▁'.repeat(9)}█${'▁'.repeat(10)}`);
});
