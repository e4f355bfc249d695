import { expect, test } from 'vitest';
import { compare } from '../../../runtime/comparison/compare.ts';
import { comparisonLines } from '../../../runtime/comparison/comparison-text.ts';
import { DEFAULT_REGRESSION } from '../../../runtime/comparison/regression.ts';
import type { RowSummary } from '../../../runtime/comparison/row-summary.ts';
import { toleranceText } from '../../../runtime/comparison/tolerance.ts';

/** A request with a p95 that is known to `error` within the run. */
function row(name: string, p95: number, more: { error?: number; failed?: number; count?: number } = {}): RowSummary {
  const { error = 0.02, failed = 0, count = 3_000 } = more;
  return { task: '', method: 'GET', name, count, failed, perSecond: { value: 100, error: 0.01 }, ms: { p95: { value: p95, error } } };
}

const verdictOf = (before: readonly RowSummary[][], now: RowSummary): string | undefined =>
  compare(before, [now], DEFAULT_REGRESSION).rows.find(({ measure }) => measure === 'p95')?.verdict;

test('a p95 that is 10 % slower, told to 2 % in each run, is a regression, and the other way round an improvement', () => {
  expect(verdictOf([[row('/a', 100)]], row('/a', 110))).toBe('regression');
  expect(verdictOf([[row('/a', 110)]], row('/a', 100))).toBe('improvement');
});

test('what is sure and under 1 ms is no regression; what is large and unsure cannot be told; what is surely within 10 % is no difference', () => {
  expect(verdictOf([[row('/a', 2, { error: 0.001 })]], row('/a', 2.9, { error: 0.001 }))).not.toBe('regression');
  expect(verdictOf([[row('/a', 100, { error: 0.2 })]], row('/a', 130, { error: 0.2 }))).toBe('cannot tell');
  expect(verdictOf([[row('/a', 100)]], row('/a', 101))).toBe('no difference');
});

test('40 rows keep the odds of one: what is a regression alone is none among 39 others that did not change', () => {
  const names = Array.from({ length: 40 }, (_, i) => `/${i}`);
  const before = names.map((name) => row(name, 100));
  const now = names.map((name) => row(name, name === '/0' ? 108 : 100));
  expect(verdictOf([before.slice(0, 1)], now[0] as RowSummary)).toBe('regression');
  const all = compare([before], now, DEFAULT_REGRESSION).rows;
  expect(all.filter(({ verdict }) => verdict === 'regression')).toEqual([]);
});

test('five runs that differ by 5 % among themselves make 8 % no regression, five that do not make it one', () => {
  const wide = [95, 100, 105, 97, 103].map((p95) => [row('/a', p95, { error: 0.01 })]);
  const close = [100, 100.4, 99.7, 100.1, 99.9].map((p95) => [row('/a', p95, { error: 0.01 })]);
  expect(verdictOf(wide, row('/a', 108, { error: 0.01 }))).toBe('cannot tell');
  expect(verdictOf(close, row('/a', 108, { error: 0.01 }))).toBe('regression');
  expect(compare(close, [row('/a', 108)], DEFAULT_REGRESSION).isWeak).toBe(false);
  expect(compare(close.slice(1), [row('/a', 108)], DEFAULT_REGRESSION).isWeak).toBe(true);
});

test('failures that rise from 3 to 60 of 3,000 are a regression, from 3 to 5 they are not, and none in either is no difference', () => {
  const failedVerdict = (then: number, now: number): string | undefined =>
    compare([[row('/a', 100, { failed: then })]], [row('/a', 100, { failed: now })], DEFAULT_REGRESSION).rows.find(
      ({ measure }) => measure === 'failed',
    )?.verdict;
  expect([failedVerdict(3, 60), failedVerdict(60, 3), failedVerdict(3, 5), failedVerdict(0, 0)]).toEqual([
    'regression',
    'improvement',
    'no difference',
    'no difference',
  ]);
});

test('fewer requests a second than the margin allows are a regression where that is asked', () => {
  const now = { ...row('/a', 100), perSecond: { value: 85, error: 0.01 } };
  expect(compare([[row('/a', 100)]], [now], { rps: { ratio: 0.05 } }).rows).toMatchObject([{ measure: 'rps', verdict: 'regression' }]);
  expect(compare([[row('/a', 100)]], [now], { rps: { ratio: 0.2 } }).rows).toMatchObject([{ measure: 'rps', verdict: 'cannot tell' }]);
});

test('people read the worst first, what only one side has, and that one run is weak', () => {
  const compared = compare([[row('/a', 100), row('/old', 5)]], [row('/a', 150), row('/new', 5)], DEFAULT_REGRESSION);
  expect(comparisonLines(compared, { names: ['main', 'now'], differences: ['profile: smoke → load'] })).toEqual([
    'They did not do the same:',
    '  - profile: smoke → load',
    '',
    'now against main',
    '  ✗  GET /a  p95     100ms  →  150ms  +50 % [+42 %, +59 %]        regression',
    '  =  GET /a  failed  0%     →  0%     +0.0 pt [-0.1 pt, +0.1 pt]  no difference',
    'Only before: GET /old',
    'Only now: GET /new',
    'Weak: one run before tells nothing of how much runs differ by themselves; 5 make a firm baseline (stressrun baseline save).',
    '✗ REGRESSION in 1 of 2',
  ]);
});

test('a set of runs says the smallest change that one run can show', () => {
  const runs = [95, 100, 105, 97, 103].map((p95) => [row('/a', p95)]);
  expect(toleranceText(runs, DEFAULT_REGRESSION)).toEqual(['  GET /a: p95 99.9 ms, one run shows changes from 10 % on']);
  expect(toleranceText(runs.slice(0, 3), DEFAULT_REGRESSION)[0]).toBe('3 runs make a weak baseline; 5 a firm one.');
});
