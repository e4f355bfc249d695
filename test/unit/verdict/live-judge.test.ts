import { expect, test } from 'vitest';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { cutOffSampleOf } from '../measure/http-samples.ts';
import {
  all,
  answers,
  failures,
  forSeconds,
  inShare,
  JudgedRun,
  judgeSeconds,
  nothing,
  type Second,
  thresholdOf,
} from './run-of-seconds.ts';

const latency = (text: string, changes: Parameters<typeof thresholdOf>[2] = {}) =>
  thresholdOf('http_req_response_time', text, { special: 'latency', ...changes });
const times = (count: number, what: Second): Second[] => Array.from({ length: count }, () => what);

const fast = answers(100, 50_000);
const slow = answers(100, 2_400_000);
const dropped =
  (waitsUs: readonly number[]): Second =>
  (_, registry) => {
    const series = registry.trend('http_req_cut_off', 'measured', { scenario: 'default', kind: 'dropped' });
    for (const waitedUs of waitsUs) series.record(waitedUs);
  };

test('a p95 over 2 s in one second of 20 misses the 10 stretches of 10 s that it is in when it makes up a tenth of them', () => {
  const result = judgeSeconds(latency('p(95)<2s', { window: forSeconds(10) }), [...times(9, fast), slow, ...times(10, fast)]);
  expect(result).toMatchObject({
    outcome: 'missed',
    actual: expect.closeTo(2400, 0),
    limit: 2000,
    unit: 'ms',
    samples: 1000,
    detail: 'p95 over 2s in 10 stretches of 10s, the worst 2.4s at 0–10 s',
  });
});

test('3 slow seconds of 60 miss 3 stretches of 3 s by their median, and the worst is named', () => {
  const seconds = [...times(40, fast), answers(100, 2_100_000), answers(100, 2_400_000), answers(100, 2_300_000), ...times(17, fast)];
  const result = judgeSeconds(latency('p(50)<2s', { window: forSeconds(3) }), seconds);
  expect(result.detail).toBe('p50 over 2s in 3 stretches of 3s, the worst 2.3s at 40–43 s');
});

test('one missed stretch is told alone, and one that never missed tells how close it came', () => {
  expect(judgeSeconds(latency('p(95)<2s', { window: forSeconds(2) }), [slow, slow]).detail).toBe(
    'p95 over 2s in 1 stretch of 2s, 2.4s at 0–2 s',
  );
  const result = judgeSeconds(latency('p(95)<2s', { window: forSeconds(2) }), [fast, fast, answers(100, 1_400_000), fast]);
  expect(result).toMatchObject({
    outcome: 'met',
    actual: expect.closeTo(1400, 0),
    detail: 'p95 under 2s over every stretch of 2s, the worst 1.4s at 1–3 s: met',
  });
});

test('a run of 5 s has no stretch of 10 s and decides nothing; without any sample it has no data', () => {
  const plan = latency('p(95)<2s', { window: forSeconds(10) });
  expect(judgeSeconds(plan, times(5, slow))).toMatchObject({
    outcome: 'undecided',
    detail: 'p95: the run was shorter than a stretch of 10s',
  });
  expect(judgeSeconds(plan, times(20, nothing))).toMatchObject({ outcome: 'no-data' });
});

test('a stretch with fewer than 20 samples for p95 reaches back until it has 20; for p99 it takes 100', () => {
  const five = (tookUs: number) => answers(5, tookUs);
  const seconds = [...times(3, five(50_000)), five(2_400_000), ...times(4, five(50_000))];
  const p95 = judgeSeconds(latency('p(95)<2s', { window: forSeconds(1) }), seconds);
  expect(p95).toMatchObject({ outcome: 'missed', samples: 20, detail: 'p95 over 2s in 4 stretches of 1s, the worst 2.4s at 0–4 s' });
  expect(judgeSeconds(latency('p(99)<2s', { window: forSeconds(1) }), seconds)).toMatchObject({
    outcome: 'undecided',
    detail: 'p99: too few samples in 8 stretches of 1s',
  });
  expect(judgeSeconds(latency('p(95)<2s', { window: forSeconds(1) }), times(4, five(50_000)))).toMatchObject({
    outcome: 'met',
    samples: 20,
  });
  expect(judgeSeconds(latency('p(95)<2s', { window: forSeconds(1) }), times(3, five(50_000))).outcome).toBe('undecided');
});

