import { expect, test } from 'vitest';
import { BUILT_IN_METRICS } from '../../../runtime/core/built-in-metrics.ts';
import type { ThresholdPlan } from '../../../runtime/core/plan.ts';
import type { MetricDefinition } from '../../../runtime/core/records.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../../runtime/core/threshold.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { cutOffSampleOf, hopOf, sampleOf } from '../measure/http-samples.ts';

const CUSTOM: MetricDefinition[] = [
  { name: 'confidence', type: 'trend', unit: 'default' },
  { name: 'render', type: 'trend', unit: 'time' },
  { name: 'found', type: 'counter', unit: 'default' },
];

function planOf(key: string, text: string, special?: ThresholdPlan['special']): ThresholdPlan {
  const { metric, tags } = parseThresholdKey('thresholds', key);
  const definition = [...BUILT_IN_METRICS, ...CUSTOM].find(({ name }) => name === metric) as MetricDefinition;
  return {
    source: `thresholds.${key}`,
    expression: `${key}: ${text}`,
    metric,
    tags,
    parsed: parseThresholdExpression('thresholds', text, definition),
    special,
  };
}

const latency = (text: string, tags = '') => planOf(`http_req_response_time${tags}`, text, 'latency');
const failureRate = (text: string, tags = '') => planOf(`http_req_failed${tags}`, text, 'failure-rate');
const rps = (text: string, tags = '') => planOf(`http_reqs${tags}`, text, 'rps');
const failedChecks = (text: string, tags = '') => planOf(`checks${tags}`, text, 'failed-checks');
const iterationErrors = (text: string, tags = '') => planOf(`iteration_errors${tags}`, text, 'iteration-errors');

type Run = (recorder: HttpRecorder, registry: MetricRegistry) => void;

function judge(plan: ThresholdPlan, run: Run, options: { seriesMax?: number; measuredS?: number } = {}) {
  const registry = new MetricRegistry(options.seriesMax === undefined ? {} : { seriesMax: options.seriesMax });
  for (const definition of CUSTOM) registry.define(definition);
  run(new HttpRecorder(registry), registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return judgeThresholds([plan], store, { measuredS: options.measuredS ?? 10 })[0];
}

const answers =
  (count: number, tookUs: number, changes: Parameters<typeof sampleOf>[0] = {}): Run =>
  (recorder) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ tookUs, ...changes }));
  };
const all =
  (...runs: Run[]): Run =>
  (recorder, registry) => {
    for (const run of runs) run(recorder, registry);
  };
const cutOff =
  (count: number, kind: 'timeout' | 'interrupted', tookUs: number): Run =>
  (recorder) => {
    for (let i = 0; i < count; i++) recorder.record(cutOffSampleOf(kind, tookUs));
  };

test('a p95 of 212 ms against 100 ms is missed by 112 ms, which is 112 % over', () => {
  expect(judge(latency('p(95)<100ms'), answers(200, 212_000))).toEqual({
    source: 'thresholds.http_req_response_time',
    expression: 'http_req_response_time: p(95)<100ms',
    asked: {
      subject: 'http_req_response_time',
      condition: 'p(95)<100ms',
      metric: 'http_req_response_time',
      tags: {},
      statistic: 'p(95)',
      comparison: '<',
      limit: 100,
      form: 'latency',
    },
    outcome: 'missed',
    actual: 212,
    limit: 100,
    unit: 'ms',
    samples: 200,
    detail: 'p95 212ms, limit 100ms: missed by 112ms (+112%)',
  });
});

test('a p95 of 88 ms against 100 ms is met; exactly the limit is met by <= and missed by <', () => {
  expect(judge(latency('p(95)<100ms'), answers(200, 88_000))).toMatchObject({
    outcome: 'met',
    actual: 88,
    detail: 'p95 88ms, limit 100ms: met',
  });
  expect(judge(latency('p(95)<=88ms'), answers(200, 88_000))?.outcome).toBe('met');
  expect(judge(latency('p(95)<88ms'), answers(200, 88_000))?.outcome).toBe('missed');
});

test('a latency looks at expected answers of the measured and the drain period alone', () => {
  const other = all(
    answers(50, 900_000, { expected: false, outcome: { status: 500 } }),
    answers(50, 900_000, { period: 'warm-up' }),
    answers(50, 900_000, { period: 'setup' }),
  );
  expect(judge(latency('p(95)<100ms'), all(other, answers(100, 50_000)))).toMatchObject({ outcome: 'met', actual: 50, samples: 100 });
  expect(judge(latency('p(95)<100ms'), all(other, answers(100, 50_000), answers(50, 900_000, { period: 'drain' })))).toMatchObject({
    outcome: 'missed',
    actual: 900,
    samples: 150,
  });
});

