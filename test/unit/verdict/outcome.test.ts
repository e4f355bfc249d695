import { expect, test } from 'vitest';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { decideOutcome, type RunFacts } from '../../../runtime/verdict/outcome.ts';
import { thresholdOf } from './run-of-seconds.ts';

const CALM: RunFacts = { thresholds: [], saturated: false, strict: false, onInconclusive: 'fail' };

function resultOf(outcome: ThresholdResult['outcome'], changes: Partial<ThresholdResult> = {}): ThresholdResult {
  return {
    source: 'thresholds.max_p95',
    expression: 'p(95)<100ms',
    outcome,
    limit: 100,
    unit: 'ms',
    detail: `${outcome} indeed`,
    ...changes,
  };
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

test.each<['met' | 'missed', string]>([
  ['met', 'ms'],
  ['missed', 'ms'],
  ['met', 'per-second'],
  ['missed', 'per-second'],
])('a saturated generator makes a %s threshold in %s undecided and the run inconclusive', (outcome, unit) => {
  expect(decide({ saturated: true, thresholds: [resultOf(outcome, { unit, actual: 150 })] })).toMatchObject({
    outcome: 'inconclusive',
    exitCode: 111,
    reasons: [`thresholds.max_p95: ${outcome} indeed, but the load generator was saturated`],
    thresholds: [{ outcome: 'undecided' }],
  });
});

test.each(['ratio', 'count', 'bytes'])(
  'a missed threshold in %s stands with a saturated generator, a met one if the planned load was offered',
  (unit) => {
    const exitCodeOf = (outcome: 'met' | 'missed', isPlannedLoadOffered: boolean) =>
      decide({ saturated: true, isPlannedLoadOffered, thresholds: [resultOf(outcome, { unit })] }).exitCode;
    expect(exitCodeOf('missed', false)).toBe(99);
    expect(exitCodeOf('met', true)).toBe(0);
    expect(exitCodeOf('met', false)).toBe(111);
  },
);

test.each(['ms', 'per-second', 'ratio', 'count'])(
  'a closed model that met a threshold in %s on a saturated generator is inconclusive',
  (unit) => {
    const facts = { saturated: true, generatorErrorMs: 1, isPlannedLoadOffered: true, isClosedModel: true };
    const actual = unit === 'per-second' ? 500 : 2;
    expect(decide({ ...facts, thresholds: [resultOf('met', { unit, actual })] })).toMatchObject({
      exitCode: 111,
      reasons: ['thresholds.max_p95: met indeed, but the load generator was saturated, and a closed model then offers less'],
    });
    expect(decide({ ...facts, isClosedModel: false, thresholds: [resultOf('met', { unit, actual })] }).exitCode).toBe(0);
    expect(decide({ ...facts, saturated: false, thresholds: [resultOf('met', { unit, actual })] }).exitCode).toBe(0);
  },
);

test('a closed model on a saturated generator still fails by a mile with 99, by less than the error of 20 ms it is inconclusive', () => {
  const facts = { saturated: true, generatorErrorMs: 20, isClosedModel: true };
  expect(decide({ ...facts, thresholds: [resultOf('missed', { actual: 900 })] }).exitCode).toBe(99);
  expect(decide({ ...facts, thresholds: [resultOf('missed', { actual: 119 })] }).exitCode).toBe(111);
});

test('a share of seconds is as sensitive to a saturated generator as what was asked of each second', () => {
  const shareOf = (secondUnit: string) =>
    decide({
      saturated: true,
      generatorErrorMs: 0,
      thresholds: [resultOf('missed', { unit: 'ratio', secondUnit, actual: 0.5, limit: 0.99 })],
    });
  expect(shareOf('ms').exitCode).toBe(111);
  expect(shareOf('per-second').exitCode).toBe(111);
  expect(shareOf('ratio').exitCode).toBe(99);
});

test('with a generator error of 20 ms a miss by 50 ms stands, one by 20 ms does not, nor one without a number', () => {
  const missed = (actual?: number) =>
    decide({ saturated: true, generatorErrorMs: 20, thresholds: [resultOf('missed', actual === undefined ? {} : { actual })] }).exitCode;
  expect(missed(150)).toBe(99);
  expect(missed(120)).toBe(111);
  expect(missed()).toBe(111);
});

test('with a generator error of 20 ms a margin of 50 ms stands only if the planned load was offered', () => {
  const met = (isPlannedLoadOffered: boolean, actual: number) =>
    decide({ saturated: true, generatorErrorMs: 20, isPlannedLoadOffered, thresholds: [resultOf('met', { actual })] }).exitCode;
  expect(met(true, 50)).toBe(0);
  expect(met(false, 50)).toBe(111);
  expect(met(true, 90)).toBe(111);
});

test('a rate that is met from above its limit stands with a saturated generator if the planned load was offered: it could only be lower', () => {
  const met = (actual: number, isPlannedLoadOffered: boolean) =>
    decide({ saturated: true, isPlannedLoadOffered, thresholds: [resultOf('met', { unit: 'per-second', actual })] }).exitCode;
  expect(met(150, true)).toBe(0);
  expect(met(150, false)).toBe(111);
  expect(met(50, true)).toBe(111);
});

test('a saturated generator does not hide a failure rate that was missed', () => {
  const thresholds = [resultOf('missed', { actual: 120 }), resultOf('missed', { unit: 'ratio', source: 'thresholds.max_failure_rate' })];
  expect(decide({ saturated: true, thresholds })).toMatchObject({
    outcome: 'failed',
    exitCode: 99,
    reasons: ['thresholds.max_failure_rate: missed indeed', 'thresholds.max_p95: missed indeed, but the load generator was saturated'],
  });
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
  expect(decide({ endedBy, saturated: true, thresholds: [resultOf('missed', { ...own, actual: 120 })] })).toMatchObject({ exitCode: 111 });
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
  expect(failed(0.05, 10).exitCode).toBe(99);
  expect(failed(0.05, 0).exitCode).toBe(99);
});
