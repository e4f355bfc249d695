import { expect, test } from 'vitest';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { decideOutcome, type RunFacts } from '../../../runtime/verdict/outcome.ts';
import { withAsked } from '../../support/asked.ts';
import { thresholdOf } from './run-of-seconds.ts';

const CALM: RunFacts = { thresholds: [], saturated: false, strict: false, onInconclusive: 'fail' };

function resultOf(outcome: ThresholdResult['outcome'], changes: Partial<ThresholdResult> = {}): ThresholdResult {
  return withAsked({
    source: 'thresholds.max_p95',
    expression: 'p(95)<100ms',
    outcome,
    limit: 100,
    unit: 'ms',
    detail: `${outcome} indeed`,
    ...changes,
  });
}

const decide = (facts: Partial<RunFacts>) => decideOutcome({ ...CALM, ...facts });

test('a run with nothing against it passed with 0, thresholds or none', () => {
  expect(decide({})).toEqual({ outcome: 'passed', exitCode: 0, reasons: [], thresholds: [] });
  expect(decide({ thresholds: [resultOf('met')] })).toMatchObject({ outcome: 'passed', exitCode: 0, reasons: [] });
  expect(decide({ saturated: null, thresholds: [resultOf('met')] })).toMatchObject({ exitCode: 0 });
});

/** The table of exit codes, from the top; each fact alone, and how it ends. */
const ROWS: readonly [name: string, facts: Partial<RunFacts>, outcome: string, exitCode: number, reason: string][] = [
  ['bad input', { error: { exitCode: 104, message: 'thresholds.x: expected …' } }, 'error', 104, 'thresholds.x: expected …'],
  ['a runaway script', { runaway: 'VU 3 in iteration 7' }, 'error', 115, 'runaway script: VU 3 in iteration 7'],
  ['test.abort()', { aborted: 'no model' }, 'aborted', 108, 'test.abort(): no model'],
  ['Ctrl-C', { interrupted: 'SIGINT' }, 'interrupted', 105, 'interrupted: SIGINT'],
  ['a missed threshold', { thresholds: [resultOf('missed')] }, 'failed', 99, 'thresholds.max_p95: missed indeed'],
  ['test.fail()', { testFailed: '' }, 'failed', 110, 'test.fail()'],
  ['lost work', { lostWork: '120 starts went with worker 2' }, 'degraded', 112, 'planned load was lost: 120 starts went with worker 2'],
  ['no data', { thresholds: [resultOf('no-data')] }, 'inconclusive', 111, 'thresholds.max_p95: no-data indeed'],
];

test.each(ROWS)('%s alone decides', (_, facts, outcome, exitCode, reason) => {
  expect(decide(facts)).toMatchObject({ outcome, exitCode, reasons: [reason] });
});

test.each([114, 107, 100, 101, 1])('an error of exit code %d ends with it', (exitCode) => {
  expect(decide({ error: { exitCode, message: 'why' } })).toMatchObject({ outcome: 'error', exitCode, reasons: ['why'] });
});

test('each of the 8 rows wins over all below it, and the reasons of all are listed in order', () => {
  for (let first = 0; first < ROWS.length; first++) {
    const below = ROWS.slice(first);
    const thresholds = below.flatMap(([, facts]) => facts.thresholds ?? []);
    const facts = Object.assign({}, ...below.map(([, one]) => one), { thresholds }) as Partial<RunFacts>;
    const [, , outcome, exitCode] = ROWS[first] as (typeof ROWS)[number];
    expect(decide(facts)).toMatchObject({ outcome, exitCode, reasons: below.map(([, , , , reason]) => reason) });
  }
});

test('an undecided threshold is inconclusive, an excused one without data is not', () => {
  expect(decide({ thresholds: [resultOf('undecided')] })).toMatchObject({ outcome: 'inconclusive', exitCode: 111 });
  expect(decide({ thresholds: [resultOf('no-data', { isExcused: true })] })).toMatchObject({ outcome: 'passed', exitCode: 0 });
});

