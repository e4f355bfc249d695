import { expect, test } from 'vitest';
import type { Comparison } from '../../../runtime/core/plan.ts';
import { canHold } from '../../../runtime/verdict/certainty.ts';
import { answers, forSeconds, JudgedRun, nothing, type Second, thresholdOf } from './run-of-seconds.ts';

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
