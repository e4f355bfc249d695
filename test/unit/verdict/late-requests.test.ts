import { expect, test } from 'vitest';
import { hopOf, type sampleOf } from '../measure/http-samples.ts';
import { all, answers, cutOff, judge, latency, planOf, type Run } from './judged.ts';

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
    detail:
      'p95 over 1s, limit 1s: missed, 6 of 100 never got an answer in time (weak: by chance 50ms or any more, needs about 1,800 more requests)',
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
