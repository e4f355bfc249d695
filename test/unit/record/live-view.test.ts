import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { sampleOf } from '../measure/http-samples.ts';

/** A store, and a second in which `count` requests of `tookUs` end, `failed` of them badly. */
function liveRun() {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const store = new MetricStore();
  return (count: number, tookUs = 100_000, failed = 0) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ tookUs, expected: i >= failed }));
    store.merge(0, registry.drain());
    return store.live.closeSecond();
  };
}

test('a second of 20 requests, 3 of them failed, is 20/s and 3/s; the next, empty one is 0/s', () => {
  const second = liveRun();
  expect(second(20, 100_000, 3)).toMatchObject({ requestsPerSecond: 20, failuresPerSecond: 3, requests: 20, failures: 3 });
  expect(second(0)).toMatchObject({ requestsPerSecond: 0, failuresPerSecond: 0, requests: 20, failures: 3 });
});

test('the p95 looks back 10 seconds: a slow second counts for 10 and is forgotten in the 11th', () => {
  const second = liveRun();
  expect(second(0).responseTimeUsP95).toBeUndefined();
  const slow = second(10, 2_000_000).responseTimeUsP95 ?? 0;
  expect(Math.abs(slow - 2_000_000)).toBeLessThan(2000);
  for (let i = 0; i < 9; i++) expect(second(10, 1000).responseTimeUsP95).toBeGreaterThan(1_990_000);
  expect(second(10, 1000).responseTimeUsP95).toBe(1000);
});

test('30 seconds later the slots of the ring hold nothing of before', () => {
  const second = liveRun();
  for (let i = 0; i < 30; i++) second(5, 50_000);
  for (let i = 0; i < 10; i++) second(0);
  expect(second(1, 2000)).toMatchObject({ requestsPerSecond: 1, responseTimeUsP95: 2000, requests: 151 });
});

test('requests of setup are not shown', () => {
  const registry = new MetricRegistry();
  new HttpRecorder(registry).record(sampleOf({ period: 'setup' }));
  const store = new MetricStore();
  store.merge(0, registry.drain());
  expect(store.live.closeSecond()).toMatchObject({ requestsPerSecond: 0, responseTimeUsP95: undefined });
});

test('the p95 is that of expected answers, as everywhere else: ten that failed after 10 s do not move it', () => {
  const second = liveRun();
  second(10, 20_000);
  expect(second(10, 10_000_000, 10)).toMatchObject({ failures: 10, responseTimeUsP95: 20_000 });
});
