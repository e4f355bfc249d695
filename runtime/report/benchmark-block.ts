import { isTotalRow, TOTAL_ROW } from '../core/rows.ts';
import type { RequestRow, RunJson, ThresholdResult } from '../core/run-json.ts';
import { verdictPoints } from '../core/verdict-points.ts';
import { blockRate, blockRatio, blockSeconds, NO_VALUE } from './numbers.ts';
import type { Page } from './page.ts';
import { plainLine, wrapped } from './plain-text.ts';

const RULE = '='.repeat(30);
const NO_REQUESTS: RequestRow = {
  ...TOTAL_ROW,
  count: 0,
  failed: 0,
  interrupted: 0,
  perSecond: 0,
  durationMs: null,
  responseTimeMs: null,
  allDurationMs: null,
};

/** The row over all requests; zeros when there is none. */
export function aggregatedOf(run: RunJson): RequestRow {
  return run.requests.findLast(isTotalRow) ?? NO_REQUESTS;
}

/** The block that the stress-test service printed, line for line; other tools read it. */
export function benchmarkBlock(page: Page): string[] {
  const all = aggregatedOf(page.run);
  const succeeded = all.count - all.failed;
  const times = all.responseTimeMs;
  return [
    RULE,
    page.paint.bold('BENCHMARK RESULTS'),
    RULE,
    `Total requests: ${all.count}`,
    `Successful: ${succeeded}`,
    `Failed: ${all.failed}`,
    `Success rate: ${all.count === 0 ? NO_VALUE : blockRatio(succeeded / all.count)}`,
    `Requests/second: ${blockRate(all.perSecond)}`,
    '',
    'Response times:',
    `  P50: ${blockSeconds(times?.p50)}`,
    `  P95: ${blockSeconds(times?.p95)}`,
    `  P99: ${blockSeconds(times?.p99)}`,
    '',
    'Threshold Checks:',
    ...thresholdChecks(page),
    RULE,
  ];
}

function thresholdChecks({ run, paint, columns }: Page): string[] {
  // A short form that the script gives nothing to judge on (no check at all) says nothing against the run.
  const judged = run.thresholds.filter((threshold) => threshold.isExcused !== true);
  const missed = judged.filter((threshold) => threshold.outcome === 'missed');
  if (missed.length > 0) {
    return [paint.bad(`  ✗ FAIL - ${missed.length} of ${counted(judged)} missed`)];
  }
  const open = judged.filter((threshold) => threshold.outcome !== 'met');
  if (open.length > 0) {
    const whys = verdictPoints(run).open.flatMap(({ why }) => (why === '' ? [] : [why]));
    const why = whys.length === 0 ? '' : `: ${whys.join('; ')}`;
    return wrapped(`? UNDECIDED - ${open.length} of ${counted(judged)} cannot be judged${why}`, columns, 2).map(paint.unsure);
  }
  const state = judged.length === 0 ? 'No thresholds were set' : 'All thresholds met';
  const { outcome } = run.verdict;
  if (outcome === 'not-judged')
    return wrapped(`- NOT JUDGED - ${plainLine(run.verdict.reasons.join('; '))}`, columns, 2).map(paint.unjudged);
  if (outcome === 'passed') return [judged.length === 0 ? `  - ${state}` : paint.good(`  ✓ PASS - ${state}`)];
  // A pipeline that searches for PASS must not find it when the run did not pass.
  return outcome === 'failed'
    ? wrapped(`✗ FAIL - ${state}, but the run failed`, columns, 2).map(paint.bad)
    : wrapped(`? UNDECIDED - ${state}, but the outcome is ${outcome}`, columns, 2).map(paint.unsure);
}

function counted(thresholds: readonly ThresholdResult[]): string {
  return `${thresholds.length} ${thresholds.length === 1 ? 'threshold' : 'thresholds'}`;
}
