import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judgeSegments } from '../../../runtime/verdict/segments.ts';
import { answers, forSeconds, type Second, thresholdOf } from './run-of-seconds.ts';

function storeOf(...parts: Second[]): MetricStore {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  for (const part of parts) part(recorder, registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return store;
}

const SEGMENTS = [
  { phase: 'base', fromS: 0, toS: 10, change: '' },
  { phase: 'edit-1', fromS: 10, toS: 30, change: 'users 20 → 40 (default)' },
];
const iterations =
  (phase: string, count: number, errors: number): Second =>
  (_, registry) => {
    const tags = phase === '' ? { scenario: 'default' } : { scenario: 'default', phase };
    registry.counter('iterations', 'measured', tags).add(count);
    registry.counter('iteration_errors', 'measured', tags).add(errors);
  };

const STORE = storeOf(
  answers(80, 50_000),
  answers(20, 70_000, { phase: 'peak' }),
  answers(400, 300_000, { phase: 'edit-1' }),
  iterations('', 100, 1),
  iterations('edit-1', 400, 3),
);

test('each segment is judged on the samples that were due in it: latency, rates over its length, counts', () => {
  const plans = [
    thresholdOf('http_req_response_time', 'p(95)<100ms', { special: 'latency' }),
    thresholdOf('http_reqs', 'rate>=15', { special: 'rps' }),
    thresholdOf('iteration_errors', 'count<=0', { special: 'iteration-errors' }),
    thresholdOf('http_req_duration', 'p(95)<1s'),
  ];
  const [base, edit] = judgeSegments(plans, STORE, SEGMENTS);
  expect(base).toMatchObject({
    ...SEGMENTS[0],
    thresholds: [
      { outcome: 'met', actual: expect.closeTo(70, 0), samples: 100 },
      { outcome: 'missed', actual: 10 },
      { outcome: 'missed', actual: 1 },
      { outcome: 'met', samples: 100 },
    ],
  });
  expect(edit).toMatchObject({
    ...SEGMENTS[1],
    thresholds: [
      { outcome: 'missed', actual: expect.closeTo(300, 0), samples: 400 },
      { outcome: 'met', actual: 20 },
      { outcome: 'missed', actual: 3 },
      { outcome: 'met', samples: 400 },
    ],
  });
});

test('a threshold on a phase is judged where that phase was, one with a window over the whole of a segment', () => {
  const plans = [
    thresholdOf('http_req_response_time{phase:peak}', 'p(95)<100ms', { special: 'latency' }),
    thresholdOf('http_req_response_time', 'p(95)<100ms', { special: 'latency', window: forSeconds(5) }),
  ];
  const [base, edit] = judgeSegments(plans, STORE, SEGMENTS);
  expect(base?.thresholds).toMatchObject([
    { outcome: 'met', samples: 20 },
    { outcome: 'met', samples: 100 },
  ]);
  expect(edit?.thresholds).toMatchObject([{ outcome: 'missed', samples: 400 }]);
});

test('a segment in which nothing happened has no data', () => {
  const plans = [thresholdOf('http_req_response_time', 'p(95)<100ms', { special: 'latency' })];
  const [only] = judgeSegments(plans, STORE, [{ phase: 'edit-2', fromS: 30, toS: 40, change: 'users 40 → 0 (default)' }]);
  expect(only?.thresholds).toMatchObject([{ outcome: 'no-data' }]);
});

test('past the cap of series nobody can tell segments apart', () => {
  const registry = new MetricRegistry({ seriesMax: 10 });
  const recorder = new HttpRecorder(registry);
  for (let i = 0; i < 30; i++) answers(1, 1000, { name: `/${i}` })(recorder, registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const plans = [thresholdOf('http_req_response_time', 'p(95)<100ms', { special: 'latency' })];
  expect(judgeSegments(plans, store, SEGMENTS)[0]?.thresholds).toMatchObject([
    { outcome: 'undecided', detail: expect.stringContaining('the cap') },
  ]);
});
