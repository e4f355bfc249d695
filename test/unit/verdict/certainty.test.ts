import { expect, test } from 'vitest';
import type { Comparison } from '../../../runtime/core/plan.ts';
import { canHold } from '../../../runtime/verdict/certainty.ts';
import { cutOffSampleOf, hopOf } from '../measure/http-samples.ts';
import { all, answers, failures, forSeconds, JudgedRun, nothing, type Second, thresholdOf } from './run-of-seconds.ts';

const INFINITY = Number.POSITIVE_INFINITY;

test.each<[comparison: Comparison, low: number, high: number, holds: boolean]>([
  ['<', 9, 20, true],
  ['<', 10, 20, false],
  ['<=', 10, 20, true],
  ['<=', 11, 20, false],
  ['>', 1, 11, true],
  ['>', 1, 10, false],
  ['>=', 1, 10, true],
  ['>=', 1, 9, false],
  ['==', 10, 20, true],
  ['==', 1, 10, true],
  ['==', 11, 20, false],
  ['==', 1, 9, false],
  ['!=', 10, 10, false],
  ['!=', 10, 11, true],
  ['!=', 9, 10, true],
  ['<', Number.NEGATIVE_INFINITY, INFINITY, true],
])('"%s 10" of what lies within %d and %d may hold: %s', (comparison, low, high, holds) => {
  expect(canHold({ low, high }, comparison, 10)).toBe(holds);
});

/** Whether a run that is ended at its first certain miss is ended, and when. */
function endOf(key: string, text: string, seconds: readonly Second[], changes: Parameters<typeof thresholdOf>[2] = {}): number | undefined {
  const run = new JudgedRun([thresholdOf(key, text, { abort: { delayUs: 0 }, ...changes })], { plannedUs: 100_000_000 });
  run.live(seconds);
  return run.judge.abort?.afterS;
}

test('a minimum that is over its limit may still come down to it and ends nothing; one that is under its floor never comes up again', () => {
  expect(endOf('http_req_duration', 'min<10', Array(40).fill(answers(20, 24_000)))).toBeUndefined();
  expect(endOf('http_req_duration', 'min>30', Array(40).fill(answers(20, 24_000)))).toBeDefined();
});

test('a maximum that is under its floor may still go up to it and ends nothing; one that is over its limit never comes down', () => {
  expect(endOf('http_req_duration', 'max>30', Array(40).fill(answers(20, 24_000)))).toBeUndefined();
  expect(endOf('http_req_duration', 'max<10', Array(40).fill(answers(20, 24_000)))).toBeDefined();
});

test('a count that is short of its floor while the run goes on ends nothing, however short it is', () => {
  expect(endOf('http_reqs', 'count>1000000', Array(40).fill(answers(2, 1000)))).toBeUndefined();
  expect(endOf('http_reqs', 'count<10', Array(40).fill(answers(2, 1000)))).toBeDefined();
});

test('an amount that is taken away each second is under a floor of 0 a second and over no limit', () => {
  const taken: Second = (_, registry) => registry.counter('found', 'measured', {}).add(-5);
  expect(endOf('found', 'rate<100', Array(40).fill(taken))).toBeUndefined();
  expect(endOf('found', 'rate>0', [nothing, ...Array<Second>(60).fill(taken)])).toBeDefined();
});

test('an amount a second is as uncertain as the number of times that it was added: 5 at a time, once a second for 20 s, is no sure miss of 4.9 nor of 5.1', () => {
  const found: Second = (_, registry) => registry.counter('found', 'measured', {}).add(5);
  const endsAt = (text: string) => endOf('found', text, Array<Second>(40).fill(found), { window: forSeconds(20) });
  expect([endsAt('rate<4.9'), endsAt('rate>5.1')]).toEqual([undefined, undefined]);
  expect([endsAt('rate<1'), endsAt('rate>20')]).toEqual([20, 20]);
});

test('an amount that is taken away is uncertain in the same way', () => {
  const taken: Second = (_, registry) => registry.counter('found', 'measured', {}).add(-5);
  const endsAt = (text: string) => endOf('found', text, Array<Second>(40).fill(taken), { window: forSeconds(20) });
  expect([endsAt('rate<-5.1'), endsAt('rate>-4.9')]).toEqual([undefined, undefined]);
  expect([endsAt('rate<-20'), endsAt('rate>-1')]).toEqual([20, 20]);
});

