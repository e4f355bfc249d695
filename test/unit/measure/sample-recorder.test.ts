import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { SampleRecorder } from '../../../runtime/measure/sample-recorder.ts';
import { BackOff } from '../../../runtime/net/back-off.ts';
import { NetShared } from '../../../runtime/net/net-shared.ts';
import { VuHttp } from '../../../runtime/net/vu-http.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { type HostVu, newHostVu } from '../../../runtime/worker/vu-table.ts';
import { environmentOf } from '../net/servers.ts';
import { sampleOf } from './http-samples.ts';

const END_US = 10_000_000;

function vuOf(): HostVu {
  const http = new VuHttp(new NetShared(environmentOf('http://127.0.0.1:1'), { version: '0' }));
  return Object.assign(newHostVu({ index: 0, scenario: 0, http, backOff: new BackOff(1, 0) }), { phase: 'iteration', task: 'predict' });
}

/** An answer of status 200 that came at `endedAtUs`. */
function endedAt(endedAtUs: number) {
  const { outcome } = sampleOf({ tookUs: 5000, outcome: { url: 'http://127.0.0.1:1/predict' } });
  const request = { method: 'GET', url: outcome.url, headers: [], body: undefined, timeoutUs: 1, redirectsMax: 0, keepsBody: true };
  const built = { request, name: '/predict', tags: undefined, isExpected: () => true, asksScript: false, toDraw: undefined, picture: '' };
  return { built, group: '', method: 'GET', outcome: { ...outcome, endedAtUs }, dueAtUs: endedAtUs - 5000, isExpected: true, inFlight: 1 };
}

function recorded(what: (recorder: SampleRecorder, vu: HostVu) => void): (period: string, metric?: string) => number {
  const recorder = new SampleRecorder(() => ['default'], {});
  const store = new MetricStore();
  what(recorder, vuOf());
  store.merge(0, recorder.drain().deltas);
  return (period, metric = 'http_reqs') => store.counter(metric, { periods: [period] as never })?.sum ?? 0;
}

test('answers after the planned end are drain: they count for latency, and in no rate; those at the end itself are measured', () => {
  const requestsOf = recorded((recorder, vu) => {
    recorder.enter('measured', END_US);
    for (const us of [1, END_US - 1, END_US, END_US + 1, END_US + 9_000_000]) recorder.request(vu, endedAt(us));
  });
  expect([requestsOf('measured'), requestsOf('drain'), requestsOf('warm-up')]).toEqual([3, 2, 0]);
});

test('a warm-up has no drain: what ends after its planned end is warm-up still', () => {
  const requestsOf = recorded((recorder, vu) => {
    recorder.enter('warm-up', END_US);
    recorder.request(vu, endedAt(END_US + 1));
  });
  expect([requestsOf('warm-up'), requestsOf('drain')]).toEqual([1, 0]);
});

test.each([
  ['vuSetup', 'setup'],
  ['setup', 'setup'],
  ['vuTeardown', 'teardown'],
  ['teardown', 'teardown'],
])('what a user asks for in its %s is %s, while others are measured and after the planned end', (phase, period) => {
  const requestsOf = recorded((recorder, vu) => {
    recorder.enter('measured', END_US);
    for (const us of [1, END_US + 1]) recorder.request(Object.assign(vu, { phase }), endedAt(us));
  });
  expect([requestsOf(period), requestsOf('measured'), requestsOf('drain')]).toEqual([2, 0, 0]);
});

test('an iteration that ends after the planned end is drain', () => {
  const iterationsOf = recorded((recorder, vu) => {
    recorder.enter('measured', monotonicUs() - 1);
    recorder.iteration(vu, 'done', '');
  });
  expect([iterationsOf('measured', 'iterations'), iterationsOf('drain', 'iterations')]).toEqual([0, 1]);
});

test('values of a script count for the period in which their iteration was due', () => {
  const countOf = recorded((recorder, vu) => {
    recorder.define('found', 'counter', 'default');
    recorder.enter('measured', END_US);
    recorder.sample(Object.assign(vu, { dueAtUs: END_US - 1 }), { metric: 'found', value: 3, group: '', tags: undefined });
    recorder.sample(Object.assign(vu, { dueAtUs: END_US + 1 }), { metric: 'found', value: 5, group: '', tags: undefined });
  });
  expect([countOf('measured', 'found'), countOf('drain', 'found')]).toEqual([3, 5]);
});
