import { expect, test } from 'vitest';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { LiveBoard } from '../../../runtime/server/live-board.ts';

const TAGS = { task: 'predict', method: 'POST', name: '/predict', expected_response: 'true' };

/** A board that is told second after second. */
function listening(board = new LiveBoard()) {
  const ledger = new Ledger();
  return (at: number, deltas: SeriesDelta[], dropped = 0) => {
    ledger.take(0, deltas);
    const second = ledger.close({ second: at, atMs: at * 1_000, users: 4, measuredS: at, starts: { ...NO_STARTS, dropped } });
    return board.take({ ...second, thresholds: [], generator: [], load: [], remainingUs: 5_000_000, inFlight: 1 });
  };
}

const failed = (id: number, count: number, passes: number, period: 'warm-up' | 'measured' | undefined): SeriesDelta => ({
  id,
  ...(period === undefined ? {} : { series: { metric: 'http_req_failed', type: 'rate', unit: 'default', period, tags: TAGS } }),
  type: 'rate',
  count,
  passes,
});

test('warm-up is in the chart and not in the table; rates are over the measured seconds there were', () => {
  const second = listening();
  const first = second(0, [failed(1, 7, 0, 'warm-up')]);
  expect(first.series.requests).toEqual([7]);
  expect(first.live.rows).toMatchObject([{ name: 'Aggregated', count: 0 }]);
  const next = second(1, [failed(2, 20, 4, 'measured')], 3);
  expect(next.series).toMatchObject({ requests: [20], failures: [4], starts: { dropped: [3] } });
  expect(next.live.rows).toMatchObject([
    { task: 'predict', name: '/predict', count: 20, failed: 4, perSecond: 20 },
    { name: 'Aggregated', count: 20, failed: 4 },
  ]);
  expect(next.live.remainingS).toBe(5);
});

test('a series is introduced once: later deltas of its number belong to it', () => {
  const second = listening();
  second(0, [failed(2, 20, 4, 'measured')]);
  const { live, series } = second(1, [failed(2, 5, 1, undefined)], 0);
  expect(series.requests).toEqual([5]);
  expect(live.rows[0]).toMatchObject({ count: 25, failed: 5 });
});

/** 10 requests, each of so many µs. */
function times(id: number, metric: 'http_req_response_time' | 'http_req_duration', us: number, expected: 'true' | 'false'): SeriesDelta {
  return {
    id,
    series: { metric, type: 'trend', unit: 'time', period: 'measured', tags: { ...TAGS, expected_response: expected } },
    type: 'trend',
    count: 10,
    sum: 10 * us,
    min: us,
    max: us,
    clamped: 0,
    refused: 0,
    buckets: [us, 10],
  };
}

test('percentiles of a second come from its own buckets: 10 answers of 1 ms', () => {
  const { series, live } = listening()(0, [times(3, 'http_req_response_time', 1_000, 'true')]);
  expect(series.responseTimeMs).toEqual({ p50: [1], p95: [1], p99: [1] });
  expect(live.rows[0]).toMatchObject({ medianMs: 1, averageMs: 1, minMs: 1, maxMs: 1 });
});

test('10 requests that failed after 1 s are in neither percentile of the chart: 10 answers took 2 ms', () => {
  const failures = [times(3, 'http_req_response_time', 1_000_000, 'false'), times(4, 'http_req_duration', 1_000_000, 'false')];
  const answers = [times(5, 'http_req_response_time', 2_000, 'true'), times(6, 'http_req_duration', 2_000, 'true')];
  const { series } = listening()(0, [...failures, ...answers]);
  const all = (ms: number | null) => ({ p50: [ms], p95: [ms], p99: [ms] });
  expect([series.responseTimeMs, series.durationMs]).toEqual([all(2), all(2)]);
  expect(listening()(0, failures).series).toMatchObject({ responseTimeMs: all(null), durationMs: all(null) });
});

test('groups of the load and requests of setup stand beside the rows, neither in the other; a reset forgets groups alone', () => {
  const inGroup = { ...TAGS, group: '::shop' };
  const ofSetup = { task: '', method: 'POST', name: '/login', expected_response: 'true' };
  const of = (delta: SeriesDelta, more: Partial<NonNullable<SeriesDelta['series']>>): SeriesDelta =>
    ({ ...delta, series: { ...delta.series, ...more } }) as SeriesDelta;
  const board = new LiveBoard();
  const second = listening(board);
  second(0, [
    of(failed(1, 10, 1, 'measured'), { period: 'setup', tags: ofSetup }),
    of(times(2, 'http_req_response_time', 1_000, 'true'), { period: 'setup', tags: ofSetup }),
  ]);
  const { live } = second(1, [
    of(failed(3, 12, 2, 'measured'), { tags: inGroup }),
    of(failed(4, 10, 7, 'measured'), { metric: 'checks', tags: { check: 'is up', group: '::shop' } }),
    of(times(5, 'http_req_response_time', 1_500, 'true'), { metric: 'group_duration', tags: { group: '::shop' } }),
  ]);
  expect(live.groups).toMatchObject([
    { group: '::shop', times: 10, requests: 12, failed: 2, perSecond: 12, checks: 10, checksFailed: 3, responseTimeMs: null },
  ]);
  expect(live.groups[0]?.durationMs?.p95).toBe(1.5);
  expect(live.uncounted).toMatchObject([{ period: 'setup', method: 'POST', name: '/login', count: 10, failed: 1 }]);
  expect(live.uncounted[0]?.responseMs?.max).toBe(1);
  expect(live.rows.map(({ name, count }) => [name, count])).toEqual([
    ['/predict', 12],
    ['Aggregated', 12],
  ]);
  board.reset();
  const after = second(2, []).live;
  expect([after.groups, after.uncounted.length]).toEqual([[], 1]);
  const again = second(5, [failed(3, 12, 2, undefined)]).live;
  expect([live.countedS, after.countedS, again.countedS]).toEqual([1, 1, 4]);
  expect(again.groups, 'over what was measured since the reset').toMatchObject([{ requests: 12, perSecond: 3 }]);
});