test('with --on-inconclusive warn an inconclusive run ends with 0 and still says so; a failed one ends with 99', () => {
  expect(decide({ onInconclusive: 'warn', thresholds: [resultOf('no-data')] })).toMatchObject({
    outcome: 'inconclusive',
    exitCode: 0,
    reasons: ['thresholds.max_p95: no-data indeed'],
  });
  expect(decide({ onInconclusive: 'warn', thresholds: [resultOf('missed')] })).toMatchObject({ outcome: 'failed', exitCode: 99 });
});

test('a thin percentile that is met is inconclusive with --strict alone; a missed one is missed', () => {
  const thin = resultOf('met', { isThin: true });
  expect(decide({ thresholds: [thin] })).toMatchObject({ exitCode: 0 });
  expect(decide({ strict: true, thresholds: [thin] })).toMatchObject({ outcome: 'inconclusive', exitCode: 111 });
  expect(decide({ strict: true, thresholds: [resultOf('missed', { isThin: true })] })).toMatchObject({ exitCode: 99 });
});

test('what may be chance decides all the same; with --strict alone it is undecided, met or missed', () => {
  const [met, missed] = [resultOf('met', { isWeak: true }), resultOf('missed', { isWeak: true })];
  expect([decide({ thresholds: [met] }).exitCode, decide({ thresholds: [missed] }).exitCode]).toEqual([0, 99]);
  for (const weak of [met, missed])
    expect(decide({ strict: true, thresholds: [weak] })).toMatchObject({
      outcome: 'inconclusive',
      exitCode: 111,
      thresholds: [{ outcome: 'undecided', because: '--strict takes nothing that may be chance' }],
    });
});

const RATE = { unit: 'per-second', expression: 'http_reqs: rate>=100', source: 'thresholds.http_reqs' };

test.each(['ms', 'bytes', 'ratio'])('a miss in %s stands on a saturated generator: times have given back its stalls before', (unit) => {
  expect(decide({ saturated: true, thresholds: [resultOf('missed', { unit, actual: 101 })] }).exitCode).toBe(99);
});

test('on a saturated generator a rate that falls short is undecided, and one over its ceiling is missed', () => {
  const short = resultOf('missed', { ...RATE, actual: 80 });
  expect(decide({ saturated: true, thresholds: [short] })).toMatchObject({
    outcome: 'inconclusive',
    exitCode: 111,
    reasons: ['thresholds.http_reqs: missed indeed, but the load generator was saturated'],
    thresholds: [{ outcome: 'undecided' }],
  });
  expect(
    decide({ saturated: true, thresholds: [resultOf('missed', { ...RATE, expression: 'http_reqs: rate<100', actual: 120 })] }).exitCode,
  ).toBe(99);
  const ofSeconds = resultOf('missed', { ...RATE, unit: 'ratio', secondUnit: 'per-second', actual: 0.5, limit: 0.99 });
  expect(decide({ saturated: true, thresholds: [ofSeconds] }).exitCode).toBe(111);
});

test('without saturation, 80/s of 100/s are undecided when a worker had no processor for 25 % of the time, and missed when for 10 %', () => {
  const short = resultOf('missed', { ...RATE, actual: 80 });
  expect(decide({ starvedRatio: 0.25, thresholds: [short] })).toMatchObject({
    exitCode: 111,
    reasons: [expect.stringContaining('the load generator had no processor for 25% of the time')],
  });
  expect(decide({ starvedRatio: 0.1, thresholds: [short] }).exitCode).toBe(99);
});

test.each([
  ['boxes: med>5', 99],
  ['boxes: p(90)>5', 99],
  ['boxes: avg>5', 99],
  ['queue: value>5', 99],
  ['boxes: count>5', 111],
  ['seen: passes>5', 111],
])('a generator that was starved or saturated makes too few of something, no small numbers: %s is %d', (expression, exitCode) => {
  const low = resultOf('missed', { unit: 'count', expression, source: 'thresholds.x', actual: 4.9, limit: 5 });
  expect(decide({ starvedRatio: 0.06, thresholds: [low] }).exitCode).toBe(exitCode);
  expect(decide({ saturated: true, thresholds: [low] }).exitCode).toBe(exitCode);
});