const checked =
  (passes: number, fails: number): Second =>
  (_, registry) => {
    const series = registry.rate('checks', 'measured', {});
    for (let i = 0; i < passes + fails; i++) series.record(i < passes);
  };
const durations = (shorts: number, longs: number): Second =>
  all(answers(shorts, 10_000, { outcome: hopsOf(10_000) }), answers(longs, 40_000, { outcome: hopsOf(40_000) }));
function hopsOf(us: number) {
  return { hops: [hopOf({ blockedUs: 0, sendingUs: 0, waitingUs: us, receivingUs: 0 })] };
}
const timedOut = (fast: number, timeouts: number): Second =>
  all(answers(fast, 50_000), (recorder) => {
    for (let i = 0; i < timeouts; i++) recorder.record(cutOffSampleOf('timeout', 10_000_000));
  });
const users: Second = (_, registry) => registry.gauge('vus', 'measured', {}).set(3);

/** Each second of 40 alike, judged over any 20: the same miss is by chance at the one limit, and sure at the other. */
test.each<
  [what: string, key: string, chance: string, sure: string, second: Second, special?: 'rps' | 'failure-rate' | 'failed-checks' | 'latency']
>([
  ['9 answers a second', 'http_reqs', 'rate>=10', 'rate>=13', answers(9, 1000), 'rps'],
  ['11 answers a second', 'http_reqs', 'rate<=10', 'rate<=7', answers(11, 1000), 'rps'],
  ['5 % of 20 requests a second failed', 'http_req_failed', 'rate<=4%', 'rate<=1%', all(answers(19, 1000), failures(1)), 'failure-rate'],
  [
    '5 % of 20 requests a second failed, and more were wanted',
    'http_req_failed',
    'rate>6%',
    'rate>20%',
    all(answers(19, 1000), failures(1)),
    'failure-rate',
  ],
  ['19 of 20 checks a second passed', 'checks', 'rate>0.95', 'rate>0.99', checked(19, 1)],
  ['19 of 20 checks a second passed, and fewer were wanted', 'checks', 'rate<0.94', 'rate<0.9', checked(19, 1)],
  ['1 of 20 checks a second failed', 'checks', 'rate<=4%', 'rate<=1%', checked(19, 1), 'failed-checks'],
  ['an average of 25 ms of 10 and 40 ms', 'http_req_duration', 'avg<25', 'avg<20', durations(10, 10)],
  ['an average of 25 ms of 10 and 40 ms, and more was wanted', 'http_req_duration', 'avg>26', 'avg>35', durations(10, 10)],
  ['a median of 40 ms by a few of many', 'http_req_duration', 'p(50)<25', 'p(60)<25', durations(9, 11)],
  ['a median of 10 ms by a few of many, and more was wanted', 'http_req_duration', 'p(50)>25', 'p(40)>25', durations(11, 9)],
  ['6 timeouts of 100', 'http_req_response_time', 'p(95)<2s', 'p(99)<2s', timedOut(47, 3), 'latency'],
  ['a p95 of 40 ms by a few of many', 'http_req_response_time', 'p(95)<20', 'p(90)<8', durations(47, 3), 'latency'],
])('%s: "%s: %s" is missed by chance, "%s" for sure', (_, key, chance, sure, second, special) => {
  const endsAt = (text: string) =>
    endOf(key, text, Array<Second>(40).fill(second), { window: forSeconds(20), ...(special && { special }) });
  expect([endsAt(chance), endsAt(sure)]).toEqual([undefined, 20]);
});

test.each([
  ['http_req_duration', 'max<10', answers(20, 24_000)],
  ['http_req_duration', 'min>30', answers(20, 24_000)],
  ['http_reqs', 'count>1000000', answers(2, 1000)],
  ['http_reqs', 'count<10', answers(2, 1000)],
  ['vus', 'value>5', users],
])('over 20 s that are past "%s: %s" is exact, and missed for sure', (key, text, second) => {
  expect(endOf(key, text, Array<Second>(40).fill(second), { window: forSeconds(20) })).toBe(20);
});