test.each([
  ['10 ms', 10_000],
  ['60 s', 60_000_000],
])('4 timeouts of %s among 100 leave the p95 to the answers, 6 are over any limit: each counts once', (_, waitedUs) => {
  expect(judge(latency('p(95)<1s'), all(answers(96, 50_000), cutOff(4, 'timeout', waitedUs)))).toMatchObject({
    outcome: 'met',
    actual: 50,
    samples: 100,
  });
  const missed = judge(latency('p(95)<1s'), all(answers(94, 50_000), cutOff(6, 'timeout', waitedUs)));
  expect(missed).toMatchObject({
    outcome: 'missed',
    samples: 100,
    detail: 'p95 over 1s, limit 1s: missed, 6 of 100 never got an answer in time',
  });
  expect(missed).not.toHaveProperty('actual');
});

test('interrupted requests count as over the limit once they had waited past it, and not before', () => {
  expect(judge(latency('p(95)<1s'), all(answers(94, 50_000), cutOff(6, 'interrupted', 2_000_000)))).toMatchObject({
    outcome: 'missed',
    samples: 100,
  });
  expect(judge(latency('p(95)<1s'), all(answers(94, 50_000), cutOff(6, 'interrupted', 900_000)))).toMatchObject({
    outcome: 'met',
    actual: 50,
    samples: 94,
  });
  expect(judge(latency('p(95)<1s'), all(answers(94, 50_000), cutOff(6, 'interrupted', 1_000_000)))?.outcome).toBe('missed');
});

test('nothing but interrupted requests that had waited past the limit is missed; that had not, is no data', () => {
  expect(judge(latency('p(95)<1s'), cutOff(5, 'interrupted', 2_000_000))?.outcome).toBe('missed');
  expect(judge(latency('p(95)<1s'), cutOff(5, 'interrupted', 2000))).toMatchObject({
    outcome: 'no-data',
    detail: 'p95: no expected answer, limit 1s',
  });
});

const REFUSED_HOP = hopOf({
  status: 0,
  errorCode: 1212,
  blockedUs: 0,
  sendingUs: 0,
  waitingUs: 0,
  receivingUs: 0,
  bytesSent: 0,
  bytesReceived: 0,
});
const refused = (count: number, changes: Parameters<typeof sampleOf>[0] = {}): Run =>
  answers(count, 0, { ...changes, expected: false, outcome: { kind: 'connect-failed', status: 0, errorCode: 1212, hops: [REFUSED_HOP] } });

test.each([
  'http_req_duration',
  'http_req_response_time',
  'http_req_waiting',
  'http_req_connecting',
  'http_req_duration{expected_response:false}',
])('connections that were all refused, each after 0 µs, meet no limit of %s: there is no data, and it says why', (key) => {
  for (const text of ['p(95)<1s', 'avg<1s', 'max<1s'])
    expect(judge(planOf(key, text), refused(20))).toMatchObject({ outcome: 'no-data', because: 'nothing was answered' });
  expect(judge(planOf(key, 'p(95)<1s'), all(refused(20), answers(1, 50_000, { expected: !key.includes('false') })))?.outcome).toBe('met');
});

test('20 timeouts of 2 s miss a limit of 1 s though nothing was answered, and refused connections are judged where status 0 is asked for', () => {
  expect(judge(planOf('http_req_duration', 'p(95)<1s'), cutOff(20, 'timeout', 2_000_000))?.outcome).toBe('missed');
  expect(judge(planOf('http_req_duration{status:0}', 'p(95)<1s'), refused(20))?.outcome).toBe('met');
});

test('the latency of a task does not see the timeouts of another', () => {
  const run = all(answers(100, 50_000, { task: 'health', name: '/health' }), cutOff(50, 'timeout', 2_000_000));
  expect(judge(latency('p(95)<1s', '{task:health}'), run)).toMatchObject({ outcome: 'met', samples: 100 });
  expect(judge(latency('p(95)<1s', '{task:predict}'), run)?.outcome).toBe('missed');
});

test.each([
  latency('p(95)<1s'),
  failureRate('rate<=1%'),
  rps('rate>=10'),
  failedChecks('rate<=1%', '{task:a}'),
  iterationErrors('count<=0'),
  planOf('http_req_duration', 'avg<1s'),
  planOf('found', 'count<5'),
  planOf('vus', 'value<5'),
  planOf('confidence', 'avg>0.5'),
])('without any data %j is no data, not met', (plan) => {
  const result = judge(plan, () => {});
  expect(result?.outcome).toBe('no-data');
  expect(result).not.toHaveProperty('actual');
  expect(result).not.toHaveProperty('isExcused');
});

