import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { summaryOf } from '../../../runtime/record/summary.ts';
import { cutOffSampleOf, sampleOf } from '../measure/http-samples.ts';

function summaryOfRun(
  run: (recorder: HttpRecorder, registry: MetricRegistry) => void,
  options: { measuredS?: number; seriesMax?: number } = {},
) {
  const registry = new MetricRegistry(options.seriesMax === undefined ? {} : { seriesMax: options.seriesMax });
  run(new HttpRecorder(registry), registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const errors = [{ name: 'has a box', kind: 'check', code: 0, count: 1, firstSeenMs: 0, lastSeenMs: 0, sample: 'TypeError: no box' }];
  return summaryOf(store, { measuredS: options.measuredS ?? 10, errors });
}

test('a run without requests has one row, Aggregated, with 0 requests and no latency', () => {
  expect(summaryOfRun(() => {}).requests).toEqual([
    {
      task: '',
      method: '',
      name: 'Aggregated',
      count: 0,
      failed: 0,
      interrupted: 0,
      perSecond: 0,
      durationMs: null,
      responseTimeMs: null,
      allDurationMs: null,
      allResponseTimeMs: null,
    },
  ]);
});

test('rows are in the order of their names with Aggregated last; a rate is of the measured 10 s, a latency of the drain too, warm-up is in neither', () => {
  const { requests } = summaryOfRun((recorder) => {
    for (let i = 0; i < 20; i++) recorder.record(sampleOf({ task: 'b', name: '/b' }));
    for (let i = 0; i < 5; i++) recorder.record(sampleOf({ task: 'b', name: '/b', period: 'drain', tookUs: 99_000 }));
    for (let i = 0; i < 7; i++) recorder.record(sampleOf({ task: 'b', name: '/b', period: 'warm-up', tookUs: 5_000_000 }));
    recorder.record(sampleOf({ task: 'a', name: '/a', expected: false, outcome: { status: 500, errorCode: 1500 } }));
    recorder.record(cutOffSampleOf('interrupted', 50_000, { task: 'a', name: '/a' }));
  });
  expect(requests.map(({ name, count, failed, interrupted, perSecond }) => [name, count, failed, interrupted, perSecond])).toEqual([
    ['/a', 1, 1, 1, 0.1],
    ['/b', 25, 0, 0, 2],
    ['Aggregated', 26, 1, 1, 2.1],
  ]);
  expect(requests[0]).toMatchObject({ durationMs: null, responseTimeMs: null, allDurationMs: { min: 24, max: 24, avg: 24 } });
  expect(requests[1]?.responseTimeMs).toMatchObject({ min: 25, max: 99, p50: expect.closeTo(25, 1), p99: 99 });
  expect(requests[2]?.responseTimeMs?.avg).toBeCloseTo((20 * 25 + 5 * 99) / 25);
});

test('what is past the cap has a row of its own and is in Aggregated', () => {
  const { requests } = summaryOfRun(
    (recorder) => {
      for (let i = 0; i < 100; i++) recorder.record(sampleOf({ name: `/${i}` }));
    },
    { seriesMax: 24 },
  );
  expect(requests.map(({ name, count }) => [name, count])).toEqual([
    ['/0', 1],
    ['/1', 1],
    ['(other requests)', 98],
    ['Aggregated', 100],
  ]);
  expect(requests[2]?.responseTimeMs).toMatchObject({ min: 25, max: 25 });
});

test('checks are a row each with passes, fails and the reason a predicate threw', () => {
  const { checks } = summaryOfRun((_, registry) => {
    const record = (check: string, task: string, passes: boolean[], period: 'measured' | 'drain' | 'warm-up' = 'measured') => {
      for (const isPass of passes) registry.rate('checks', period, { check, group: '', task }).record(isPass);
    };
    record('status is 200', 'b', [true, true, false]);
    record('status is 200', 'b', [true], 'drain');
    record('status is 200', 'b', [false], 'warm-up');
    record('has a box', 'a', [false]);
  });
  expect(checks).toEqual([
    { name: 'has a box', group: '', task: 'a', passes: 0, fails: 1, reason: 'TypeError: no box' },
    { name: 'status is 200', group: '', task: 'b', passes: 3, fails: 1 },
  ]);
});

test('metrics are in ms, bytes, ratios and counts; rates of counters are of the measured 10 s', () => {
  const { metrics } = summaryOfRun((recorder, registry) => {
    registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
    registry.trend('confidence', 'measured', {}).record(0.75);
    for (let i = 0; i < 4; i++) recorder.record(sampleOf({ expected: i > 0 }));
    recorder.record(sampleOf({ period: 'drain' }));
    registry.gauge('vus', 'measured', {}).set(3, 1);
    registry.gauge('vus', 'measured', {}).set(8, 2);
  });
  expect(metrics['http_reqs']).toEqual({ type: 'counter', unit: 'count', values: { count: 5, rate: 0.4 } });
  expect(metrics['data_received']).toEqual({ type: 'counter', unit: 'bytes', values: { count: 10_000, rate: 800 } });
  expect(metrics['http_req_failed']).toEqual({ type: 'rate', unit: 'ratio', values: { rate: 0.2, passes: 1, fails: 4 } });
  expect(metrics['http_req_response_time']).toEqual({
    type: 'trend',
    unit: 'ms',
    values: { avg: 25, min: 25, med: 25, max: 25, p90: 25, p95: 25, p99: 25, count: 5 },
  });
  expect(metrics['confidence']).toMatchObject({ type: 'trend', values: { med: 0.75, count: 1 } });
  expect(metrics['confidence']).not.toHaveProperty('unit');
  expect(metrics['vus']?.values).toMatchObject({ value: 8, max: 8 });
  expect(metrics).not.toHaveProperty('http_req_cut_off');
});

test('a measured window of 0 s gives rates of 0', () => {
  const { requests, metrics } = summaryOfRun((recorder) => recorder.record(sampleOf()), { measuredS: 0 });
  expect(requests[0]?.perSecond).toBe(0);
  expect(metrics['http_reqs']?.values['rate']).toBe(0);
});
