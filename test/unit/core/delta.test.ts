import { expect, test } from 'vitest';
import { type GaugeValues, type SeriesDelta, type SeriesIdentity, type SeriesValues, sumOf } from '../../../runtime/core/delta.ts';
import { BugError } from '../../../runtime/core/errors.ts';
import { MetricStore } from '../../../runtime/record/store.ts';

const gauge = (last: number, atUs: number): GaugeValues => ({ type: 'gauge', count: 1, last, atUs, min: last, max: last, refused: 0 });

test('of two values of a gauge the later one stands, in whichever order they come; least and most are of both', () => {
  const expected = { last: 9, atUs: 20, min: 4, max: 9, count: 2 };
  expect(sumOf(gauge(4, 10), gauge(9, 20))).toMatchObject(expected);
  expect(sumOf(gauge(9, 20), gauge(4, 10))).toMatchObject(expected);
});

test('what is added to nothing is a copy without the number of its series', () => {
  const delta: SeriesDelta = { id: 3, type: 'trend', count: 1, sum: 5, min: 5, max: 5, clamped: 0, refused: 0, buckets: [5, 1] };
  const sum = sumOf(undefined, delta);
  sumOf(sum, delta);
  expect(sum).toEqual({ type: 'trend', count: 2, sum: 10, min: 5, max: 5, clamped: 0, refused: 0, buckets: [5, 1, 5, 1] });
  expect(delta.buckets).toEqual([5, 1]);
});

test('deltas of two types do not add up', () => {
  expect(() => sumOf(gauge(1, 1), { type: 'rate', count: 1, passes: 1 })).toThrow(BugError);
});

test('users of two workers are their sum, also when the second was counted a moment before the first', () => {
  const store = new MetricStore();
  const series: SeriesIdentity = { metric: 'vus', type: 'gauge', unit: 'default', period: 'measured', tags: {} };
  store.merge(0, [{ id: 0, series, ...gauge(4, 1_000_020) }]);
  const [journaled] = store.merge(1, [{ id: 0, series, ...gauge(5, 1_000_010) }]);
  expect(store.gauge('vus')).toMatchObject({ last: 9, max: 9 });
  expect(journaled).toMatchObject({ last: 9, atUs: 1_000_020 });
});

test('values of a rate that were refused add up, be they told of by the first second, a later one or none', () => {
  const rate = (refused?: number): SeriesValues => ({ type: 'rate', count: 1, passes: 1, ...(refused === undefined ? {} : { refused }) });
  const sum = [rate(), rate(2), rate(), rate(3)].reduce<SeriesValues | undefined>(sumOf, undefined);
  expect(sum).toEqual({ type: 'rate', count: 4, passes: 4, refused: 5 });
  expect(sumOf(rate(), rate())).toEqual({ type: 'rate', count: 2, passes: 2 });
});
