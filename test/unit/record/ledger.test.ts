import { expect, test } from 'vitest';
import { uniformOf } from '../../../runtime/core/random.ts';
import type { Period } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import type { LoadPart } from '../../../runtime/record/second.ts';
import { teller } from '../../support/told-seconds.ts';
import { cutOffSampleOf } from '../measure/http-samples.ts';
import { countsOf, crew, of, timesOf } from './ledger-crew.ts';

test('expected answers and failures are counted together and timed apart, in a row and over all', () => {
  const { http, second } = crew();
  for (const us of [1_000, 2_000, 3_000]) http.record(of('measured', us));
  http.record(of('measured', 900_000, { expected: false, outcome: { status: 500 } }));
  const { rows, all, judged } = second();
  expect(rows.map(countsOf)).toEqual([['judged', '/predict', 4, 1, 3, 1]]);
  expect(timesOf(rows, 'expected')).toEqual([1_000, 2_000, 3_000]);
  expect(timesOf(rows, 'unexpected')[0]).toBeCloseTo(900_000, -3);
  expect([all.requests, all.failures, all.answers.count, all.answers.max, all.durations.count]).toEqual([4, 1, 3, 3_000, 3]);
  expect(judged).toBe(all);
});

test('a request that nobody answered in time is a failure without a response time', () => {
  const { http, second } = crew();
  http.record(cutOffSampleOf('timeout', 10_000_000));
  const { rows, all } = second();
  expect([rows[0]?.requests, rows[0]?.failures, all.answers.count, all.durations.count]).toEqual([1, 1, 0, 0]);
});

test.each<[Period, LoadPart | undefined]>([
  ['setup', undefined],
  ['warm-up', 'warm-up'],
  ['measured', 'judged'],
  ['drain', 'judged'],
  ['teardown', undefined],
])('what ends in %s is of %s', (period, part) => {
  const { http, second } = crew();
  http.record(of(period, 5_000));
  const { rows, all, warmUp, judged } = second();
  expect(rows.map((row) => row.part)).toEqual(part === undefined ? [] : [part]);
  expect([warmUp.requests, judged.requests, all.requests]).toEqual([
    part === 'warm-up' ? 1 : 0,
    part === 'judged' ? 1 : 0,
    part === undefined ? 0 : 1,
  ]);
  expect([warmUp.hasSamples, judged.hasSamples]).toEqual([part === 'warm-up', part === 'judged']);
  expect(all.bytesReceived).toBe(part === undefined ? 0 : 2_000);
});

test('requests of setup are rows apart from the load, their failures timed apart; groups have what is judged of them', () => {
  const { http, registry, second } = crew();
  http.record(of('setup', 5_000, { name: '/login', group: '::shop' }));
  http.record(of('setup', 7_000, { name: '/login', expected: false }));
  for (const period of ['warm-up', 'measured', 'drain'] as const) http.record(of(period, 1_000, { group: '::shop' }));
  http.record(of('measured', 90_000, { group: '::shop', expected: false }));
  registry.rate('checks', 'measured', { group: '::shop', check: 'is up' }).record(false);
  registry.trend('group_duration', 'measured', { group: '::shop' }).record(4_000);
  const { rows, uncounted, groups, all } = second();
  expect(uncounted.map(countsOf)).toEqual([['setup', '/login', 2, 1, 1, 1]]);
  expect([all.requests, rows.some(({ who }) => who.name === '/login')]).toEqual([4, false]);
  expect(groups).toMatchObject([{ group: '::shop', requests: 3, failures: 1, measured: 2, checks: 1, checksFailed: 1 }]);
  expect([groups[0]?.durations.count, groups[0]?.expected.count]).toEqual([1, 2]);
  expect([second().uncounted, second().groups]).toEqual([[], []]);
});

test('in the second between warm-up and measured period each has its own, and both together are all', () => {
  const { http, second } = crew();
  http.record(of('warm-up', 8_000));
  http.record(of('warm-up', 9_000, { expected: false }));
  http.record(of('measured', 1_000));
  const { rows, warmUp, judged, all } = second();
  expect(rows.map(countsOf)).toEqual([
    ['warm-up', '/predict', 2, 1, 1, 1],
    ['judged', '/predict', 1, 0, 1, 0],
  ]);
  expect([warmUp, judged, all].map(({ requests, failures }) => [requests, failures])).toEqual([
    [2, 1],
    [1, 0],
    [3, 1],
  ]);
  expect([warmUp, judged, all].map(({ answers }) => [answers.count, answers.min, answers.max])).toEqual([
    [1, 8_000, 8_000],
    [1, 1_000, 1_000],
    [2, 1_000, 8_000],
  ]);
  expect([all.bytesSent, all.bytesReceived, all.durations.count]).toEqual([1_500, 6_000, 2]);
});

