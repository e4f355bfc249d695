import { expect, test } from 'vitest';
import { foldedTimeline } from '../../../../runtime/report/html/fold-timeline.ts';
import { simulatedRun } from '../../../support/simulated-run.ts';

const NAMES = ['/a', '/b', '/c', '/d'];
const { run } = simulatedRun({ seconds: 120, names: NAMES, requestsPerSecond: 10 });
const data = run.series;
if (data === undefined) throw new Error('expected the seconds of the run');

/** Of how many seconds a point of the whole and one of a row is, with so many points at most. */
function pointsWith(pointsMax: number, rowPointsMax: number): [whole: number, ofRow: number, wholeS: number, rowS: number] {
  const { series, rows } = foldedTimeline(data as NonNullable<typeof data>, { pointsMax, rowPointsMax });
  return [series.endS.length, rows.endS.length, series.lengthS[0] ?? 0, rows.lengthS[0] ?? 0];
}

test('a run that fits has a point a second, and one more second than fits is told by twos', () => {
  expect(data.endS).toHaveLength(120);
  expect(pointsWith(120, 10_000)).toEqual([120, 120, 1, 1]);
  expect(pointsWith(119, 10_000)).toEqual([60, 120, 2, 1]);
  expect(pointsWith(60, 10_000)).toEqual([60, 120, 2, 1]);
});

test('the rows share their points: of 4 rows with 240 points in all each has 60, and where there are fewer than rows it has one', () => {
  expect(data.rows).toHaveLength(NAMES.length);
  expect(pointsWith(120, 480)).toEqual([120, 120, 1, 1]);
  expect(pointsWith(120, 479)).toEqual([120, 60, 1, 2]);
  expect(pointsWith(120, 240)).toEqual([120, 60, 1, 2]);
  expect(pointsWith(120, 3)[1]).toBe(1);
});

test('errors are where their seconds went, each counted once', () => {
  const seen = [0, 2, 1, 3, 7, 5];
  const withErrors = { ...data, errors: [{ name: '/a', kind: 'status', code: 1503, seen }] } as unknown as typeof data;
  const seenWith = (pointsMax: number): unknown =>
    foldedTimeline(withErrors as NonNullable<typeof data>, { pointsMax, rowPointsMax: 1_000 }).series.errors[0]?.seen;
  expect(seenWith(120)).toEqual(seen);
  expect(seenWith(60)).toEqual([0, 5, 3, 5]);
});
