import { expect, test } from 'vitest';
import { appendSeries, joinedSeries, type RunSeries, slicedSeries, stagesOf } from '../../../runtime/core/run-series.ts';
import { secondAt, seriesOf } from '../server/samples.ts';

const seconds = (count: number): RunSeries[] =>
  Array.from({ length: count }, (_, i) => secondAt(i, { requests: 10 * (i + 1), failures: i, users: i }));

test('of 5 seconds joined by twos counts and lengths are summed, the worst p95 and the last users stand, and the last point is one second', () => {
  const { foldedBy, endS, lengthS, requests, failures, responseTimeMs, durationMs, users } = joinedSeries(seriesOf(seconds(5)), 2);
  expect({ foldedBy, endS, lengthS }).toEqual({ foldedBy: 2, endS: [2, 4, 5], lengthS: [2, 2, 1] });
  expect({ requests, failures, users }).toEqual({ requests: [30, 70, 50], failures: [1, 5, 4], users: [1, 3, 4] });
  expect([responseTimeMs.p95, durationMs.p95]).toEqual([
    [1, 3, 4],
    [null, null, null],
  ]);
});

test('a second without answers gives way to one that has some, and a latency that falls is not lowered by the join', () => {
  const [first, second] = seconds(2) as [RunSeries, RunSeries];
  const none = { ...second, responseTimeMs: { p50: [null], p95: [null], p99: [null] } };
  const worse = { ...first, responseTimeMs: { p50: [9], p95: [9], p99: [9] } };
  expect(joinedSeries(seriesOf([first, none]), 2).responseTimeMs.p95).toEqual([0]);
  expect(joinedSeries(seriesOf([worse, second]), 2).responseTimeMs.p95).toEqual([9]);
});

test('seconds put behind a series one by one make the series that the server has of all of them, gauges that come late included', () => {
  const all = seconds(4).map((second, i) => ({ ...second, gauges: i < 2 ? [] : [{ name: 'gpu', unit: '', values: [i] }] }));
  const page = seriesOf([]);
  for (const second of all) appendSeries(page, { ...second, events: [] });
  expect({ ...page, events: [] }).toEqual({ ...seriesOf(all), events: [] });
  expect(page.gauges).toEqual([{ name: 'gpu', unit: '', values: [null, null, 2, 3] }]);
  appendSeries(page, { ...secondAt(4), events: [] });
  expect(page.gauges[0]?.values).toEqual([null, null, 2, 3, null]);
});

test('a part of a series has the same points in each of its columns', () => {
  const { endS, requests, starts } = slicedSeries(seriesOf(seconds(5)), 1, 3);
  expect({ endS, requests, late: starts.late }).toEqual({ endS: [2, 3], requests: [20, 30], late: [0, 0] });
});

test('a point is of the stage that the run had come to at its end, joined or not; of two in one second the later', () => {
  const series = seriesOf(seconds(5), { 1: 'warm-up', 3: 'measuring' });
  expect(stagesOf(series)).toEqual(['', 'warm-up', 'warm-up', 'measuring', 'measuring']);
  expect(stagesOf(joinedSeries(series, 2))).toEqual(['warm-up', 'measuring', 'measuring']);
  const events = [
    ...series.events,
    { atS: 4, kind: 'note', text: 'worker 1 was lost' } as const,
    { atS: 4, kind: 'stage', text: 'stopping' } as const,
  ];
  expect(stagesOf({ ...series, events })[3]).toBe('stopping');
});