test('a second holds what came in it and nothing of the one before; one without requests is empty', () => {
  const { http, second } = crew();
  http.record(of('measured', 7_000));
  const first = second();
  const empty = second();
  http.record(of('measured', 1_000));
  const third = second();
  expect([first, empty, third].map(({ all }) => [all.requests, all.answers.max])).toEqual([
    [1, 7_000],
    [0, 0],
    [1, 1_000],
  ]);
  expect([empty.rows, empty.all.hasSamples]).toEqual([[], false]);
  expect(timesOf(third.rows, 'expected')).toEqual([1_000]);
  expect(timesOf(first.rows, 'expected')).toEqual([7_000]);
});

test('rows come in the order of their first request; tasks that share the row of the others keep their own', () => {
  const ledger = new Ledger();
  const [registry, tell] = [new MetricRegistry({ seriesMax: 100_000 }), teller(ledger)];
  const http = new HttpRecorder(registry);
  for (let i = 0; i < 50; i++) http.record(of('measured', 1_000, { task: 'a', name: `/path/${i}` }));
  tell(registry.drain());
  http.record(of('measured', 1_000, { task: 'b', name: 'second' }));
  http.record(of('measured', 1_000, { task: 'a', name: 'first' }));
  for (const task of ['a', 'b']) http.record(of('measured', 2_000, { task, name: `/more/${task}` }));
  const { rows } = tell(registry.drain());
  expect(rows.map(({ task, who }) => [task, who.task, who.name])).toEqual([
    ['b', 'b', 'second'],
    ['a', 'a', 'first'],
    ['a', '', '(other requests)'],
    ['b', '', '(other requests)'],
  ]);
  expect(new Set(rows.slice(2).map(({ key }) => key)).size).toBe(1);
});

test('eight workers are one: 200 random seconds have the times, counts and totals of all their requests together', () => {
  const { recorders, ledger, second } = crew(8);
  let seen = 0;
  for (let at = 0; at < 200; at++) {
    const [expected, failed]: [number[], number[]] = [[], []];
    recorders.forEach(({ http }, worker) => {
      for (let i = 0; i < Math.floor(6 * uniformOf(1, at, worker, 0)); i++) {
        const us = 1 + Math.floor(2_000 * uniformOf(2, at, worker, i)); // each has a bucket of its own
        const isExpected = uniformOf(3, at, worker, i) < 0.8;
        (isExpected ? expected : failed).push(us);
        http.record(of('measured', us, { expected: isExpected, name: `row ${i % 3}` }));
      }
    });
    const { rows, all } = second();
    seen += expected.length + failed.length;
    expect([all.requests, all.failures]).toEqual([expected.length + failed.length, failed.length]);
    expect(timesOf(rows, 'expected')).toEqual([...expected].sort((a, b) => a - b));
    expect(timesOf(rows, 'unexpected')).toEqual([...failed].sort((a, b) => a - b));
    expect(all.answers.count).toBe(expected.length);
    expect(rows.reduce((sum, row) => sum + row.requests, 0)).toBe(all.requests);
  }
  expect(ledger.store.rate('http_req_failed')?.count).toBe(seen);
});

test('checks and gauges are those of the load; users are not among the gauges', () => {
  const { registry, second } = crew();
  for (const [period, passed] of [
    ['setup', true],
    ['warm-up', true],
    ['measured', false],
  ] as const)
    registry.rate('checks', period, { task: 't', check: 'is a cat' }).record(passed);
  registry.define({ name: 'queue', type: 'gauge', unit: 'default' });
  registry.gauge('queue', 'measured', { part: 'gpu' }).set(7);
  registry.gauge('queue', 'setup', {}).set(9);
  registry.gauge('vus', 'measured', {}).set(5);
  const { checks, gauges } = second();
  expect(checks).toEqual([
    { part: 'warm-up', task: 't', check: 'is a cat', count: 1, passes: 1 },
    { part: 'judged', task: 't', check: 'is a cat', count: 1, passes: 0 },
  ]);
  expect(gauges.map(({ metric, last, tags }) => [metric, last, tags['part']])).toEqual([['queue', 7, 'gpu']]);
});
