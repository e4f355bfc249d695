import { expect, test } from 'vitest';
import { saturationWords, verdictLines, verdictPoints } from '../../../runtime/core/verdict-points.ts';
import { failedRun } from '../report/fixed-runs.ts';

const BUSY = 'the load generator was saturated';
const result = (source: string, outcome: 'met' | 'missed' | 'undecided' | 'no-data', detail: string) => ({
  source,
  expression: source,
  outcome,
  limit: 1,
  unit: 'ms',
  detail,
});
const RUN = {
  verdict: {
    outcome: 'failed' as const,
    reasons: ['rps: 3/s, limit 9/s: missed', `p95: 1ms: missed, but ${BUSY}`, `p99: 2ms: missed, but ${BUSY}`, 'x: no data'],
  },
  thresholds: [
    result('p95', 'undecided', `1ms: missed, but ${BUSY}`),
    result('p99', 'undecided', `2ms: missed, but ${BUSY}`),
    result('rps', 'missed', '3/s, limit 9/s: missed'),
    result('x', 'no-data', 'no data'),
  ],
};

test('1 miss that is decided stands first, 2 that are open for one reason under that reason, said once', () => {
  expect(verdictPoints(RUN)).toEqual({
    decided: ['rps: 3/s, limit 9/s: missed'],
    open: [
      { why: BUSY, texts: ['p95: 1ms: missed', 'p99: 2ms: missed'] },
      { why: '', texts: ['x: no data'] },
    ],
  });
  const lines = verdictLines(RUN).map(({ text, isPart }) => (isPart ? `  ${text}` : text));
  expect(lines).toEqual([
    'rps: 3/s, limit 9/s: missed',
    `Left open, because ${BUSY}:`,
    '  p95: 1ms: missed',
    '  p99: 2ms: missed',
    'Left open:',
    '  x: no data',
  ]);
});

test('a run that passed on a saturated generator says so; one that failed has its reasons', () => {
  const generator = { ...failedRun.generator, saturated: true };
  expect(saturationWords({ verdict: { outcome: 'passed', reasons: [] }, generator })).toContain('counts in spite of it');
  expect(saturationWords({ verdict: RUN.verdict, generator })).toBe('');
  expect(saturationWords({ verdict: { outcome: 'passed', reasons: [] }, generator: { ...generator, saturated: false } })).toBe('');
});
