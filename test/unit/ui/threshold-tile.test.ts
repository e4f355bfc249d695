import { expect, test } from 'vitest';
import { BUILT_IN_METRICS } from '../../../runtime/core/built-in-metrics.ts';
import type { ThresholdPlan } from '../../../runtime/core/plan.ts';
import type { LiveThreshold } from '../../../runtime/core/run-json.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../../runtime/core/threshold.ts';
import { tileOf } from '../../../runtime/core/threshold-tile.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judged, verdictSoFar } from '../../../runtime/ui/run/run-figures.ts';
import { tilesOf } from '../../../runtime/ui/run/tiles.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import type { RunView } from '../../../runtime/views/api.ts';
import { withAsked } from '../../support/asked.ts';
import { cutOffSampleOf, sampleOf } from '../measure/http-samples.ts';
import { emptyLog } from '../server/samples.ts';

/** The verdict of a real store on `http_req_response_time{task:a}: p(95)<1s`. */
function verdictOn(answers: number, timeouts: number): LiveThreshold {
  const key = 'http_req_response_time{task:a}';
  const { metric, tags } = parseThresholdKey('thresholds', key);
  const definition = BUILT_IN_METRICS.find(({ name }) => name === metric);
  if (definition === undefined) throw new Error('expected a built-in metric');
  const parsed = parseThresholdExpression('thresholds', 'p(95)<1s', definition);
  const plan: ThresholdPlan = { source: 'thresholds.a.max_p95', expression: `${key}: p(95)<1s`, metric, tags, parsed, special: 'latency' };
  const registry = new MetricRegistry({});
  const recorder = new HttpRecorder(registry);
  for (let i = 0; i < answers; i++) recorder.record(sampleOf({ tookUs: 50_000, task: 'a' }));
  for (let i = 0; i < timeouts; i++) recorder.record({ ...cutOffSampleOf('timeout', 10_000), task: 'a' });
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return judged(judgeThresholds([plan], store, { measuredS: 10 })[0] as ReturnType<typeof judgeThresholds>[number]);
}

test('a threshold is named by what it asks, its metric and where it is written', () => {
  expect(tileOf(verdictOn(100, 0), true)).toMatchObject({
    condition: 'p(95)<1s',
    subject: 'http_req_response_time{task:a}',
    source: 'a.max_p95',
    figure: '50ms',
    note: '95% to spare',
    filled: expect.closeTo(0.035),
  });
});

test('missed by 60 timeouts of 100, of which no value is known: the finished run says missed, not that there is no data yet', () => {
  const tile = tileOf(verdictOn(40, 60), true);
  expect([tile.word, tile.note]).toEqual(['missed', 'missed: too many never got an answer in time']);
});

test('without data a run that goes on may still get some, one that is over may not', () => {
  const nothing = verdictOn(0, 0);
  expect([false, true].map((isOver) => tileOf(nothing, isOver).note)).toEqual(['no data yet', 'no data']);
});

test('1,070 % over the limit is said so; what is 400 times what was asked is no share in percent', () => {
  const of = (more: Partial<LiveThreshold>): string =>
    tileOf(withAsked({ source: '', expression: 'x: rate>1', outcome: 'met', limit: 1, unit: 'per-second', ...more }), true).note;
  expect(of({ expression: 'x: rate<1', outcome: 'missed', actual: 11.7 })).toBe('missed by 1,070%');
  expect(of({ actual: 400 })).toBe('400 times the limit');
  expect(of({ expression: 'x: rate<1', outcome: 'undecided', actual: 3 })).toBe('over the limit by 200%, undecided');
  expect(of({ outcome: 'undecided', actual: 0.25 })).toBe('below the limit by 75%, undecided');
});

test('before its first second a run shows the thresholds of its plan, and a verdict that is open', () => {
  const view: RunView = emptyLog().view([]);
  const planned = {
    ...view,
    plan: {
      ...(view.plan as NonNullable<RunView['plan']>),
      thresholds: [{ source: 'thresholds.max_p95', expression: 'a: p(95)<1s', subject: 'a', condition: 'p(95)<1s' }],
    },
  };
  expect(tilesOf(planned)).toMatchObject([{ condition: 'p(95)<1s', word: 'no data', note: 'nothing measured yet' }]);
  expect(verdictSoFar([], 1)).toEqual({ tone: 'none', text: 'no verdict yet' });
  expect(tilesOf(view)).toEqual([]);
});

test('a threshold that is written under its metric does not name it twice', () => {
  const of = (source: string, subject: string): string =>
    tileOf(withAsked({ source, expression: `${subject}: p(95)<1`, outcome: 'met', limit: 1, unit: 'ms' }), true).source;
  expect(of('options.thresholds.http_req_duration', 'http_req_duration')).toBe('');
  expect(of('options.thresholds["http_req_duration{name:a}"]', 'http_req_duration{name:a}')).toBe('');
  expect(of('thresholds.max_p95', 'http_req_duration')).toBe('max_p95');
});
