import { expect, test } from 'vitest';
import { cutOffSampleOf } from '../measure/http-samples.ts';
import { all, answers, failures, forSeconds, inShare, JudgedRun, nothing, type Second, thresholdOf } from './run-of-seconds.ts';

const times = (count: number, what: Second): Second[] => Array.from({ length: count }, () => what);
const ends = (delayS = 0) => ({ abort: { delayUs: delayS * 1_000_000 } });
type Changes = Parameters<typeof thresholdOf>[2];

/** The second after which the run is ended; undefined: it is not. */
function endOf(
  [key, text, changes]: [key: string, text: string, changes: Changes],
  seconds: readonly Second[],
  plannedS = seconds.length,
): number | undefined {
  const run = new JudgedRun([thresholdOf(key, text, changes)], { plannedUs: plannedS * 1_000_000 });
  run.live(seconds);
  return run.judge.abort?.afterS;
}

const found =
  (amount: number): Second =>
  (_, registry) =>
    registry.counter('found', 'measured', {}).add(amount);
test('before delayAbortEval is over no miss ends the run, and the first one after it does', () => {
  const miss: [string, string, Changes] = ['http_req_duration', 'p(95)<10', ends(8)];
  expect(endOf(['http_req_duration', 'p(95)<10', ends()], times(10, answers(100, 24_000)))).toBe(3);
  expect(endOf(miss, times(7, answers(100, 24_000)), 10)).toBeUndefined();
  expect(endOf(miss, times(10, answers(100, 24_000)))).toBe(8);
});

test('without abortOnFail nothing ends the run, and the first of two that do is named', () => {
  expect(endOf(['http_req_duration', 'p(95)<10', {}], times(5, answers(100, 24_000)))).toBeUndefined();
  const plans = [thresholdOf('http_req_duration', 'p(95)<100'), thresholdOf('http_req_duration', 'p(95)<10', ends())];
  const run = new JudgedRun(plans, { plannedUs: 10_000_000 });
  run.live(times(3, answers(100, 24_000)));
  expect(run.judge.abort).toMatchObject({
    plan: { metric: 'http_req_duration' },
    afterS: 3,
    reason: 'thresholds.http_req_duration: http_req_duration: p(95)<10 was missed after 3 s',
  });
});

const latency = (text: string, changes: Changes = ends()): [string, string, Changes] => [
  'http_req_response_time',
  text,
  { special: 'latency', ...changes },
];
const mixed = (fast: number, slow: number): Second => all(answers(fast, 10_000), answers(slow, 900_000));

test('6 slow of 100 miss p95 but may be chance for some minutes; 20 of 100 for half a minute may not, nor does a longer run make up for them', () => {
  expect(endOf(latency('p(95)<500ms'), times(60, mixed(94, 6)))).toBeUndefined();
  expect(endOf(latency('p(95)<500ms'), times(300, mixed(94, 6)))).toBeGreaterThan(60);
  expect(endOf(latency('p(95)<500ms'), times(60, mixed(80, 20)))).toBe(30);
  expect(endOf(latency('p(95)<500ms'), times(60, mixed(80, 20)), 3600)).toBe(30);
  expect(endOf(latency('p(95)<500ms'), times(300, mixed(96, 4)))).toBeUndefined();
});

test('a bad stretch of 2 s in a run of 40 s does not end it; one that alone misses five times over does, and so does one that goes on', () => {
  const stretch = (seconds: number): Second[] => [
    ...times(5, mixed(100, 0)),
    ...times(seconds, mixed(0, 100)),
    ...times(60, mixed(100, 0)),
  ];
  expect(endOf(latency('p(95)<500ms'), stretch(2).slice(0, 40))).toBeUndefined();
  expect(endOf(latency('p(95)<500ms'), stretch(4).slice(0, 40))).toBeUndefined();
  expect(endOf(latency('p(95)<500ms'), stretch(9).slice(0, 40))).toBeUndefined();
  expect(endOf(latency('p(95)<500ms'), stretch(12).slice(0, 40))).toBe(16); // 11 of 40 s: more than a quarter
  expect(endOf(latency('p(95)<500ms'), [...times(60, mixed(0, 100))], 3600)).toBe(30);
});

test('half a minute of bad seconds does not end a run whose other seconds were good enough to make up for them', () => {
  const seconds = [...times(20, mixed(100, 0)), ...times(30, mixed(60, 40))];
  expect(endOf(latency('p(95)<500ms'), seconds, 600)).toBeUndefined();
});

test('of a run of unknown length 30 s are waited for', () => {
  const run = new JudgedRun([thresholdOf(...latency('p(95)<500ms'))]);
  run.live(times(60, mixed(0, 100)));
  expect(run.judge.abort?.afterS).toBe(30);
});