test('after 300 s without enough samples a stretch is undecided, and so is the threshold unless another stretch missed', () => {
  const plan = latency('p(95)<2s', { window: forSeconds(10) });
  const gap = [...times(10, fast), ...times(400, nothing), ...times(10, fast)];
  expect(judgeSeconds(plan, gap)).toMatchObject({ outcome: 'undecided', detail: expect.stringContaining('too few samples') });
  expect(judgeSeconds(plan, [...times(10, slow), ...gap]).outcome).toBe('missed');
});

test('58 good seconds of 60 are 96.67 %: missed at 99 %, met at 95 %', () => {
  const seconds = [...times(30, fast), slow, slow, ...times(28, fast)];
  expect(judgeSeconds(latency('p(95)<2s', { window: inShare(0.99) }), seconds)).toMatchObject({
    outcome: 'missed',
    actual: expect.closeTo(58 / 60, 9),
    limit: 0.99,
    unit: 'ratio',
    secondUnit: 'ms',
    detail: 'p95 under 2s in 96.67% of seconds (58 of 60), limit at least 99%: missed by 2.33 percentage points; the worst 2.4s at 30–31 s',
  });
  expect(judgeSeconds(latency('p(95)<2s', { window: inShare(0.95) }), seconds)).toMatchObject({
    outcome: 'met',
    detail: 'p95 under 2s in 96.67% of seconds (58 of 60), limit at least 95%: met',
  });
});

test('3 seconds with too few samples leave a share open unless they cannot change it', () => {
  const thin = times(3, answers(5, 50_000));
  const plan = (ratio: number) => latency('p(95)<2s', { window: inShare(ratio) });
  expect(judgeSeconds(plan(0.9), [...thin, ...times(7, fast)])).toMatchObject({
    outcome: 'undecided',
    detail: 'p95 under 2s in 7 of 10 seconds, 3 with too few samples to tell whether it is 90%',
  });
  expect(judgeSeconds(plan(0.7), [...thin, ...times(7, fast)]).outcome).toBe('met');
  expect(judgeSeconds(plan(0.9), [...thin, ...times(5, fast), slow, slow]).outcome).toBe('missed');
});

test.each([0.07, 0.55, 0.29])('%d of 100 seconds are that share, whatever its product with 100 is in binary', (share) => {
  const good = Math.round(share * 100);
  const seconds = [...times(good, fast), ...times(100 - good, slow)];
  expect(judgeSeconds(latency('p(95)<2s', { window: inShare(share) }), seconds).outcome).toBe('met');
  expect(judgeSeconds(latency('p(95)<2s', { window: inShare(share + 0.01) }), seconds).outcome).toBe('missed');
});

test('6 timeouts among 100 answers of a second are over the bound in a window too, 4 are not', () => {
  const withTimeouts = (count: number): Second =>
    all(answers(100 - count, 50_000), (recorder) => {
      for (let i = 0; i < count; i++) recorder.record(cutOffSampleOf('timeout', 10_000));
    });
  const plan = latency('p(95)<2s', { window: forSeconds(1) });
  expect(judgeSeconds(plan, [fast, withTimeouts(6), fast])).toMatchObject({
    outcome: 'missed',
    detail: 'p95 over 2s in 1 stretch of 1s, with 6 of 100 that never got an answer in time, at 1–2 s',
  });
  expect(judgeSeconds(plan, [fast, withTimeouts(4), fast]).outcome).toBe('met');
});

test('of 40,000 starts 4,000 dropped in a stall of 2 s, with waits up to 2 s, make p99<1s miss over the run and over 10 s', () => {
  const stall = dropped(Array.from({ length: 2000 }, (_, i) => i * 1000));
  const seconds = [...times(9, answers(2000, 1000)), stall, stall, ...times(9, answers(2000, 1000))];
  const whole = judgeSeconds(latency('p(99)<1s'), seconds);
  expect(whole).toMatchObject({ outcome: 'missed', samples: 38_000 });
  expect(whole.detail).toContain('2000 of 38000 never got an answer in time');
  expect(judgeSeconds(latency('p(99)<1s', { window: forSeconds(10) }), seconds).outcome).toBe('missed');
  const short = dropped(Array.from({ length: 2000 }, (_, i) => i * 400));
  expect(judgeSeconds(latency('p(99)<1s'), [...times(18, answers(2000, 1000)), short, short]).outcome).toBe('met');
});

test('10/s in every stretch of 3 s: a pause of 3 s is 0/s, though nothing was recorded in it', () => {
  const rps = (window = forSeconds(3)) => thresholdOf('http_reqs', 'rate>=10', { special: 'rps', window });
  const seconds = [...times(5, answers(20, 1000)), ...times(3, nothing), ...times(5, answers(20, 1000))];
  expect(judgeSeconds(rps(), seconds)).toMatchObject({
    outcome: 'missed',
    actual: 0,
    unit: 'per-second',
    detail: 'successful requests under 10/s in 3 stretches of 3s, the worst 0/s at 5–8 s',
  });
  expect(judgeSeconds(rps(forSeconds(6)), seconds)).toMatchObject({ outcome: 'met', actual: 10 });
});