test('80 of 400 starts that were dropped are undecided when a worker had no processor for 10 % of the time, and missed when for 5 %', () => {
  const dropped = resultOf('missed', { unit: 'count', expression: 'dropped_iterations: count<1', actual: 80, limit: 1 });
  expect(decide({ starvedRatio: 0.1, dueStarts: 400, thresholds: [dropped] }).exitCode).toBe(111);
  expect(decide({ starvedRatio: 0.05, dueStarts: 400, thresholds: [dropped] }).exitCode).toBe(99);
});

test.each(['ratio', 'count', 'bytes'])('what was met in %s stands on a saturated generator if the planned load was offered', (unit) => {
  const met = (isPlannedLoadOffered: boolean) =>
    decide({ saturated: true, isPlannedLoadOffered, thresholds: [resultOf('met', { unit })] }).exitCode;
  expect(met(true)).toBe(0);
  expect(met(false)).toBe(111);
});

test.each([
  ['ms', 60],
  ['per-second', 500],
  ['ratio', 2],
  ['count', 2],
])('a closed model that met a threshold in %s stands on a saturated generator, unless it was held up by its own work', (unit, actual) => {
  const facts = { saturated: true, generatorErrorMs: 20, isClosedModel: true, thresholds: [resultOf('met', { unit, actual })] };
  expect(decide(facts)).toMatchObject({ outcome: 'passed', exitCode: 0 });
  expect(decide({ ...facts, isCpuBound: true })).toMatchObject({
    exitCode: 111,
    reasons: ['thresholds.max_p95: met indeed, but the load generator was saturated by its own work, and a closed model then offers less'],
  });
  expect(decide({ ...facts, isCpuBound: true, saturated: false }).exitCode).toBe(0);
});

test('with a generator error of 20 ms a margin of 50 ms stands, one of 10 ms does not; an open model must have offered its load', () => {
  const met = (facts: Partial<RunFacts>, actual: number) =>
    decide({ saturated: true, generatorErrorMs: 20, ...facts, thresholds: [resultOf('met', { actual })] }).exitCode;
  expect(met({ isPlannedLoadOffered: true }, 50)).toBe(0);
  expect(met({ isPlannedLoadOffered: false }, 50)).toBe(111);
  expect(met({ isPlannedLoadOffered: true }, 90)).toBe(111);
  expect(met({ isClosedModel: true }, 50)).toBe(0);
  expect(met({ isClosedModel: true }, 90)).toBe(111);
});

test('a rate that is met from above its limit stands with a saturated generator if the planned load was offered: it could only be lower', () => {
  const met = (actual: number, isPlannedLoadOffered: boolean) =>
    decide({ saturated: true, isPlannedLoadOffered, thresholds: [resultOf('met', { unit: 'per-second', actual })] }).exitCode;
  expect(met(150, true)).toBe(0);
  expect(met(150, false)).toBe(111);
  expect(met(50, true)).toBe(111);
});

test('a run that a threshold ended has failed with 99, even if the threshold is met in the end; not if the generator may be to blame', () => {
  const plan = thresholdOf('http_req_duration', 'p(95)<100ms');
  const own = { source: plan.source, expression: plan.expression };
  const endedBy = { plan, afterS: 7, reason: 'thresholds.http_req_duration: http_req_duration: p(95)<100ms was missed after 7 s' };
  expect(decide({ endedBy, thresholds: [resultOf('met', own)] })).toMatchObject({
    outcome: 'failed',
    exitCode: 99,
    reasons: [endedBy.reason],
  });
  expect(decide({ endedBy, thresholds: [resultOf('missed', own)] }).reasons).toEqual([
    endedBy.reason,
    'thresholds.http_req_duration: missed indeed',
  ]);
  expect(decide({ endedBy, thresholds: [resultOf('undecided', own)] })).toMatchObject({ exitCode: 111 });
});

test('too few iterations, and dropped starts, are not held against the target when the generator was saturated', () => {
  const own = { unit: 'count', actual: 800, limit: 1000 };
  const exitCodeOf = (expression: string) =>
    decide({ saturated: true, thresholds: [resultOf('missed', { ...own, source: 'options.thresholds.x', expression })] }).exitCode;
  expect(exitCodeOf('iterations: count>=1000')).toBe(111);
  expect(exitCodeOf('dropped_iterations{scenario:a}: count<1')).toBe(111);
  expect(exitCodeOf('iteration_errors: count<1')).toBe(99);
  expect(exitCodeOf('found{place:a: b>c}: count<1')).toBe(99);
});

