import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { LiveTable } from '../../../runtime/record/live-table.ts';
import { LiveView } from '../../../runtime/record/live-view.ts';
import { RunTimeline } from '../../../runtime/record/run-timeline.ts';
import { teller } from '../../support/told-seconds.ts';
import { sampleOf } from '../measure/http-samples.ts';

/** A view, and a second in which `count` requests of `tookUs` end, `failed` of them badly. */
function liveRun() {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const [view, tell] = [new LiveView(), teller()];
  return (count: number, tookUs = 100_000, failed = 0) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ tookUs, expected: i >= failed }));
    return view.take(tell(registry.drain()));
  };
}

test('a second of 20 requests, 3 of them failed, is 20/s and 3/s; the next, empty one is 0/s', () => {
  const second = liveRun();
  expect(second(20, 100_000, 3)).toMatchObject({ requestsPerSecond: 20, failuresPerSecond: 3, requests: 20, failures: 3 });
  expect(second(0)).toMatchObject({ requestsPerSecond: 0, failuresPerSecond: 0, requests: 20, failures: 3 });
});

test('the p95 looks back 10 seconds: a slow second counts for 10 and is forgotten in the 11th', () => {
  const second = liveRun();
  expect(second(0).recent?.p95Us).toBeUndefined();
  const slow = second(10, 2_000_000).recent?.p95Us ?? 0;
  expect(Math.abs(slow - 2_000_000)).toBeLessThan(2000);
  for (let i = 0; i < 9; i++) expect(second(10, 1000).recent?.p95Us).toBeGreaterThan(1_990_000);
  expect(second(10, 1000).recent?.p95Us).toBe(1000);
});

test('30 seconds later the slots of the ring hold nothing of before', () => {
  const second = liveRun();
  for (let i = 0; i < 30; i++) second(5, 50_000);
  for (let i = 0; i < 10; i++) second(0);
  expect(second(1, 2000)).toMatchObject({ requestsPerSecond: 1, recent: { p95Us: 2000 }, requests: 151 });
});

test('totals are those of the tables: of the warm-up until the first request counts, then without it; the seconds are what happens now', () => {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const [view, tell] = [new LiveView(), teller()];
  const second = (period: 'warm-up' | 'measured', count: number) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ period, expected: i > 0 }));
    return view.take(tell(registry.drain()));
  };
  expect(second('warm-up', 7)).toMatchObject({ requestsPerSecond: 7, requests: 7, failures: 1 });
  expect(second('measured', 5)).toMatchObject({ requestsPerSecond: 5, requests: 5, failures: 1 });
  expect(second('measured', 0)).toMatchObject({ requestsPerSecond: 0, requests: 5, failures: 1 });
});

test('the last ten seconds are the same to the progress line, the table of requests and the chart: delayed seconds, warm-up and all', () => {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const [view, table, timeline, tell] = [new LiveView(), new LiveTable(), new RunTimeline(), teller()];
  let atMs = 0;
  const second = (period: 'warm-up' | 'measured', count: number, lengthS = 1) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ period }));
    atMs += lengthS * 1_000;
    const told = tell(registry.drain(), { atMs });
    table.take(told);
    timeline.add(told);
    return { said: view.take(told).recentPerSecond, table: table.perSecond(table.total.recent) };
  };
  expect(second('warm-up', 50).said).toBe(50); // what happens now
  expect(second('measured', 20)).toEqual({ said: 20, table: 20 });
  expect(second('measured', 40, 4)).toEqual({ said: 12, table: 12 });
  for (let i = 0; i < 5; i++) second('measured', 6);
  const last = second('measured', 6);
  expect(last).toEqual({ said: 7.6, table: 7.6 }); // 40 + 6 × 6 in 10 s
  expect(timeline.data().history.requestsPerSecond.at(-1)).toBe(7.6);
});

test('requests of setup are not shown', () => {
  const registry = new MetricRegistry();
  new HttpRecorder(registry).record(sampleOf({ period: 'setup' }));
  expect(new LiveView().take(teller()(registry.drain()))).toMatchObject({ requestsPerSecond: 0, recent: undefined });
});

test('the p95 is that of expected answers, as everywhere else: ten that failed after 10 s do not move it', () => {
  const second = liveRun();
  second(10, 20_000);
  expect(second(10, 10_000_000, 10)).toMatchObject({ failures: 10, recent: { p95Us: 20_000 } });
});

test('a second gives its own percentiles, and failures are in none', () => {
  const second = liveRun();
  expect(second(0).ofSecond).toBeUndefined();
  expect(second(10, 500_000).ofSecond).toEqual({ p50Us: 500_000, p95Us: 500_000, p99Us: 500_000 });
  expect(second(10, 9_000_000, 10)).toMatchObject({ ofSecond: undefined, recent: { p99Us: 500_000 } });
});
