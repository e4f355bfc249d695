import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import type { Compared, ComparedNumber } from './compare.ts';
import { RUNS_FIRM } from './compare.ts';
import { rowLabel } from './row-summary.ts';

const SIGNS = { regression: '✗', improvement: '✓', 'no difference': '=', 'cannot tell': '?' } as const;

/** A comparison for people: what may not be compared first, then each number, the worst first. @param names - of what was before and what is now */
export function comparisonLines(
  compared: Compared,
  { names, differences }: { names: readonly [string, string]; differences: readonly string[] },
): string[] {
  const { rows, runs, isWeak, onlyBefore, onlyNow } = compared;
  const order = ['regression', 'improvement', 'cannot tell', 'no difference'];
  const sorted = [...rows].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return [
    ...(differences.length === 0 ? [] : ['They did not do the same:', ...differences.map((line) => `  - ${line}`), '']),
    `${names[1]} against ${names[0]}${runs === 1 ? '' : ` and ${runs - 1} before it`}`,
    ...table(sorted.map(cellsOf)),
    ...(rows.length === 0 ? ['  no number that both have: too few answers, or other requests'] : []),
    ...(onlyBefore.length === 0 ? [] : [`Only before: ${onlyBefore.join(', ')}`]),
    ...(onlyNow.length === 0 ? [] : [`Only now: ${onlyNow.join(', ')}`]),
    ...(isWeak ? [weakText(runs)] : []),
    summaryOf(rows),
  ];
}

function weakText(runs: number): string {
  const known = runs === 1 ? 'one run before tells nothing of' : `${runs} runs before tell little of`;
  return `Weak: ${known} how much runs differ by themselves; ${RUNS_FIRM} make a firm baseline (stressrun baseline save).`;
}

function summaryOf(rows: readonly ComparedNumber[]): string {
  const count = (verdict: ComparedNumber['verdict']): number => rows.filter((row) => row.verdict === verdict).length;
  const [worse, better, open] = [count('regression'), count('improvement'), count('cannot tell')];
  if (worse > 0) return `✗ REGRESSION in ${worse} of ${rows.length}`;
  return `✓ no regression in ${rows.length}${better > 0 ? `, ${better} better` : ''}${open > 0 ? `, ${open} that nobody can tell` : ''}`;
}

function cellsOf({ task, method, name, measure, from, to, change, verdict }: ComparedNumber): string[] {
  const text = (value: number): string =>
    measure === 'failed' ? formatRatio(value) : measure === 'rps' ? `${formatNumber(value, 1)}/s` : formatMs(value);
  const range = `${signed(change.at, measure)} [${signed(change.low, measure)}, ${signed(change.high, measure)}]`;
  return [SIGNS[verdict], rowLabel({ task, method, name }), measure, text(from), '→', text(to), range, verdict];
}

function signed(change: number | null, measure: ComparedNumber['measure']): string {
  if (change === null) return '?';
  const value = (change * 100).toFixed(Math.abs(change) < 0.1 ? 1 : 0);
  return `${change >= 0 ? '+' : ''}${value}${measure === 'failed' ? ' pt' : ' %'}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
