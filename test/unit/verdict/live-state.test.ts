import { expect, test } from 'vitest';
import { answers, forSeconds, JudgedRun, thresholdOf } from './run-of-seconds.ts';

const latency = (text: string, changes: Parameters<typeof thresholdOf>[2] = {}) =>
  thresholdOf('http_req_response_time', text, { special: 'latency', ...changes });

const fast = answers(100, 50_000);
const slow = answers(100, 2_400_000);
test('the state after a second is plain JSON: outcome, actual, limit, unit and margin, of whole-run thresholds and windows', () => {
  const run = new JudgedRun([
    latency('p(95)<2s'),
    latency('p(95)<100ms', { window: forSeconds(1) }),
    thresholdOf('http_reqs', 'count>=1000'),
    thresholdOf('http_reqs', 'rate>=50', { special: 'rps' }),
    thresholdOf('found', 'count<5'),
  ]);
  const state = run.live([answers(100, 500_000), answers(100, 500_000)]);
  expect(JSON.parse(JSON.stringify(state))).toEqual([
    {
      source: expect.any(String),
      asked: expect.objectContaining({ statistic: 'p(95)', comparison: '<', limit: 2000, form: 'latency' }),
      expression: 'http_req_response_time: p(95)<2s',
      outcome: 'met',
      actual: 500,
      samples: 200,
      limit: 2000,
      unit: 'ms',
      marginRatio: 0.75,
    },
    {
      source: expect.any(String),
      asked: expect.objectContaining({ limit: 100, window: { kind: 'for', durationUs: 1_000_000 } }),
      expression: expect.any(String),
      outcome: 'missed',
      actual: 500,
      limit: 100,
      unit: 'ms',
      marginRatio: -4,
    },
    {
      source: expect.any(String),
      asked: expect.objectContaining({ metric: 'http_reqs', statistic: 'count', comparison: '>=' }),
      expression: expect.any(String),
      outcome: 'undecided',
      actual: 200,
      limit: 1000,
      unit: 'count',
      marginRatio: -0.8,
    },
    {
      source: expect.any(String),
      asked: expect.objectContaining({ statistic: 'rate', form: 'rps' }),
      expression: expect.any(String),
      outcome: 'met',
      actual: 100,
      limit: 50,
      unit: 'per-second',
      marginRatio: 1,
    },
    {
      source: expect.any(String),
      asked: expect.objectContaining({ metric: 'found', limit: 5 }),
      expression: expect.any(String),
      outcome: 'met',
      actual: 0,
      limit: 5,
      unit: 'count',
      marginRatio: 1,
    },
  ]);
});

test('a second is judged when both of 2 workers have reported it, and without one that is gone', () => {
  const run = new JudgedRun([latency('p(95)<2s')], { workers: 2 });
  const outcome = () => run.judge.closeSecond()[0]?.outcome;
  run.report(0, 0, fast);
  run.report(0, 1, fast);
  expect(outcome()).toBe('no-data');
  run.report(1, 0, slow);
  expect(outcome()).toBe('missed');
  run.ledger.gone(1);
  run.report(0, 2, answers(2000, 50_000));
  expect(outcome()).toBe('met');
});

test('warm-up, setup and teardown are in no second', () => {
  const run = new JudgedRun([latency('p(95)<2s'), latency('p(95)<2s', { window: forSeconds(1) })]);
  run.report(0, 0, answers(100, 2_400_000, { period: 'setup' }), 'setup');
  run.report(0, 7, answers(100, 2_400_000, { period: 'warm-up' }), 'warm-up');
  run.live([fast]);
  run.report(0, 0, answers(100, 2_400_000, { period: 'teardown' }), 'teardown');
  expect(run.judge.closeSecond()).toMatchObject([{ outcome: 'met' }, { outcome: 'met' }]);
  expect(run.end(1)).toMatchObject([
    { outcome: 'met', samples: 100 },
    { outcome: 'met', samples: 100 },
  ]);
});
