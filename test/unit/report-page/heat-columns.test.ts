import { expect, test } from 'vitest';
import { columnBeginS } from '../../../runtime/report-page/heat-columns.ts';

const beginsOf = (series: Parameters<typeof columnBeginS>[0], columns: number): number[] =>
  Array.from({ length: columns + 1 }, (_, column) => columnBeginS(series, column));

test('5 seconds and a bit: the last of 6 columns ends where the run does', () => {
  const series = { foldedBy: 1, endS: [1, 2, 3, 4, 4.676], lengthS: [1, 1, 1, 1, 1], heatMap: { secondsPerColumn: 1 } };
  expect(beginsOf(series, 5)).toEqual([0, 1, 2, 3, 4, 4.676]);
});

test('a run aborted 1.3 s into a point of 4 s: no column begins beyond its end, nor before the one before it', () => {
  const series = { foldedBy: 4, endS: [4, 8, 9.3], lengthS: [4, 4, 4], heatMap: { secondsPerColumn: 1 } };
  const begins = beginsOf(series, 10);
  expect(begins).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9.3]);
});
