import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { Redactor } from '../../../runtime/core/redactor.ts';
import { keptRequestOf } from '../../../runtime/measure/kept-request.ts';
import { SampleRecorder } from '../../../runtime/measure/sample-recorder.ts';
import { BackOff } from '../../../runtime/net/back-off.ts';
import { NetShared } from '../../../runtime/net/net-shared.ts';
import { VuHttp } from '../../../runtime/net/vu-http.ts';
import { keptRequestSchema } from '../../../runtime/record/delta-schema.ts';
import { newHostVu } from '../../../runtime/worker/vu-table.ts';
import { environmentOf } from '../net/servers.ts';
import { hopOf, sampleOf } from './http-samples.ts';

function vuOf(index = 7) {
  const http = new VuHttp(new NetShared(environmentOf('http://127.0.0.1:1'), { version: '0' }));
  const vu = newHostVu({ index, scenario: 0, http, backOff: new BackOff(1, index) });
  return Object.assign(vu, { phase: 'iteration', task: 'predict', iteration: 3, shapePhase: 'peak' });
}

function endedOf(outcome: Partial<HttpOutcome> = {}, { tookUs = 25_000, headers = [] as string[], isExpected = true, picture = '' } = {}) {
  const sample = sampleOf({ tookUs, outcome: { url: 'http://127.0.0.1:1/predict?x=1', ...outcome } });
  const request = { method: 'POST', url: sample.outcome.url, headers, body: undefined, timeoutUs: 1, redirectsMax: 0, keepsBody: true };
  const built = { request, name: '/predict', tags: undefined, isExpected: () => isExpected, asksScript: false, toDraw: undefined, picture };
  return { built, group: '', method: 'POST', outcome: sample.outcome, dueAtUs: sample.dueAtUs, isExpected, inFlight: 4 };
}

const SLOW = { redactor: new Redactor(), why: 'slow', scenario: 'default', kind: '', error: '' } as const;

test('a kept request has its phases, the server’s parts, who sent what when, and how many were in flight', () => {
  const serverTimings = [{ part: 'queue', us: 4000 }];
  const kept = keptRequestOf(vuOf(), endedOf({ serverTimings, headers: ['x-request-id', 'abc-1'] }, { picture: 'pool-1/5' }), SLOW);
  expect(kept).toMatchObject({
    why: 'slow',
    task: 'predict',
    phase: 'peak',
    url: '/predict?x=1',
    status: 200,
    responseTimeUs: 25_000,
    phasesUs: { blocked: 10, connecting: 0, tls: 0, sending: 1000, waiting: 20_000, receiving: 3000 },
    serverTimings,
    requestId: 'abc-1',
    picture: 'pool-1/5',
    inFlight: 4,
    vu: 7,
    iteration: 3,
  });
  expect(Math.abs(kept.atMs - Date.now())).toBeLessThan(60_000);
});

test.each([
  ['the answer’s x-request-id', { headers: ['x-request-id', 'theirs'], traceId: 'a'.repeat(32) }, [], 'theirs'],
  ['the script’s own trace', { traceId: 'a'.repeat(32) }, ['TraceParent', `00-${'b'.repeat(32)}-${'c'.repeat(16)}-01`], 'b'.repeat(32)],
  ['the trace that was sent', { traceId: 'a'.repeat(32) }, [], 'a'.repeat(32)],
  ['nothing', {}, [], ''],
])('the request id is %s', (_, outcome, headers, requestId) => {
  expect(keptRequestOf(vuOf(), endedOf(outcome, { headers }), SLOW).requestId).toBe(requestId);
});

test('the longest of everything passes the door: url and error 500 characters, ids 200', () => {
  const long = 'x'.repeat(5_000);
  const ended = endedOf({ url: `http://a/${long}`, headers: ['x-request-id', long] }, { picture: long });
  const kept = keptRequestOf(vuOf(), ended, { ...SLOW, why: 'failed', error: `${long}\n${long}` });
  expect([kept.url.length, kept.error.length, kept.requestId.length, kept.picture.length]).toEqual([500, 500, 200, 200]);
  expect(keptRequestSchema.safeParse(kept).success).toBe(true);
});

/** A recorder in the measured period that has seen these requests; what its drain gives. */
function keptOf(requests: ReturnType<typeof endedOf>[], period: 'warm-up' | 'measured' = 'measured') {
  const recorder = new SampleRecorder(() => ['default'], {});
  recorder.enter(period);
  for (const ended of requests) recorder.request(vuOf(), ended);
  return recorder.drain().kept;
}

test('of 10 answers the recorder keeps the 3 slowest, of 5 failures 3, with their message', () => {
  const fast = Array.from({ length: 10 }, (_, i) => endedOf({}, { tookUs: 1000 * (i + 1) }));
  const failed = Array.from({ length: 5 }, () =>
    endedOf({ status: 503, errorCode: 1503, hops: [hopOf({ status: 503 })] }, { tookUs: 10, isExpected: false }),
  );
  const kept = keptOf([...fast, ...failed]);
  expect(kept.filter(({ why }) => why === 'slow').map(({ responseTimeUs }) => responseTimeUs)).toEqual([10_000, 9000, 8000]);
  const failures = kept.filter(({ why }) => why === 'failed');
  expect(failures).toHaveLength(3);
  expect(failures[0]).toMatchObject({ kind: 'status', errorCode: 1503, error: 'POST http://127.0.0.1:1/predict?x=1 answered 503' });
});

test('a timeout is slow and failed; what was interrupted, or belongs to the warm-up, is neither', () => {
  const timeout = endedOf({ kind: 'timeout', status: 0, errorCode: 1050, error: 'no answer' }, { tookUs: 9_000_000, isExpected: false });
  expect(keptOf([timeout]).map(({ why, kind }) => [why, kind])).toEqual([
    ['failed', 'timeout'],
    ['slow', 'timeout'],
  ]);
  expect(keptOf([endedOf({ kind: 'interrupted', status: 0 }, { isExpected: false })])).toEqual([]);
  expect(keptOf([endedOf(), timeout], 'warm-up')).toEqual([]);
});