test('2 failures of 100 logical requests are 2 %: interrupted ones are in neither number', () => {
  const run = all(answers(98, 1000), answers(2, 1000, { expected: false, outcome: { status: 503 } }), cutOff(50, 'interrupted', 9_000_000));
  expect(judge(failureRate('rate<=1%'), run)).toMatchObject({
    outcome: 'missed',
    actual: 0.02,
    limit: 0.01,
    unit: 'ratio',
    detail: 'failure rate 2%, limit 1%: missed by 1 percentage point (+100%)',
  });
  expect(judge(failureRate('rate<=2%'), run)?.outcome).toBe('met');
  expect(judge(failureRate('rate<=0%'), run)?.detail).toBe('failure rate 2%, limit 0%: missed by 2 percentage points');
});

test('82 successes of the measured 10 s are 8.2/s; failures, drain and warm-up do not count', () => {
  const run = all(
    answers(82, 1000),
    answers(40, 1000, { expected: false }),
    answers(40, 1000, { period: 'drain' }),
    answers(40, 1000, { period: 'warm-up' }),
  );
  expect(judge(rps('rate>=10'), run)).toMatchObject({
    outcome: 'missed',
    actual: 8.2,
    limit: 10,
    unit: 'per-second',
    detail: 'successful requests 8.2/s, limit at least 10/s: missed by 1.8/s (-18%)',
  });
  expect(judge(rps('rate>=8'), run)?.outcome).toBe('met');
  expect(judge(rps('rate>8'), run)?.detail).toBe('successful requests 8.2/s, limit more than 8/s: met');
});

test('a target that answers nothing is 0/s and missed, a window of 0 s is no data', () => {
  expect(judge(rps('rate>=10'), cutOff(3, 'interrupted', 9_000_000))).toMatchObject({ outcome: 'missed', actual: 0 });
  expect(judge(rps('rate>=10'), answers(5, 1000), { measuredS: 0 })?.outcome).toBe('no-data');
});

const checks =
  (passes: number, fails: number, period: 'measured' | 'warm-up' = 'measured'): Run =>
  (_, registry) => {
    const series = registry.rate('checks', period, { check: 'ok', group: '', task: 'a' });
    for (let i = 0; i < passes + fails; i++) series.record(i < passes);
  };

test('1 failed check of 50 is 2 %', () => {
  expect(judge(failedChecks('rate<=1%'), checks(49, 1))).toMatchObject({
    outcome: 'missed',
    actual: expect.closeTo(0.02),
    unit: 'ratio',
    detail: expect.stringContaining('failed checks 2%, limit 1%'),
  });
  expect(judge(failedChecks('rate<=1%', '{task:a}'), checks(50, 0))?.outcome).toBe('met');
});

test('a script without any check is excused, one whose checks all came in warm-up is not', () => {
  expect(judge(failedChecks('rate<=1%'), answers(5, 1000))).toMatchObject({
    outcome: 'no-data',
    isExcused: true,
    detail: 'failed checks: the script made no checks, limit 1%',
  });
  expect(judge(failedChecks('rate<=1%'), checks(5, 0, 'warm-up'))).not.toHaveProperty('isExcused');
});

test('no iteration error is 0 once iterations ran, 3 are missed by 3', () => {
  const iterations: Run = (_, registry) => registry.counter('iterations', 'measured', { scenario: 's' }).add(1);
  const errors: Run = (_, registry) => registry.counter('iteration_errors', 'measured', { scenario: 's' }).add(3);
  expect(judge(iterationErrors('count<=0'), iterations)).toMatchObject({ outcome: 'met', actual: 0, unit: 'count' });
  expect(judge(iterationErrors('count<=0'), all(iterations, errors))).toMatchObject({
    outcome: 'missed',
    actual: 3,
    detail: 'iteration errors 3, limit 0: missed by 3',
  });
  expect(judge(iterationErrors('count<=0', '{task:typo}'), all(iterations, errors))?.outcome).toBe('no-data');
});

