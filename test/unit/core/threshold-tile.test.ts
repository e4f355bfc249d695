import { expect, test } from 'vitest';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { type TiledThreshold, tileOf } from '../../../runtime/core/threshold-tile.ts';
import { withAsked } from '../../support/asked.ts';

const noteOf = (threshold: Partial<Omit<ThresholdResult, 'asked'>>): string =>
  tileOf(
    withAsked({ source: 'thresholds.x', expression: 'http_reqs: rate>=10', outcome: 'met', limit: 10, unit: 'per-second', ...threshold }),
    true,
  ).note;

test('a rate of 4 where 10 are asked is below its limit, not over it', () => {
  expect(noteOf({ outcome: 'undecided', actual: 4 })).toBe('below the limit by 60%, undecided');
  expect(noteOf({ outcome: 'missed', actual: 4 })).toBe('missed by 60%');
});

test('of a share of seconds more is better, though each second is asked for less', () => {
  const share = { expression: 'http_req_response_time: p(95)<2s in 99% of seconds', unit: 'ratio', secondUnit: 'ms', limit: 0.99 };
  expect(noteOf({ ...share, outcome: 'missed', actual: 0.495 })).toBe('missed by 50%');
  expect(noteOf({ ...share, actual: 0.99 })).toBe('0% to spare');
});

test('1 sample is one, few are said to be few, and a threshold that the script gives nothing for is excused in words', () => {
  const of = (more: Partial<TiledThreshold>) =>
    tileOf(withAsked({ source: '', expression: 'checks: rate>0.9', outcome: 'met', limit: 0.9, unit: 'ratio', actual: 1, ...more }), true);
  expect([of({ samples: 1, isThin: true }).samples, of({ samples: 2163 }).samples, of({}).samples]).toEqual([
    '1 sample, few',
    '2,163 samples',
    '',
  ]);
  expect(of({ outcome: 'no-data', isExcused: true }).note).toBe('nothing to judge: the script has none');
});

test('where a value lies by chance stands in its unit, with what would tell it; an end that nothing bounds is a question', () => {
  const of = (more: Partial<TiledThreshold>) =>
    tileOf(
      withAsked({ source: '', expression: 'http_req_duration: p(95)<2s', outcome: 'met', limit: 2000, unit: 'ms', actual: 1, ...more }),
      true,
    ).chance;
  expect(of({})).toBe('');
  expect(of({ interval: { low: 842.1, high: null }, samplesNeeded: 1_710, isWeak: true })).toBe('weak, 95 %: 842ms to ?, 1,710 needed');
  expect(of({ interval: { low: 1, high: 2, effectiveSamples: 512 }, secondsNeeded: 90 })).toBe(
    '95 %: 1.00ms to 2.00ms, worth 512 independent samples, 90 s were enough',
  );
});

test.each([
  ['options.thresholds["http_req_response_time{plan:gold}"]', ''],
  ['--threshold["http_req_response_time{plan:gold}"]', '--threshold'],
  ['thresholds["http_req_response_time{plan:gold}"]', ''],
  ['environments.demo.thresholds.max_p95', 'environments.demo.thresholds.max_p95'],
])('%s, written under its own metric, does not name it twice', (source, told) => {
  const expression = 'http_req_response_time{plan:gold}: p(95)<300ms';
  expect(tileOf(withAsked({ source, expression, outcome: 'met', limit: 300, unit: 'ms', actual: 22 }), true).source).toBe(told);
});