test("a failure rate that only the generator's own lack of sockets made too high is inconclusive; one that is too high without them stands", () => {
  const expression = 'http_req_failed: rate<=1%';
  const failed = (actual: number, ownFailures: number) =>
    decide({ ownFailures, thresholds: [resultOf('missed', { expression, unit: 'ratio', actual, limit: 0.01, samples: 1000 })] });
  expect(failed(0.05, 45)).toMatchObject({
    exitCode: 111,
    reasons: [expect.stringContaining("45 of the failures are the generator's own")],
  });
  // without 41 of 50 failures 9 of 959 are left, 0.94 %; without 40 it is 10 of 960, 1.04 %
  expect(failed(0.05, 41).exitCode).toBe(111);
  expect(failed(0.05, 40).exitCode).toBe(99);
  expect(failed(0.05, 0).exitCode).toBe(99);
});

test('a failure rate of 5 % is inconclusive when 45 of 50 failures fell into stalls of the generator, and stands when 10 did', () => {
  const missed = resultOf('missed', { expression: 'http_req_failed: rate<=1%', unit: 'ratio', actual: 0.05, limit: 0.01, samples: 1000 });
  expect(decide({ stalledFailures: 45, thresholds: [missed] })).toMatchObject({
    exitCode: 111,
    reasons: [expect.stringContaining('45 of the failures fell into stalls of the load generator')],
  });
  expect(decide({ stalledFailures: 41, thresholds: [missed] }).exitCode).toBe(111);
  expect(decide({ stalledFailures: 40, thresholds: [missed] }).exitCode).toBe(99);
  expect(decide({ ownFailures: 20, stalledFailures: 21, thresholds: [missed] }).exitCode).toBe(111);
});

test('a shortfall that the time without a processor just explains is undecided, and one of a hair more is missed', () => {
  const short = resultOf('missed', { ...RATE, actual: 80 });
  expect(decide({ starvedRatio: 0.2, thresholds: [short] }).exitCode).toBe(111);
  expect(decide({ starvedRatio: 0.199, thresholds: [short] }).exitCode).toBe(99);
  expect(decide({ starvedRatio: 1, thresholds: [short] }).exitCode).toBe(111);
  expect(decide({ starvedRatio: 0, thresholds: [resultOf('missed', { ...RATE, actual: 100 })] }).exitCode).toBe(99);
});

test('dropped starts are forgiven up to twice what was due in the time without a processor', () => {
  const own = { unit: 'count', actual: 30, limit: 10, source: 'options.thresholds.x', expression: 'dropped_iterations: count<10' };
  const exitCodeOf = (dueStarts: number): number =>
    decide({ starvedRatio: 0.1, dueStarts, thresholds: [resultOf('missed', own)] }).exitCode;
  expect([exitCodeOf(100), exitCodeOf(99), exitCodeOf(0)]).toEqual([111, 99, 99]);
});

test('on a saturated generator a latency is met by more than its error, and a rate by being there', () => {
  const exitCodeOf = (facts: Partial<RunFacts>, own: Partial<ThresholdResult>): number =>
    decide({ saturated: true, isPlannedLoadOffered: true, ...facts, thresholds: [resultOf('met', own)] }).exitCode;
  expect([9.9, 10, 10.1].map((generatorErrorMs) => exitCodeOf({ generatorErrorMs }, { actual: 90 }))).toEqual([0, 111, 111]);
  expect([exitCodeOf({}, { actual: 90 }), exitCodeOf({ generatorErrorMs: 1 }, {})]).toEqual([111, 111]);
  expect([99.9, 100, undefined].map((actual) => exitCodeOf({}, { ...RATE, ...(actual === undefined ? {} : { actual }) }))).toEqual([
    111, 0, 111,
  ]);
  expect(exitCodeOf({ isPlannedLoadOffered: false }, { ...RATE, actual: 120 })).toBe(111);
  const closed = { isClosedModel: true, isPlannedLoadOffered: false, generatorErrorMs: 1 };
  expect([true, false].map((isCpuBound) => exitCodeOf({ ...closed, isCpuBound }, { actual: 90 }))).toEqual([111, 0]);
});