test.each<[string, string, string, number, string]>([
  ['http_req_duration', 'avg<30ms', 'met', 24, 'ms'],
  ['http_req_duration', 'min>24ms', 'missed', 24, 'ms'],
  ['http_req_duration{expected_response:true}', 'max<30ms', 'met', 24, 'ms'],
  ['http_req_duration', 'med<20ms', 'missed', 24, 'ms'],
  ['http_reqs', 'count>=20', 'met', 20, 'count'],
  ['http_reqs', 'count!=20', 'missed', 20, 'count'],
  ['http_reqs', 'rate>2', 'missed', 1.6, 'per-second'],
  ['data_received', 'count<50kB', 'met', 40_000, 'bytes'],
  ['data_received', 'rate<1kB', 'missed', 3200, 'per-second'],
  ['http_req_failed', 'rate<10%', 'missed', 0.2, 'ratio'],
  ['http_req_failed', 'fails==16', 'met', 16, 'count'],
  ['http_req_failed', 'passes<4', 'missed', 4, 'count'],
  ['vus', 'value<=7', 'met', 7, 'count'],
  ['confidence', 'p(90)>0.9', 'missed', 0.75, 'count'],
  ['dropped_iterations', 'count<1', 'met', 0, 'count'],
])('after 16 answers, 4 failures in the drain, 7 users: %s %s is %s at %d %s', (key, text, outcome, actual, unit) => {
  const run = all(answers(16, 25_000), answers(4, 25_000, { expected: false, period: 'drain' }), (_, registry) => {
    registry.gauge('vus', 'measured', {}).set(7);
    registry.trend('confidence', 'measured', {}).record(0.75);
  });
  expect(judge(planOf(key, text), run)).toMatchObject({ outcome, actual: expect.closeTo(actual, 6), unit });
});

test('a counter with a tag that nothing has is no data, though iterations ran', () => {
  expect(judge(planOf('http_reqs{task:typo}', 'count<100'), answers(5, 1000))?.outcome).toBe('no-data');
});

test.each([
  ['render', 'avg<100', 'ms', 100],
  ['confidence', 'avg<100', 'count', 100],
  ['render', 'avg<2s', 'ms', 2000],
])('without data the limit of %s %s is still given in %s', (key, text, unit, limit) => {
  expect(judge(planOf(key, text), () => {})).toMatchObject({ unit, limit });
});

test('past the cap of series a threshold on a task is undecided, one over all answers is not', () => {
  const run: Run = (recorder) => {
    for (let i = 0; i < 300; i++) recorder.record(sampleOf({ name: `/${i}`, tookUs: 50_000 }));
  };
  const options = { seriesMax: 100 };
  expect(judge(latency('p(95)<1s', '{task:predict}'), run, options)).toMatchObject({
    outcome: 'undecided',
    detail: expect.stringContaining('more series than the cap'),
  });
  expect(judge(planOf('http_reqs{name:/1}', 'count<5'), run, options)?.outcome).toBe('undecided');
  expect(judge(failureRate('rate<=1%', '{task:predict}'), run, options)?.outcome).toBe('undecided');
  expect(judge(latency('p(95)<1s'), run, options)).toMatchObject({ outcome: 'met', actual: 50, samples: 300 });
});

test('99 samples are thin for a p95 and 100 are not; for an average any number will do', () => {
  expect(judge(latency('p(95)<1s'), answers(99, 50_000))).toMatchObject({
    isThin: true,
    detail: 'p95 50ms, limit 1s: met (99 samples only)',
  });
  expect(judge(latency('p(95)<1s'), answers(100, 50_000))).not.toHaveProperty('isThin');
  // 1 − 0.9 is a bit under 0.1: 50 samples are 5 beyond it all the same
  expect(judge(latency('p(90)<1s'), answers(50, 50_000))).not.toHaveProperty('isThin');
  expect(judge(latency('p(90)<1s'), answers(49, 50_000))).toHaveProperty('isThin');
  expect(judge(latency('p(99)<1s'), answers(499, 50_000))).toHaveProperty('isThin');
  expect(judge(planOf('http_req_duration', 'avg<1s'), answers(1, 50_000))).not.toHaveProperty('isThin');
});

test('1 failed check of 100 is 1 % and meets a limit of 1 %: no bit of a subtraction is in the way', () => {
  const run: Run = (_, registry) => {
    const checks = registry.rate('checks', 'measured', {});
    for (let i = 0; i < 100; i++) checks.record(i > 0);
  };
  expect(judge(failedChecks('rate<=0.01'), run)).toMatchObject({ outcome: 'met', actual: 0.01 });
});

test.each<[string, number[], string, string]>([
  ['a limit between the values of one bucket', [500_010, 500_020, 500_030, 600_000], 'med<500.02ms', 'undecided'],
  ['a limit below all that it could be', [500_010, 500_020, 500_030, 600_000], 'med<499ms', 'missed'],
  ['a limit above all that it could be', [500_010, 500_020, 500_030, 600_000], 'med<501ms', 'met'],
  ['a value that is all there is', [500_020, 500_020, 500_020], 'med<=500.02ms', 'met'],
])('of a time, %s: over %j µs %s is %s', (_, valuesUs, expression, outcome) => {
  const result = judge(planOf('http_req_waiting', expression), (_recorder, registry) => {
    for (const us of valuesUs) registry.trend('http_req_waiting', 'measured', {}).record(us);
  });
  expect(result?.outcome).toBe(outcome);
  if (outcome === 'undecided')
    expect(result?.detail).toContain('p50 500.01ms to 500.223ms, limit 500ms: closer to the limit than the histogram can tell');
});
