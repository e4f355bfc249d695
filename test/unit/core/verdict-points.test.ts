import { expect, test } from 'vitest';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { leftOpen, saturationWords, verdictLines, verdictPoints, withoutWhy } from '../../../runtime/core/verdict-points.ts';
import { withAsked } from '../../support/asked.ts';
import { failedRun } from '../report/fixed-runs.ts';

const BUSY = 'the load generator was saturated';
const NOTHING = 'nothing was measured that they are about';
const result = (source: string, said: Pick<ThresholdResult, 'outcome' | 'detail' | 'because'>): ThresholdResult =>
  withAsked({ source, expression: source, limit: 1, unit: 'ms', ...said });
const RUN = {
  verdict: {
    outcome: 'failed' as const,
    reasons: ['rps: 3/s, limit 9/s: missed', `p95: 1ms: missed, but ${BUSY}`, `p99: 2ms: missed, but ${BUSY}`, 'x: no data'],
  },
  thresholds: [
    result('p95', leftOpen('1ms: missed', BUSY)),
    result('p99', leftOpen('2ms: missed', BUSY)),
    result('rps', { outcome: 'missed', detail: '3/s, limit 9/s: missed' }),
    result('x', { outcome: 'no-data', detail: 'no data', because: NOTHING }),
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
    ...result(`at{name:${name}}`, { outcome: 'no-data', detail: 'p95: no data, limit 1s', because: NOTHING }),
    expression: 'p(95)<1000',
  }));
  const other = result('max_p95', { outcome: 'no-data', detail: 'p95: no expected answer, limit 1s' });
  const thresholds = [...bare, other];
  const reasons = thresholds.map(({ source, detail }) => `${source}: ${detail}`);
  const { open } = verdictPoints({ verdict: { outcome: 'inconclusive', reasons }, thresholds });
  expect(open.map(({ why, texts }) => [why, texts.length])).toEqual([
    [NOTHING, 10],
    ['', 1],
  ]);
  expect(open[0]?.texts[0]).toBe('at{name:a}: p(95)<1000');
  expect(open[1]?.texts).toEqual(['max_p95: p95: no expected answer, limit 1s']);
});

test('a reason is what its field says, whatever the words of the detail; files of older versions without it keep their whole lines', () => {
  const told = leftOpen('p95 1ms, limit 2ms, but only just: missed', BUSY);
  expect(withoutWhy(told)).toBe('p95 1ms, limit 2ms, but only just: missed');
  const old = result('p95', { outcome: 'undecided', detail: `1ms: missed, but ${BUSY}` });
  expect(withoutWhy(old)).toBe(`1ms: missed, but ${BUSY}`);
  const reasons = [`p95: ${old.detail}`];
  expect(verdictPoints({ verdict: { outcome: 'inconclusive', reasons }, thresholds: [old] }).open).toEqual([{ why: '', texts: reasons }]);
});
