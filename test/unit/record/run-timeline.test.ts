import { expect, test } from 'vitest';
import type { SecondEvent } from '../../../runtime/core/records.ts';
import type { TimelineData } from '../../../runtime/core/timeline-data.ts';
import { RunTimeline } from '../../../runtime/record/run-timeline.ts';
import { simulatedRun } from '../../support/simulated-run.ts';
import { linesOf } from './timeline-lines.ts';

function timelineOf(seconds: Parameters<typeof linesOf>[0], options?: { pointsMax: number }): TimelineData {
  const timeline = new RunTimeline(options);
  for (const line of linesOf(seconds)) timeline.add(line);
  return timeline.data();
}

/** 1 to `count` ms. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => 1000 * (i + 1));

test('of 100 answers in a second, 1 to 100 ms, p50 is 50 ms, p95 95 ms and p99 99 ms, each to 0.1 %', () => {
  const { requests, failures, responseTimeMs, durationMs } = timelineOf([{ timesUs: upTo(100), failures: 3 }]);
  expect([requests, failures]).toEqual([[103], [3]]);
  expect(responseTimeMs.p50[0]).toBeCloseTo(50, 1);
  expect(responseTimeMs.p95[0]).toBeCloseTo(95, 0);
  expect(responseTimeMs.p99[0]).toBeCloseTo(99, 0);
  expect(durationMs).toEqual(responseTimeMs);
});

test('no percentile is over the exact maximum, not even of a single answer in a wide bucket', () => {
  const { responseTimeMs, history } = timelineOf([{ timesUs: [3_000_001] }]);
  expect(responseTimeMs.p99).toEqual([3000.001]);
  expect(history.totalMs.at(-1)).toEqual([3000.001]);
  expect(history.windowMs[0]).toEqual([3000.001]);
});

test('a second without an answer has no percentile, and 0 requests', () => {
  const { requests, responseTimeMs } = timelineOf([{ timesUs: [5000] }, {}]);
  expect(requests).toEqual([1, 0]);
  expect(responseTimeMs.p95).toEqual([5, null]);
});

test('rates and percentiles of the history look back 10 seconds, its totals to the begin', () => {
  const { history } = timelineOf([{ timesUs: [90_000, 90_000] }, ...Array.from({ length: 10 }, () => ({ timesUs: [1000] }))]);
  expect(history.requestsPerSecond[0]).toBe(2);
  expect(history.requestsPerSecond[9]).toBe(1.1);
  expect(history.requestsPerSecond[10]).toBe(1);
  expect(history.windowMs.at(-1)?.slice(9)).toEqual([90, 1]);
  expect(history.totalMs.at(-1)?.[10]).toBe(90);
  expect(history.totalRequests[10]).toBe(12);
});

test('warm-up is in the rates over time but not in the totals; setup is in neither', () => {
  const { requests, history } = timelineOf([
    { timesUs: [1000], period: 'setup' },
    { timesUs: [1000], period: 'warm-up' },
    { timesUs: [1000], period: 'measured' },
    { timesUs: [1000], period: 'drain' },
  ]);
  expect(requests).toEqual([0, 1, 1, 1]);
  expect(history.totalRequests).toEqual([0, 0, 1, 2]);
});

test('slow answers of the warm-up are in no total of the history: not in its percentiles, mean, extremes and bytes', () => {
  const { history } = timelineOf([
    { timesUs: [900_000, 900_000, 100], period: 'warm-up' },
    { timesUs: [2000], period: 'measured' },
    { timesUs: [4000], period: 'drain' },
  ]);
  expect(history.totalMs.map((column) => column[2])).toEqual(history.totalMs.map((_, i) => (i === 0 ? 2 : 4)));
  expect([history.totalMsAvg[2], history.totalMsMin[2], history.totalFailures[2]]).toEqual([3, 2, 0]);
});

test('past 4 points pairs become one: counts add up, the worst p95 stands, and resolution is 2 s', () => {
  const seconds = [1, 2, 3, 4, 5, 6].map((ms) => ({ timesUs: [1000 * ms], failures: 1 }));
  const { foldedBy, endS, lengthS, requests, responseTimeMs, rows, users } = timelineOf(seconds, { pointsMax: 4 });
  expect(foldedBy).toBe(2);
  expect(endS).toEqual([2, 4, 6]);
  expect(lengthS).toEqual([2, 2, 2]);
  expect(requests).toEqual([4, 4, 4]);
  expect(responseTimeMs.p95).toEqual([2, 4, 6]);
  expect(users).toEqual([3, 3, 3]);
  expect(rows[0]?.requests).toEqual([4, 4, 4]);
});

test('50 seconds in at most 4 points are 4 points of 16 s, and no request is lost', () => {
  const { foldedBy, requests } = timelineOf(
    Array.from({ length: 50 }, () => ({ timesUs: [1000] })),
    { pointsMax: 4 },
  );
  expect(foldedBy).toBe(16);
  expect(requests).toEqual([16, 16, 16, 2]);
});

test('a row that comes in the third second is blank before it', () => {
  const { rows } = timelineOf([{ timesUs: [1000] }, {}, { timesUs: [2000], tags: { name: '/late' } }]);
  expect(rows.map(({ name, requests, responseTimeMsP95 }) => [name, requests, responseTimeMsP95])).toEqual([
    ['/', [1, 0, 0], [1, null, null]],
    ['/late', [0, 0, 1], [null, null, 2]],
  ]);
});

test('of 150 names 99 have rows of their own and the rest is one', () => {
  const { rows, requests } = timelineOf(
    Array.from({ length: 150 }, (_, i) => ({ timesUs: [1000], tags: { name: `named ${String(i).padStart(3, '0')}` } })),
  );
  expect(rows).toHaveLength(100);
  expect(rows.at(-1)?.name).toBe('(other requests)');
  expect(rows.at(-1)?.requests.reduce((sum, count) => sum + count, 0)).toBe(51);
  expect(requests).toHaveLength(150);
});

test('a line 5 ms after the last one tells of a second all the same: its one request is not 200 a second', () => {
  const { endS, lengthS, history } = timelineOf([{ timesUs: [1000] }, { timesUs: [1000], atMs: 1_001_005 }]);
  expect(endS).toEqual([1, 1.005]);
  expect(lengthS).toEqual([1, 1]);
  expect(history.requestsPerSecond).toEqual([1, 1]);
});

test('starts are told by the second, and a worker that says nothing new is not counted again', () => {
  const generator = { workers: [{ second: 0, loopLagP99Us: 2000, cpu: 0.5 }] };
  const { starts, generator: lag } = timelineOf([
    { starts: { begun: 5, late: 1 }, generator },
    { starts: { begun: 9, late: 1 }, generator },
  ]);
  expect([starts.begun, starts.late]).toEqual([
    [5, 4],
    [1, 0],
  ]);
  expect(lag).toEqual({ loopLagMsP99: [2, null], cpu: [0.5, null] });
});

test('errors are told by kind and point, and stay so when points are folded', () => {
  const error = (count: number) => ({
    errors: [{ name: '/', kind: 'status', code: 1503, count, firstSeenMs: 0, lastSeenMs: 0, sample: '' }],
  });
  expect(timelineOf([error(2), {}, error(3)]).errors).toEqual([{ name: '/', kind: 'status', code: 1503, seen: [0, 2, 2, 3] }]);
  expect(timelineOf([error(2), {}, error(3), {}, {}], { pointsMax: 4 }).errors[0]?.seen).toEqual([0, 2, 1, 3]);
});

test('events are told with their second', () => {
  const second: SecondEvent[] = [
    { kind: 'stage', text: 'measuring' },
    { kind: 'note', text: 'worker 1 was lost; another worker takes its place' },
  ];
  expect(timelineOf([{ events: [{ kind: 'stage', text: 'setup' }] }, { events: second }]).events).toEqual([
    { atS: 1, kind: 'stage', text: 'setup' },
    { atS: 2, kind: 'stage', text: 'measuring' },
    { atS: 2, kind: 'note', text: 'worker 1 was lost; another worker takes its place' },
  ]);
});

test('a heat-map of 10 minutes has 150 columns of 4 s, at most 60 classes, and every answer', () => {
  const { heatMap } = timelineOf(Array.from({ length: 600 }, (_, i) => ({ timesUs: [50, 1000 + i, 3_600_000_000] })));
  expect(heatMap.secondsPerColumn).toBe(4);
  expect(heatMap.counts).toHaveLength(150);
  expect(heatMap.counts[0]?.length).toBeLessThanOrEqual(60);
  expect(heatMap.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(1800);
  const [fromMs, cells] = [heatMap.fromMs, heatMap.counts[0] as number[]];
  const ofOneMs = cells.findIndex((_, i) => fromMs * heatMap.ratio ** (i + 1) > 1.0005);
  expect(cells[ofOneMs]).toBe(4);
});

test('over a simulated minute the seconds add up to the rows of run.json, and the last totals are its percentiles', () => {
  const { run } = simulatedRun({ seconds: 60, names: ['/a', '/b'], requestsPerSecond: 20 });
  const all = run.requests.at(-1);
  const { series } = run;
  expect(series?.requests.reduce((sum, count) => sum + count, 0)).toBe(all?.count);
  expect(series?.failures.reduce((sum, count) => sum + count, 0)).toBe(all?.failed);
  expect(series?.history.totalMs.map((column) => column.at(-1))).toEqual(Object.values(run.details?.at(-1)?.percentilesMs ?? {}));
  expect(series?.history.totalMs[0]?.at(-1)).toBe(all?.responseTimeMs?.p50);
});
