import { expect, test } from 'vitest';
import type { LiveThreshold, RunJson } from '../../../runtime/core/run-json.ts';
import { COMPARED, type ComparedValue as Compared, type ComparedFigure, changeOf } from '../../../runtime/ui/history/compared-figures.ts';
import { endedView, headFigures, isBegun, judged, plannedFigures, stateOf, verdictSoFar } from '../../../runtime/ui/run/run-figures.ts';
import type { RunView } from '../../../runtime/views/api.ts';
import { withAsked } from '../../support/asked.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { logOf, secondAt, seriesOf } from '../server/samples.ts';

const thresholds = (...outcomes: LiveThreshold['outcome'][]): LiveThreshold[] =>
  outcomes.map((outcome) => withAsked({ source: 'max_p95', expression: '', outcome, limit: 1, unit: 'ms' }));
const figure = (id: string): ComparedFigure => COMPARED.find((candidate) => candidate.id === id) as ComparedFigure;
const narrow = (figure: number): [number, number] => [figure * 0.99, figure * 1.01];
const value = { count: 100, failedRatio: 0, perSecond: 50, p50Ms: 10, p95Ms: 100, p99Ms: 200, ranges: rangesOf({}) };

/** Ranges of 1 % around the figures of `value`, some of them replaced. */
function rangesOf(more: Partial<NonNullable<Compared>['ranges']>): NonNullable<Compared>['ranges'] {
  return { p50Ms: narrow(10), p95Ms: narrow(100), p99Ms: narrow(200), failedRatio: [0, 0.001], perSecond: narrow(50), ...more };
}

test('one of three missed is a failing run, whatever the others are', () => {
  expect(verdictSoFar(thresholds('met', 'missed', 'no-data'))).toEqual({ tone: 'bad', text: 'failing: 1 of 3 thresholds missed so far' });
});

test('an only threshold is not counted', () => {
  expect([thresholds('missed'), thresholds('met')].map((only) => verdictSoFar(only).text)).toEqual([
    'failing: the only threshold is missed so far',
    'passing: the only threshold is met so far',
  ]);
});

test('two met and one open is passing so far, and says what is open', () => {
  expect(verdictSoFar(thresholds('met', 'met', 'undecided')).text).toBe('passing so far; 1 of 3 thresholds open');
});

test('without data there is no verdict, and none without thresholds', () => {
  expect([thresholds('no-data', 'no-data'), []].map((all) => verdictSoFar(all).tone)).toEqual(['none', 'none']);
});

test('a p95 of 150 ms against 100 ms is 50 % worse, a rate of 75/s against 50/s is 50 % better', () => {
  expect(changeOf(figure('p95'), { ...value, p95Ms: 150, ranges: rangesOf({ p95Ms: narrow(150) }) }, value)).toEqual({
    text: '▲ +50%',
    tone: 'bad',
  });
  expect(changeOf(figure('rate'), { ...value, perSecond: 75, ranges: rangesOf({ perSecond: narrow(75) }) }, value)).toEqual({
    text: '▲ +50%',
    tone: 'good',
  });
});

test('1 % more is shown, and called neither good nor bad', () => {
  expect(changeOf(figure('p95'), { ...value, p95Ms: 101 }, value)).toEqual({ text: '▲ +1%', tone: 'none' });
});

test('50 % more is grey where chance may make it, or where there are too few requests to say', () => {
  const few = { ...value, p95Ms: 150, ranges: rangesOf({ p95Ms: [90, 400] }) };
  expect(changeOf(figure('p95'), few, value)).toEqual({ text: '▲ +50% ≈', tone: 'none' });
  expect(changeOf(figure('p95'), { ...few, ranges: rangesOf({ p95Ms: null }) }, value)?.tone).toBe('none');
});

test('failures where there were none are bad though no share of nothing can be told', () => {
  expect(changeOf(figure('failed'), { ...value, failedRatio: 0.012, ranges: rangesOf({ failedRatio: [0.01, 0.02] }) }, value)).toEqual({
    text: '▲ +1.2%',
    tone: 'bad',
  });
});

test('where one of the runs has no such request there is no change', () => {
  expect(changeOf(figure('p95'), null, value)).toBeUndefined();
});

test('0.4 s of 2 s leaves 80 % to spare, 5/s of at least 10/s misses by 50 %, whatever the verdict made of them', () => {
  const result = { source: '', outcome: 'undecided', unit: 'ms', detail: '' } as const;
  expect(
    judged(withAsked({ ...result, expression: 'http_req_response_time{url:a>b}: p(95)<2s', actual: 400, limit: 2000 })).marginRatio,
  ).toBe(0.8);
  expect(judged(withAsked({ ...result, expression: 'successful requests: rate>=10', actual: 5, limit: 10 })).marginRatio).toBe(-0.5);
});

