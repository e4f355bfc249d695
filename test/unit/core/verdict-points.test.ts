import { expect, test } from 'vitest';
import { saturationWords, verdictLines, verdictPoints } from '../../../runtime/core/verdict-points.ts';
import { failedRun } from '../report/fixed-runs.ts';

const BUSY = 'the load generator was saturated';
const NOTHING = 'nothing was measured that they are about';
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
      { why: NOTHING, texts: ['x'] },
    ],
  });
  const lines = verdictLines(RUN).map(({ text, isPart }) => (isPart ? `  ${text}` : text));
  expect(lines).toEqual([
    'rps: 3/s, limit 9/s: missed',
    `Left open, because ${BUSY}:`,
    '  p95: 1ms: missed',
    '  p99: 2ms: missed',
    `Left open, because ${NOTHING}:`,
    '  x',
  ]);
});

test('a run that passed on a saturated generator says so; one that failed has its reasons', () => {
  const generator = { ...failedRun.generator, saturated: true };
  expect(saturationWords({ verdict: { outcome: 'passed', reasons: [] }, generator })).toContain('counts in spite of it');
  expect(saturationWords({ verdict: RUN.verdict, generator })).toBe('');
  expect(saturationWords({ verdict: { outcome: 'passed', reasons: [] }, generator: { ...generator, saturated: false } })).toBe('');
});

test('10 thresholds without data say so once; one that has more to say keeps its own words', () => {
  const bare = [...'abcdefghij'].map((name) => ({
    ...result(`at{name:${name}}`, 'no-data', 'p95: no data, limit 1s'),
    expression: 'p(95)<1000',
  }));
  const other = result('max_p95', 'no-data', 'p95: no data, limit 1s: no expected answer to judge');
  const thresholds = [...bare, other];
  const reasons = thresholds.map(({ source, detail }) => `${source}: ${detail}`);
  const { open } = verdictPoints({ verdict: { outcome: 'inconclusive', reasons }, thresholds });
  expect(open.map(({ why, texts }) => [why, texts.length])).toEqual([
    [NOTHING, 10],
    ['', 1],
  ]);
  expect(open[0]?.texts[0]).toBe('at{name:a}: p(95)<1000');
  expect(open[1]?.texts).toEqual(['max_p95: p95: no data, limit 1s: no expected answer to judge']);
});
