import { expect, test } from 'vitest';
import { chartDefs, hasFigures } from '../../../runtime/page/chart-defs.ts';
import { marksOf } from '../../../runtime/page/marks.ts';
import { shownSeries } from '../../../runtime/ui/run/shown-series.ts';
import { secondAt, seriesOf } from '../server/samples.ts';

const run = (count: number) => seriesOf(Array.from({ length: count }, (_, second) => secondAt(second, { requests: second })));

test('1,800 seconds are 1,800 points, one more are joined two by two', () => {
  expect(
    [shownSeries(run(1_800), undefined), shownSeries(run(1_801), undefined)].map(({ endS, foldedBy }) => [endS.length, foldedBy]),
  ).toEqual([
    [1_800, 1],
    [901, 2],
  ]);
});

test('zoomed to 100 s to 200 s an hour is not joined, and a point beyond each edge leads out of the picture', () => {
  const { endS, foldedBy } = shownSeries(run(3_600), [100, 200]);
  expect([foldedBy, endS[0], endS.at(-1)]).toEqual([1, 99, 201]);
  expect(shownSeries(run(50), [0, 200]).endS).toHaveLength(50);
});

test('the rate of two seconds joined, 0 and 1 requests, is half a request a second', () => {
  const [requests] = chartDefs(shownSeries(run(3_600), undefined));
  expect([requests?.lines[0]?.values[0], requests?.endS[0]]).toEqual([0.5, 2]);
});

test('a run without an answer has charts of users and requests, and none of times', () => {
  const silent = { p50: [null], p95: [null], p99: [null] };
  const series = seriesOf([{ ...secondAt(0), responseTimeMs: silent }]);
  expect(
    chartDefs(series)
      .filter(hasFigures)
      .map(({ id }) => id),
  ).toEqual(['requests', 'users']);
  expect(chartDefs(seriesOf([])).filter(hasFigures)).toEqual([]);
});

test('what a run goes through is marked, its setup and end are not; where the load was changed the line is strong', () => {
  const at = (atS: number, kind: 'stage' | 'change' | 'note', text: string) => ({ atS, kind, text });
  const events = [at(1, 'stage', 'setup'), at(2, 'stage', 'measuring'), at(3, 'change', 'adjusted: users 2 → 9'), at(4, 'stage', 'ended')];
  expect(marksOf({ events })).toEqual([
    { atS: 2, text: 'measuring', isStrong: false },
    { atS: 3, text: 'adjusted: users 2 → 9', isStrong: true },
  ]);
});
