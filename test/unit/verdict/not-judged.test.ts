import { expect, test } from 'vitest';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { undoneNotes, whyNotJudged } from '../../../runtime/verdict/not-judged.ts';
import { decideOutcome, type RunFacts } from '../../../runtime/verdict/outcome.ts';
import { withAsked } from '../../support/asked.ts';

const DONE = { starts: { ...NO_STARTS, due: 40, begun: 40 }, requests: 40, failed: 0, iterations: 40, threw: 0 };
const met = (expression: string, more: Partial<ThresholdResult> = {}): ThresholdResult =>
  withAsked({ source: 'thresholds.x', expression, outcome: 'met', limit: 1, unit: 'ms', detail: 'met', ...more });
const LATENCY = met('http_req_response_time: p(95)<2s');
const FACTS: RunFacts = { thresholds: [], saturated: false, strict: false, onInconclusive: 'fail' };

test('with a threshold that was met and requests that succeeded a run is judged', () => {
  expect(whyNotJudged([LATENCY], DONE)).toBeUndefined();
});

test('without thresholds, or with one that is excused only, nothing was judged', () => {
  expect(whyNotJudged([], DONE)).toBe('no threshold was set, or none had anything to judge');
  expect(whyNotJudged([met('checks: rate>0.9', { outcome: 'no-data', isExcused: true })], DONE)).toBeDefined();
});

test('0 starts, or 2 that were interrupted, are no pass, whatever thresholds were met', () => {
  const none = { starts: NO_STARTS, requests: 0, failed: 0, iterations: 0, threw: 0 };
  const cut = { ...none, starts: { ...NO_STARTS, due: 2, begun: 2, interrupted: 2 } };
  expect(whyNotJudged([met('dropped_iterations: count<1')], none)).toContain('0 of 0 starts began');
  expect(whyNotJudged([met('dropped_iterations: count<1')], cut)).toContain('2 of 2 starts began, 2 were interrupted');
});

test('0 of 40 requests that succeeded are no pass unless a threshold asks how many may fail', () => {
  const failed = { ...DONE, failed: 40 };
  expect(whyNotJudged([met('iteration_errors: count<1')], failed)).toBe('none of 40 requests succeeded, and no threshold asks for that');
  expect(whyNotJudged([met('http_req_failed: rate<=100%', { unit: 'ratio' })], failed)).toBeUndefined();
  expect(whyNotJudged([met('http_req_failed{task:a}: rate==1', { unit: 'ratio' })], failed)).toBeUndefined();
});

test('max_failed_checks asks how requests went, as a threshold of checks does', () => {
  const failed = { ...DONE, failed: 40 };
  expect(whyNotJudged([met('failed checks: rate<=1%', { unit: 'ratio' })], failed)).toBeUndefined();
  expect(whyNotJudged([met('checks: rate>99%', { unit: 'ratio' })], failed)).toBeUndefined();
});

test('40 of 40 iterations that threw are no pass unless a threshold asks for that', () => {
  const threw = { ...DONE, threw: 40 };
  expect(whyNotJudged([LATENCY], threw)).toBe('every one of 40 iterations threw, and no threshold asks for that');
  expect(whyNotJudged([met('iteration_errors: count<100', { unit: 'count' })], threw)).toBeUndefined();
});

test('a run that is not judged ends in 0, with --strict in 111, and a miss goes before it', () => {
  const notJudged = 'no threshold was set, or none had anything to judge';
  expect(decideOutcome({ ...FACTS, notJudged })).toMatchObject({ outcome: 'not-judged', exitCode: 0, reasons: [notJudged] });
  expect(decideOutcome({ ...FACTS, notJudged, strict: true })).toMatchObject({ outcome: 'not-judged', exitCode: 111 });
  expect(decideOutcome({ ...FACTS, notJudged, strict: true, onInconclusive: 'warn' }).exitCode).toBe(0);
  expect(decideOutcome({ ...FACTS, notJudged, testFailed: '' })).toMatchObject({ outcome: 'failed', reasons: ['test.fail()'] });
});

test('86 of 100 starts that never began, and iterations of which none was finished, are said', () => {
  expect(undoneNotes({ ...NO_STARTS, due: 100, begun: 14 }, 14)).toEqual(['86 of 100 planned starts were never begun']);
  expect(undoneNotes({ ...NO_STARTS, due: 2, begun: 2, interrupted: 2 }, 0)).toEqual([
    expect.stringContaining('no iteration was finished (2 begun, 2 interrupted)'),
  ]);
  expect(undoneNotes({ ...NO_STARTS, due: 2, begun: 2 }, 2)).toEqual([]);
  expect(undoneNotes({ ...NO_STARTS, due: 20, begun: 8, queued: 6 }, 8, 2)).toEqual([
    '12 of 20 planned starts were never begun: all 2 users were busy, and 6 of 20 starts waited for a user',
  ]);
  expect(undoneNotes({ ...NO_STARTS, due: 20, begun: 20, queued: 6 }, 20, 2)).toEqual([
    '6 of 20 starts waited for a user: all 2 were busy',
  ]);
});
