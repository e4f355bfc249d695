import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { type SummaryMaterial, summaryDataOf, summaryExportOf } from '../../../runtime/report/handle-summary.ts';
import { withAsked } from '../../support/asked.ts';
import { thresholdOf } from '../verdict/run-of-seconds.ts';
import { emptyRun } from './fixed-runs.ts';

/** Two checks in a group, latencies of 10, 20 … 100 ms, 30 requests in 10 s. */
function material(parts: Partial<SummaryMaterial> = {}): SummaryMaterial {
  const registry = new MetricRegistry();
  for (let ms = 10; ms <= 100; ms += 10) registry.trend('http_req_duration', 'measured', { task: 'a' }).record(ms * 1_000);
  registry.trend('http_req_duration', 'setup', {}).record(9_000_000);
  registry.counter('http_reqs', 'measured', {}).add(30);
  registry.counter('http_reqs', 'drain', {}).add(5);
  for (const passed of [true, true, false, true]) registry.rate('checks', 'measured', {}).record(passed);
  registry.gauge('vus', 'measured', {}).set(7);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const thresholds = [thresholdOf('http_req_duration{task:a}', 'p(95)<50ms'), thresholdOf('http_reqs', 'count>10')];
  const row = { source: '', limit: 0, unit: 'ms', detail: '' };
  const run: RunJson = {
    ...structuredClone(emptyRun),
    thresholds: thresholds.map(({ expression }, i) => withAsked({ ...row, expression, outcome: i === 0 ? 'missed' : 'met' })),
    checks: [
      { name: 'ok', group: '::outer::inner', task: 'a', passes: 2, fails: 1 },
      { name: 'ok', group: '::outer::inner', task: 'b', passes: 1, fails: 0 },
      { name: 'top', group: '', task: '', passes: 1, fails: 0 },
    ],
  };
  run.run.durationS = 10;
  return { run, store, thresholds, options: undefined, setupJson: '', isTty: true, ...parts };
}

test("metrics have k6's types, units and values; setup is left out, a submetric has its threshold", () => {
  const { metrics } = summaryDataOf(material());
  expect(metrics['http_req_duration']).toEqual({
    type: 'trend',
    contains: 'time',
    values: { avg: 55, min: 10, med: expect.closeTo(50, 0), max: 100, 'p(90)': expect.closeTo(90, 0), 'p(95)': 100 },
  });
  expect(metrics['http_reqs']).toEqual({
    type: 'counter',
    contains: 'default',
    values: { count: 35, rate: 3 },
    thresholds: { 'count>10': { ok: true } },
  });
  expect(metrics['checks']).toMatchObject({ type: 'rate', values: { rate: 0.75, passes: 3, fails: 1 } });
  expect(metrics['vus']).toMatchObject({ type: 'gauge', values: { value: 7, min: 7, max: 7 } });
  expect(metrics['http_req_duration{task:a}']).toMatchObject({ values: { avg: 55 }, thresholds: { 'p(95)<50ms': { ok: false } } });
});

test('gauges and counters of a time are ms, as its trends are', () => {
  const registry = new MetricRegistry();
  for (const type of ['gauge', 'counter'] as const) registry.define({ name: `own_${type}`, type, unit: 'time' });
  for (const us of [12_000, 4_000]) registry.gauge('own_gauge', 'measured', {}).set(us);
  for (const us of [12_000, 4_000]) registry.counter('own_counter', 'measured', {}).add(us);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const { metrics } = summaryDataOf(material({ store, thresholds: [] }));
  expect(metrics['own_gauge']?.values).toEqual({ value: 4, min: 4, max: 12 });
  expect(metrics['own_counter']?.values).toEqual({ count: 16, rate: 1.6 });
});

test('summaryTrendStats choose the keys of trends, and those that mean nothing are left out', () => {
  const options = { summaryTrendStats: ['min', 'count', 'p(99.9)', 'nonsense'], summaryTimeUnit: 's' };
  const data = summaryDataOf(material({ options }));
  expect(data.metrics['http_req_duration']?.values).toEqual({ min: 10, count: 10, 'p(99.9)': 100 });
  expect(data.options).toEqual({ ...options, noColor: false });
});

test('groups are a tree with md5 ids of their paths, and checks of two tasks in one group are one', () => {
  const { root_group } = summaryDataOf(material());
  expect(root_group).toMatchObject({ name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e' });
  expect(root_group.checks).toMatchObject([{ name: 'top', path: '::top', passes: 1, fails: 0 }]);
  const inner = root_group.groups[0]?.groups[0];
  expect(inner).toMatchObject({ name: 'inner', path: '::outer::inner' });
  expect(inner?.checks).toMatchObject([{ name: 'ok', path: '::outer::inner::ok', passes: 3, fails: 1 }]);
});

test('state, setup_data and run.json stand beside them', () => {
  const data = summaryDataOf(material({ setupJson: '{"token":1}' }));
  expect(data.state).toEqual({ isStdOutTTY: true, isStdErrTTY: true, testRunDurationMs: 10_000 });
  expect(data.setup_data).toEqual({ token: 1 });
  expect(data.stressrun.run.durationS).toBe(10);
  expect('setup_data' in summaryDataOf(material())).toBe(false);
});

test('the old export is flat, its thresholds are true where they failed, and groups and checks go by name', () => {
  expect(summaryExportOf(material())).toMatchObject({
    metrics: {
      http_reqs: { count: 35, rate: 3, thresholds: { 'count>10': false } },
      checks: { value: 0.75, passes: 3, fails: 1 },
      'http_req_duration{task:a}': { avg: 55, thresholds: { 'p(95)<50ms': true } },
    },
    root_group: { groups: { outer: { groups: { inner: { checks: { ok: { passes: 3, fails: 1 } } } } } }, checks: { top: { passes: 1 } } },
  });
});

test('a threshold that is excused holds though it is not met, and one that is open does not', () => {
  const { run, thresholds } = material();
  const [first, second] = run.thresholds as [RunJson['thresholds'][0], RunJson['thresholds'][0]];
  const excused: RunJson = {
    ...run,
    thresholds: [
      { ...first, outcome: 'no-data', isExcused: true },
      { ...second, outcome: 'undecided' },
    ],
  };
  const { metrics } = summaryDataOf(material({ run: excused, thresholds }));
  expect(metrics['http_req_duration{task:a}']?.thresholds).toEqual({ 'p(95)<50ms': { ok: true } });
  expect(metrics['http_reqs']?.thresholds).toEqual({ 'count>10': { ok: false } });
});

test('a metric that only thresholds ask for has zeros where no sample of those tags came', () => {
  const asked = [
    thresholdOf('http_req_duration{task:none}', 'p(95)<50ms'),
    thresholdOf('checks{check:none}', 'rate>0.9'),
    thresholdOf('vus{scenario:none}', 'value>1'),
    thresholdOf('http_reqs{task:none}', 'count>10'),
  ];
  const { metrics } = summaryDataOf(material({ thresholds: asked }));
  expect(metrics['http_req_duration{task:none}']?.values).toEqual({ avg: 0, min: 0, med: 0, max: 0, 'p(90)': 0, 'p(95)': 0 });
  expect(metrics['checks{check:none}']?.values).toEqual({ rate: 0, passes: 0, fails: 0 });
  expect(metrics['vus{scenario:none}']?.values).toEqual({ value: 0, min: 0, max: 0 });
  expect(metrics['http_reqs{task:none}']?.values).toEqual({ count: 0, rate: 0 });
});
