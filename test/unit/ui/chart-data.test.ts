import { expect, test } from 'vitest';
import { WHOLE_STEPS } from '../../../runtime/core/page-figures.ts';
import { columnsOf, type Measure, phaseMarks } from '../../../runtime/ui/run/chart-data.ts';
import { rateChart, USERS_CHART } from '../../../runtime/ui/run/chart-series.ts';
import type { SecondPoint } from '../../../runtime/views/api.ts';

const pointAt = (second: number, more: Partial<SecondPoint> = {}): SecondPoint => ({
  second,
  atMs: second * 1000,
  phase: '',
  users: 1,
  requests: second,
  failures: 0,
  responseMs: { p50: 1, p95: second, p99: 3 },
  durationMs: null,
  dropped: 0,
  generator: null,
  ...more,
});
const seconds = (count: number): SecondPoint[] => Array.from({ length: count }, (_, second) => pointAt(second));
const rate: Measure = { of: (point) => point.requests, join: 'mean' };
const p95: Measure = { of: (point) => point.responseMs?.p95 ?? null, join: 'worst' };

test('1,800 seconds are 1,800 points, one more are joined two by two', () => {
  expect(columnsOf(seconds(1800), [rate], null)).toMatchObject({ stepS: 1, columns: [{ length: 1800 }, { length: 1800 }] });
  expect(columnsOf(seconds(1801), [rate], null)).toMatchObject({ stepS: 2, columns: [{ length: 901 }, { length: 901 }] });
});

test('of seconds 0 and 1 joined the rate is their mean, 0.5, and the p95 the worse one, 1', () => {
  const { columns } = columnsOf(seconds(3600), [rate, p95], null);
  expect([columns[0][0], columns[1]?.[0], columns[2]?.[0]]).toEqual([0, 0.5, 1]);
});

test('zoomed to seconds 100 to 200 an hour is not joined, and a second beyond each edge leads out of the picture', () => {
  const { columns, stepS } = columnsOf(seconds(3600), [rate], { fromS: 100, toS: 200 });
  expect([stepS, columns[0][0], columns[0].at(-1)]).toEqual([1, 99, 201]);
});

test('five seconds that nobody measured are a gap, not a line', () => {
  const { columns } = columnsOf([pointAt(0), pointAt(1), pointAt(7)], [rate], null);
  expect(columns).toEqual([
    [0, 1, 2, 7],
    [0, 1, null, 7],
  ]);
});

test('a second without answers has no p95', () => {
  expect(columnsOf([pointAt(0, { responseMs: null })], [p95], null).columns[1]).toEqual([null]);
});

test('no points are no columns', () => {
  expect(columnsOf([], [rate], null)).toEqual({ stepS: 1, columns: [[], []] });
});

test('a mark stands where a phase begins, none at the first and none for edits, which have their own', () => {
  const points = ['warm-up', 'base', 'base', 'edit-1', 'peak'].map((phase, second) => pointAt(second, { phase }));
  expect(phaseMarks(points)).toEqual([
    { second: 1, text: 'base', kind: 'phase' },
    { second: 4, text: 'peak', kind: 'phase' },
  ]);
});

test('an axis of users has whole numbers alone, one of requests says a quarter as 0.25', () => {
  expect(WHOLE_STEPS.every(Number.isInteger)).toBe(true);
  expect(USERS_CHART.isWhole).toBe(true);
  expect(rateChart(false).format(0.25)).toBe('0.25');
});