test('a second that the end of the run cuts short says nothing of a rate', () => {
  const plan = thresholdOf('http_reqs', 'rate>=10', { special: 'rps', window: forSeconds(1) });
  const run = new JudgedRun([plan]);
  run.live([answers(10, 1000), answers(10, 1000)]);
  run.report(0, 2, answers(5, 1000));
  expect(run.end(2.5)).toMatchObject([{ outcome: 'met', actual: 10 }]);
});

test('a run of half a second has no second that a rate could be judged on', () => {
  const run = new JudgedRun([thresholdOf('http_reqs', 'rate>=10', { special: 'rps', window: forSeconds(1) })], { plannedUs: 500_000 });
  run.live([all(answers(5, 1000), answers(5, 1000, { period: 'drain' }))]);
  expect(run.end(0.5)).toMatchObject([{ outcome: 'undecided' }]);
});

test('failures: a rate of 1 % over any 2 s, a count of 3 over any 2 s', () => {
  const seconds = [fast, all(answers(96, 1000), failures(4)), fast, fast];
  const rate = (text: string) => thresholdOf('http_req_failed', text, { special: 'failure-rate', window: forSeconds(2) });
  expect(judgeSeconds(rate('rate<=1%'), seconds)).toMatchObject({
    outcome: 'missed',
    detail: 'failure rate over 1% in 2 stretches of 2s, the worst 2% at 0–2 s',
  });
  expect(judgeSeconds(rate('rate<=2%'), seconds).outcome).toBe('met');
  expect(judgeSeconds(thresholdOf('http_req_failed', 'passes<=3', { window: forSeconds(2) }), seconds)).toMatchObject({
    outcome: 'missed',
    actual: 4,
  });
});

test('what ends in graceful stop belongs to the last second', () => {
  const run = new JudgedRun([latency('p(95)<2s', { window: forSeconds(2) }), latency('p(95)<2s', { window: inShare(0.7) })], {
    plannedUs: 3_000_000,
  });
  run.live([fast, fast, fast]);
  expect(run.judge.closeSecond().map(({ outcome }) => outcome)).toEqual(['met', 'met']);
  run.report(0, 3, answers(50, 3_000_000, { period: 'drain' }));
  expect(run.judge.closeSecond().map(({ outcome }) => outcome)).toEqual(['met', 'met']);
  run.ledger.gone(0);
  expect(
    run.judge.closeSecond().map(({ outcome }) => outcome),
    'no worker is left: what they drained is in what the last second tells',
  ).toEqual(['missed', 'missed']);
  expect(run.end(3)).toMatchObject([
    { outcome: 'missed', detail: 'p95 over 2s in 1 stretch of 2s, 3s at 1–3 s' },
    { outcome: 'missed', actual: expect.closeTo(2 / 3, 9) },
  ]);
});

test('without the seconds of a run its windows are undecided and say so', () => {
  const plan = latency('p(95)<2s', { window: forSeconds(2) });
  const run = new JudgedRun([plan]);
  run.live([fast, fast, fast]);
  expect(judgeThresholds([plan], run.store, { measuredS: 3 })).toMatchObject([
    { outcome: 'undecided', detail: 'p95: its window needs the run second by second, and only totals are left' },
  ]);
  expect(run.end(3)[0]?.outcome).toBe('met');
});

test('a task that is misspelt is no data in a window too, even for a count', () => {
  const window = forSeconds(1);
  expect(judgeSeconds(thresholdOf('http_reqs{task:typo}', 'rate>=1', { special: 'rps', window }), times(3, fast)).outcome).toBe('no-data');
  expect(
    judgeSeconds(thresholdOf('http_req_failed{task:typo}', 'rate<1%', { special: 'failure-rate', window }), times(3, fast)).outcome,
  ).toBe('no-data');
});

test('a stretch with too few samples reaches back 300 s, or twice its length when that is more: one of 200 s to 20 samples that are 390 s old', () => {
  const plan = latency('p(95)<2s', { window: forSeconds(200) });
  expect(judgeSeconds(plan, [answers(20, 50_000), ...times(390, nothing)])).toMatchObject({ outcome: 'met', samples: 20 });
  expect(judgeSeconds(plan, [answers(20, 50_000), ...times(410, nothing)]).outcome).toBe('undecided');
});
