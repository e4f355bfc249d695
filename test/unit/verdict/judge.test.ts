import { expect, test } from 'vitest';
import { sampleOf } from '../measure/http-samples.ts';
import { all, answers, cutOff, failedChecks, failureRate, iterationErrors, judge, latency, planOf, type Run, rps } from './judged.ts';

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
    interval: { low: 212, high: 212 },
    samplesNeeded: 2,
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
    detail:
      'failure rate 2%, limit 1%: missed by 1 percentage point (+100%) (weak: by chance anything from 0.5502% to 7%, needs about 290 more requests)',
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
    detail:
      'successful requests 8.2/s, limit at least 10/s: missed by 1.8/s (-18%) (weak: by chance anything from 6.52/s to 10.18/s, needs about 3 s more)',
  });
  expect(judge(rps('rate>=8'), run)?.outcome).toBe('met');
  expect(judge(rps('rate>8'), run)?.detail).toBe(
    'successful requests 8.2/s, limit more than 8/s: met (weak: by chance anything from 6.52/s to 10.18/s, needs about 700 s more)',
  );
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