test('the result that ends a run is shown without asking for the run again: its verdict, 200 requests, 2 % failed', () => {
  const view: RunView = { ...logOf(3).view([]), state: 'running' };
  const responseTimeMs = { min: 1, avg: 2, p50: 2, p90: 3, p95: 40, p99: 50, max: 60 };
  const requests = [
    { ...(failedRun.requests.at(-1) as RunJson['requests'][number]), count: 200, failed: 4, perSecond: 20, responseTimeMs },
  ];
  const ended = endedView(view, { ...failedRun, requests });
  expect(ended).toMatchObject({ state: 'ended', entry: { state: 'ended', outcome: 'failed' }, result: { verdict: failedRun.verdict } });
  expect(headFigures(ended)).toMatchObject({ requests: 200, failedRatio: 0.02, perSecond: 20, p95Ms: 40, remainingS: null });
  expect(ended.series).toBe(view.series);
});

test('of a run that was killed the seconds that were kept are added up: 30 measured requests in 3 s, no warm-up', () => {
  const seconds = [0, 1, 2, 3].map((second) => secondAt(second, { failures: 1 }));
  const series = seriesOf(seconds, { 0: 'warm-up', 1: 'measuring' });
  const killed: RunView = { ...logOf(4).view([]), state: 'unknown', live: null, series };
  expect(headFigures(killed)).toMatchObject({ requests: 30, perSecond: 10, failedRatio: 0.1, p95Ms: null, users: 5 });
});

test('of no request no share failed, and there is no rate', () => {
  const view: RunView = { ...logOf(3).view([]), state: 'running' };
  const none = { ...(failedRun.requests.at(-1) as RunJson['requests'][number]), count: 0, failed: 0, perSecond: 0, responseTimeMs: null };
  expect(headFigures(endedView(view, { ...failedRun, requests: [none] }))).toMatchObject({
    requests: 0,
    perSecond: null,
    failedRatio: null,
  });
});

test('before its first second a run says what is planned: 20 users for 5 minutes', () => {
  const view = logOf(0).view([]);
  const curve = [
    { atS: 0, value: 0 },
    { atS: 300, value: 20 },
  ];
  const scenario = { name: 'a', executor: 'ramping-vus', model: 'closed', users: 20, curve, phases: [], durationS: 300 } as const;
  const plan = { ...(view.plan as NonNullable<RunView['plan']>), scenarios: [{ ...scenario, curve, phases: [] }] };
  expect(plannedFigures({ ...view, plan })).toEqual([
    ['Users planned', '20'],
    ['Time planned', '5m'],
    ['Thresholds', '0'],
  ]);
});

test('a run has not begun while its seconds have neither users nor requests', () => {
  const view = logOf(2).view([]);
  const idle = seriesOf([secondAt(0, { users: 0, requests: 0 })], { 0: 'setup' });
  expect([isBegun({ ...view, series: seriesOf([]) }), isBegun({ ...view, series: idle }), isBegun(view)]).toEqual([false, false, true]);
});

test('a limit of 0 has no margin', () => {
  const result = {
    source: '',
    outcome: 'met',
    unit: 'count',
    detail: '',
    expression: 'iteration_errors: count<=0',
    actual: 0,
    limit: 0,
  } as const;
  expect(judged(withAsked(result)).marginRatio).toBeUndefined();
});

test('a row whose requests all failed shows their times, as the report does; size, p90 and the times from sent are those of the result', () => {
  const [row] = failedRun.requests;
  if (row === undefined) throw new Error('expected a row');
  const times = { min: 1, avg: 2, p50: 3, p90: 4, p95: 5, p99: 6, max: 7 };
  const failed = { ...row, count: 10, failed: 10, responseTimeMs: null, durationMs: null, allResponseTimeMs: times };
  const detail = { task: row.task, method: row.method, name: row.name, bytesReceived: 5000, bytesSent: 0 };
  const result = { ...failedRun, requests: [failed], details: [detail] } as unknown as RunJson;
  const [shown] = stateOf({ result, live: null } as unknown as RunView).rows;
  expect([shown?.averageMs, shown?.medianMs, shown?.p90Ms, shown?.p95Ms, shown?.averageBytes, shown?.durationP95Ms]).toEqual([
    2,
    3,
    4,
    5,
    500,
    null,
  ]);
});
