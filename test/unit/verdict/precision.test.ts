import { expect, test } from 'vitest';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { LiveJudge } from '../../../runtime/verdict/live-judge.ts';
import { thresholdPlanOf } from '../../support/threshold-plan.ts';

/** Judges seconds of samples, told to the judge as a run tells them. @param timesMs - of each second */
function judged(
  key: string,
  text: string,
  timesMs: readonly (readonly number[])[],
  isBad = (_ms: number): boolean => false,
): ThresholdResult {
  const plan = thresholdPlanOf(key, text);
  const ledger = new Ledger();
  const judge = new LiveJudge([plan], ledger, { workers: [0], plannedUs: timesMs.length * 1_000_000 });
  const registry = new MetricRegistry();
  timesMs.forEach((second, at) => {
    for (const ms of second) {
      registry.trend('http_req_duration', 'measured', {}).record(Math.round(ms * 1000));
      registry.rate('http_req_failed', 'measured', {}).record(isBad(ms));
    }
    ledger.take(0, registry.drain(), { period: 'measured', second: at });
    judge.closeSecond();
  });
  const windows = judge.finish(timesMs.length);
  return judgeThresholds([plan], ledger.store, { measuredS: timesMs.length, windows, tallies: judge.tallies })[0] as ThresholdResult;
}

/** 1 to 100 ms, each once a second. */
const even = (seconds: number): number[][] => Array.from({ length: seconds }, () => Array.from({ length: 100 }, (_, i) => i + 1));
/** Every tenth second is slow as a whole, two in a row. */
const inBursts = (seconds: number): number[][] =>
  Array.from({ length: seconds }, (_, t) => Array.from({ length: 100 }, (_, i) => (t % 20 < 2 ? 500 : 1 + i / 100)));

test('p95 of 1,000 samples from 1 to 100 ms lies within the ranks 936 and 964, and says what would tell it from 96 ms', () => {
  const result = judged('http_req_duration', 'p(95)<96', even(10));
  expect(result).toMatchObject({ outcome: 'met', samples: 1000, interval: { low: 93.952, high: 97.023 }, isWeak: true });
  expect(result.detail).toBe('p95 95ms, limit 96ms: met (weak: by chance anything from 94ms to 97ms)');
  expect(judged('http_req_duration', 'p(95)<98', even(10))).not.toHaveProperty('isWeak');
});

test('a p95 that is missed by chance says so, and about how many more requests would tell', () => {
  const result = judged('http_req_duration', 'p(95)<94.5', even(10));
  expect(result).toMatchObject({ outcome: 'missed', isWeak: true, samplesNeeded: 1_825 });
  expect(result.detail).toBe(
    'p95 95.039ms, limit 95ms: missed by 539µs (+0.57%) (weak: by chance anything from 94ms to 97ms, needs about 830 more requests)',
  );
});

test('too few samples for the percentile name the one that they can judge', () => {
  const result = judged('http_req_duration', 'p(99)<200', even(3));
  expect(result).toMatchObject({ outcome: 'met', isThin: true, isWeak: true, interval: { low: 97.984, high: null } });
  expect(result.detail).toBe(
    'p99 99ms, limit 200ms: met (300 samples only; weak: by chance 98ms or any more, needs about 68 more requests; so many judge p97 at most)',
  );
});

test('6,000 requests in bursts of slow seconds are worth fewer than 100 independent ones, and their interval is as wide', () => {
  const result = judged('http_req_duration', 'p(92)<600', inBursts(60));
  expect(result.samples).toBe(6000);
  expect(result.interval?.effectiveSamples).toBeLessThan(100);
  expect(result.interval?.low).toBeLessThan(3);
  expect(judged('http_req_duration', 'p(95)<96', even(60)).interval?.effectiveSamples).toBeGreaterThan(4_500);
});

test('failures in bursts are a weaker share than as many that came one by one', () => {
  const isBad = (ms: number): boolean => ms >= 500;
  const bursts = judged('http_req_failed', 'rate<0.2', inBursts(60), isBad);
  const single = judged(
    'http_req_failed',
    'rate<0.2',
    even(60).map((second) => second.map((ms) => (ms % 10 === 0 ? 500 : ms))),
    isBad,
  );
  expect([bursts.actual, single.actual]).toEqual([0.1, 0.1]);
  const widthOf = ({ interval }: ThresholdResult): number => (interval?.high ?? 0) - (interval?.low ?? 0);
  expect(widthOf(bursts)).toBeGreaterThan(3 * widthOf(single));
});

test('a share of which nothing is allowed is never weak: no number of samples shows that there is none', () => {
  expect(judged('http_req_failed', 'rate<=0', even(10))).not.toHaveProperty('isWeak');
  expect(judged('http_req_failed', 'rate<0.001', even(10))).toMatchObject({ outcome: 'met', isWeak: true, samplesNeeded: 3_688 });
});

test('a schedule that is kept to the start leaves nothing to chance: 100 a second are surely more than 99', () => {
  expect(judged('http_req_failed', 'rate<0.5', even(10)).interval).toMatchObject({ low: 0 });
  const rate = judged('http_reqs', 'rate>99', even(10));
  expect(rate.outcome).toBe('no-data');
});

test('counts, extremes and the last value are what they are', () => {
  expect(judged('http_req_duration', 'max<200', even(10))).not.toHaveProperty('interval');
});
