import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { StalledSamples } from '../../../runtime/measure/stalled-samples.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { LiveJudge } from '../../../runtime/verdict/live-judge.ts';
import { OWN_STALLS } from '../../../runtime/verdict/own-stalls.ts';
import { thresholdOf } from './run-of-seconds.ts';

const ANSWER = { task: 'a', expected_response: 'true' };

/** Samples in ms, each with what its worker was away of it. */
function storeOf(metric: string, samples: readonly (readonly [ms: number, ownMs: number])[], tags = ANSWER): MetricStore {
  const store = new MetricStore();
  store.merge(0, deltasOf(metric, samples, tags));
  return store;
}

function deltasOf(metric: string, samples: readonly (readonly [ms: number, ownMs: number])[], tags = ANSWER) {
  const registry = new MetricRegistry();
  const stalled = new StalledSamples(registry, { metric, period: 'measured', tags });
  for (const [ms, ownMs] of samples) {
    registry.trend(metric, 'measured', tags).record(ms * 1000);
    if (ownMs > 0) stalled.record(ms * 1000, ownMs * 1000);
  }
  return registry.drain();
}

const times = (count: number, ms: number, ownMs = 0) => Array.from({ length: count }, () => [ms, ownMs] as const);
const outcomeOf = (expression: string, store: MetricStore, metric = 'http_req_response_time') =>
  judgeThresholds([thresholdOf(metric, expression)], store, { measuredS: 10 })[0];