test('19 slow answers and nothing else do not end a run on p95, 20 do', () => {
  expect(endOf(latency('p(95)<500ms'), [mixed(0, 19), nothing], 2)).toBeUndefined();
  expect(endOf(latency('p(95)<500ms'), [mixed(0, 20), nothing], 2)).toBe(1);
});

test('a percentile, a share or an average that must be equal to something never ends a run: it has no wrong side', () => {
  expect(endOf(['http_req_duration', 'p(50)==10', ends()], times(60, answers(10, 24_000)), 3600)).toBeUndefined();
});

test('20 timeouts among 40 answers end a run on p95, whatever they had waited', () => {
  const timeouts: Second = (recorder) => {
    for (let i = 0; i < 20; i++) recorder.record(cutOffSampleOf('timeout', 10_000));
  };
  expect(endOf(latency('p(95)<500ms'), [all(answers(20, 10_000), timeouts)])).toBe(1);
});

test('2 failures of 100 may be chance at a limit of 1 %, 6 are not', () => {
  const rate = (): [string, string, Changes] => ['http_req_failed', 'rate<1%', { special: 'failure-rate', ...ends() }];
  expect(endOf(rate(), [all(answers(98, 1000), failures(2))])).toBeUndefined();
  expect(endOf(rate(), [all(answers(94, 1000), failures(6))])).toBe(1);
  expect(endOf(['http_req_failed', 'rate<1%', ends()], [all(answers(94, 1000), failures(6))])).toBe(1);
});

test('failures that make a run miss five times over end it whatever number of requests came with them: shares are counted in whole requests', () => {
  const seconds = [all(answers(47, 1000), failures(7)), answers(1, 1000), ...times(20, failures(120))]; // 7 / 55 × 55 is 6.999…
  expect(endOf(['http_req_failed', 'rate<10%', ends()], seconds, 30)).toBeLessThan(20);
});

test('a count that is over its limit ends the run at once; one that may still be reached does not', () => {
  expect(endOf(['http_reqs', 'count<10', ends()], [answers(10, 1000)])).toBe(1);
  expect(endOf(['http_reqs', 'count>1000', ends()], times(3, answers(10, 1000)))).toBeUndefined();
  expect(endOf(['http_reqs', 'count==20', ends()], times(3, answers(10, 1000)))).toBe(3);
  expect(endOf(['http_req_failed', 'passes<3', ends()], times(5, failures(1)))).toBe(3);
  expect(endOf(['http_req_duration', 'max<10', ends()], [answers(1, 24_000)])).toBe(1);
  expect(endOf(['http_req_duration', 'max>100', ends()], [answers(1, 24_000)])).toBeUndefined();
});

test('8/s against 10/s may be chance in the first seconds, and is not after some more', () => {
  const rps: [string, string, Changes] = ['http_reqs', 'rate>=10', { special: 'rps', ...ends() }];
  const end = endOf(rps, times(60, answers(8, 1000))) as number;
  expect(end).toBeGreaterThanOrEqual(30);
  expect(end).toBeLessThan(60);
  expect(endOf(rps, times(60, answers(12, 1000)))).toBeUndefined();
});

test('an average over its limit ends the run after 30 s, or when no fast answer can make up for it', () => {
  expect(endOf(['http_req_duration', 'avg<10', ends()], times(60, answers(15, 24_000)), 600)).toBe(30);
  expect(endOf(['http_req_response_time', 'avg<10', ends()], times(20, answers(15, 240_000)), 20)).toBe(5);
});

test('a window ends the run when one stretch missed for certain', () => {
  const window = forSeconds(3);
  const plan = latency('p(95)<500ms', { ...ends(), window });
  expect(endOf(plan, [...times(5, mixed(100, 0)), ...times(5, mixed(94, 6))])).toBeUndefined();
  expect(endOf(plan, [...times(5, mixed(100, 0)), ...times(5, mixed(50, 50))])).toBe(6);
});

test('a share of seconds ends the run once no run of good seconds can make up for the bad ones', () => {
  const plan = latency('p(95)<500ms', { ...ends(), window: inShare(0.9) });
  const seconds = [...times(2, mixed(0, 100)), ...times(2, mixed(100, 0)), ...times(4, mixed(0, 100)), ...times(22, mixed(100, 0))];
  expect(endOf(plan, seconds)).toBe(6); // 4 bad of the 30 planned: more than 3
  expect(endOf(plan, [...seconds.slice(0, 4), ...times(26, mixed(100, 0))])).toBeUndefined();
});

test('20 times 1,000 tokens in 40 s do not make it certain that a rate of 700/s is missed; no tokens for 40 s do', () => {
  const limit: [string, string, Changes] = ['found', 'rate>=700', ends(28)];
  const tokens = (times: number): Second[] => Array.from({ length: 40 }, (_, i) => (i % 2 === 0 && i < 2 * times ? found(1_000) : nothing));
  expect(endOf(limit, tokens(20))).toBeUndefined();
  expect(endOf(limit, tokens(1))).toBeDefined();
});