test('10 of 100 samples that a stall of 900 ms made 920 ms long are no miss of p95 under 100 ms; 10 that were 920 ms without one are', () => {
  expect(outcomeOf('p(95)<100ms', storeOf('http_req_response_time', [...times(90, 20), ...times(10, 920, 900)]))).toMatchObject({
    outcome: 'undecided',
    detail: expect.stringMatching(/missed by 820ms \(\+820%\), but the load generator's own stalls/),
  });
  expect(outcomeOf('p(95)<100ms', storeOf('http_req_response_time', [...times(90, 20), ...times(10, 920)]))?.outcome).toBe('missed');
});

test('a target of 400 ms misses a limit of 100 ms though 200 ms of each sample may be the generator’s', () => {
  expect(outcomeOf('p(95)<100ms', storeOf('http_req_response_time', times(100, 600, 200)))?.outcome).toBe('missed');
  expect(outcomeOf('p(95)<450ms', storeOf('http_req_response_time', times(100, 600, 200)))?.outcome).toBe('undecided');
});

test('averages and maxima give their stalls back as well, minima and floors have none to give', () => {
  const store = storeOf('http_req_waiting', [...times(9, 20), [1020, 1000]]);
  expect(outcomeOf('avg<100ms', store, 'http_req_waiting')?.outcome).toBe('undecided');
  expect(outcomeOf('avg<21ms', store, 'http_req_waiting')?.outcome).toBe('undecided');
  expect(outcomeOf('avg<20ms', store, 'http_req_waiting')?.outcome).toBe('missed');
  expect(outcomeOf('max<100ms', store, 'http_req_waiting')?.outcome).toBe('undecided');
  expect(outcomeOf('min<10ms', store, 'http_req_waiting')?.outcome).toBe('missed');
  expect(outcomeOf('p(50)>30ms', store, 'http_req_waiting')?.outcome).toBe('missed');
});

test('stalls of another task excuse nothing', () => {
  const store = storeOf('http_req_response_time', times(100, 200));
  store.merge(1, deltasOf('http_req_response_time', times(100, 300, 290), { ...ANSWER, task: 'b' }));
  expect(judgeThresholds([thresholdOf('http_req_response_time{task:a}', 'p(95)<100ms')], store, { measuredS: 10 })[0]?.outcome).toBe(
    'missed',
  );
  expect(judgeThresholds([thresholdOf('http_req_response_time{task:b}', 'p(95)<100ms')], store, { measuredS: 10 })[0]?.outcome).toBe(
    'undecided',
  );
});

test('while the run goes on such a miss is undecided as well, and ends no run', () => {
  const plan = { ...thresholdOf('http_req_response_time', 'p(95)<100ms'), abort: { delayUs: 0 } };
  const ledger = new Ledger();
  const judge = new LiveJudge([plan], ledger);
  ledger.take(0, deltasOf('http_req_response_time', times(100, 920, 900)), { period: 'measured', second: 0 });
  ledger.take(0, [], { period: 'measured', second: 1 });
  expect(judge.closeSecond()[0]?.outcome).toBe('undecided');
  expect(judge.abort).toBeUndefined();
});

test('a stretch that only stalls made too long is open, and its text says so', () => {
  const plan = thresholdOf('http_req_response_time', 'p(95)<100ms for 1s');
  const ledger = new Ledger();
  const judge = new LiveJudge([plan], ledger, { plannedUs: 1_000_000 });
  ledger.take(0, deltasOf('http_req_response_time', times(100, 920, 900)), { period: 'measured', second: 0 });
  expect(judgeThresholds([plan], ledger.store, { measuredS: 1, windows: judge.finish(1) })[0]).toMatchObject({
    outcome: 'undecided',
    detail: "p95 over 100ms in 1 stretch of 1s, but the load generator's own stalls were long enough to have made the difference",
  });
});

test.each(['p(95)<100ms', 'p(95)<100ms for 1s'])('while the run goes on %s is open for the same reason as at its end', (expression) => {
  const plan = thresholdOf('http_req_response_time', expression);
  const ledger = new Ledger();
  const judge = new LiveJudge([plan], ledger, { plannedUs: 1_000_000 });
  ledger.take(0, deltasOf('http_req_response_time', times(100, 920, 900)), { period: 'measured', second: 0 });
  ledger.take(0, [], { period: 'measured', second: 1 });
  const [live] = judge.closeSecond();
  const [result] = judgeThresholds([plan], ledger.store, { measuredS: 1, windows: judge.finish(1) });
  expect(live).toMatchObject({ outcome: 'undecided', because: OWN_STALLS });
  expect(result?.because).toBe(live?.because);
});

/** Seconds of a run with one worker, as samples in ms with what the worker was away of each. */
function endedAfter(expression: string, seconds: readonly (readonly (readonly [ms: number, ownMs: number])[])[]) {
  const plan = thresholdOf('http_req_response_time', expression);
  const ledger = new Ledger();
  const judge = new LiveJudge([plan], ledger, { plannedUs: seconds.length * 1_000_000 });
  seconds.forEach((samples, second) => {
    ledger.take(0, deltasOf('http_req_response_time', samples), { period: 'measured', second });
    judge.closeSecond();
  });
  return judgeThresholds([plan], ledger.store, { measuredS: seconds.length, windows: judge.finish(seconds.length) })[0];
}

test('stretches that stalls left open are counted, and those with too few samples are not among them', () => {
  const [fine, stalled, thin] = [times(100, 20), times(100, 920, 900), times(2, 20)];
  const because = "the load generator's own stalls were long enough to have made the difference";
  expect(endedAfter('p(95)<100ms for 1s', [fine, stalled, fine, stalled, fine])).toMatchObject({
    outcome: 'undecided',
    detail: `p95 over 100ms in 2 stretches of 1s, but ${because}`,
  });
  expect(endedAfter('p(95)<100ms in 90% of seconds', [thin, fine, stalled, fine, stalled])).toMatchObject({
    outcome: 'undecided',
    detail: `p95 under 100ms in 2 of 5 seconds, limit at least 90%, and 2 that were missed, but ${because}`,
  });
  expect(endedAfter('p(95)<100ms in 90% of seconds', [thin, thin, thin, fine, fine])).toMatchObject({
    outcome: 'undecided',
    detail: 'p95 under 100ms in 2 of 5 seconds, 3 with too few samples to tell whether it is 90%',
  });
});
