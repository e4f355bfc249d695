import { expect, test } from 'vitest';
import type { RequestRow, RunJson } from '../../../runtime/core/run-json.ts';
import { compareRows, differencesOf, type KeptPlan, loadWords, targetWords } from '../../../runtime/history/compare-runs.ts';
import { failedRun } from '../report/fixed-runs.ts';

const row = (name: string, count: number): RequestRow => ({
  task: '',
  method: 'GET',
  name,
  count,
  failed: 1,
  interrupted: 0,
  perSecond: count / 10,
  durationMs: null,
  responseTimeMs: { min: 1, avg: 2, p50: 2, p90: 3, p95: count, p99: 5, max: 6 },
  allDurationMs: null,
});
const runOf = (requests: RequestRow[], run: Partial<RunJson['run']> = {}): RunJson => ({
  ...failedRun,
  run: { ...failedRun.run, ...run },
  requests,
});

test('requests are matched by task, method and name; what a run lacks is null; the row over all is last', () => {
  const base = runOf([row('/a', 10), row('/b', 20), row('Aggregated', 30)]);
  const other = runOf([row('/b', 40), row('/c', 50), row('Aggregated', 90)]);
  expect(compareRows([base, other]).map(({ name, values }) => [name, ...values.map((value) => value?.p95Ms ?? null)])).toEqual([
    ['/a', 10, null],
    ['/b', 20, 40],
    ['/c', null, 50],
    ['Aggregated', 30, 90],
  ]);
  expect(compareRows([base])[0]?.values[0]).toMatchObject({ count: 10, failedRatio: 0.1, perSecond: 1 });
});

test('what the runs did differently is told, and two that did the same differ in nothing', () => {
  const base = { result: runOf([]), plan: undefined };
  expect(differencesOf([base, base])).toEqual([]);
  const other = { result: { ...runOf([], { profile: 'load', workers: 9 }), exploratory: { segments: [] } }, plan: undefined };
  expect(differencesOf([base, other])).toEqual([
    `profile: ${failedRun.run.profile ?? '(none)'} → load`,
    `workers: ${failedRun.run.workers} → 9`,
    `${failedRun.run.id} was changed while it ran`,
  ]);
});

test('1 user and 1 iteration are not in the plural', () => {
  const planOf = (users: number, iterations: number): KeptPlan =>
    ({
      scenarios: [{ name: 'default', kind: 'closed', users, length: { kind: 'iterations', iterations } }],
      scriptConfig: {},
      warmUp: { kind: 'none' },
      environment: {},
    }) as unknown as KeptPlan;
  expect(
    differencesOf([
      { result: runOf([]), plan: planOf(1, 1) },
      { result: runOf([]), plan: planOf(2, 20) },
    ]),
  ).toEqual(['load: default 1 user, 1 iteration → default 2 users, 20 iterations']);
});

test('the port of the built-in server is no difference, another server is', () => {
  const planOf = (target?: 'embedded'): KeptPlan =>
    ({ scenarios: [], scriptConfig: {}, warmUp: { kind: 'none' }, environment: { target } }) as unknown as KeptPlan;
  const on = (baseUrl: string, plan: KeptPlan | undefined) => ({ result: runOf([], { baseUrl }), plan });
  const [one, two] = ['http://127.0.0.1:43865', 'http://127.0.0.1:36631'];
  expect(differencesOf([on(one, planOf('embedded')), on(two, planOf('embedded'))])).toEqual([]);
  expect(differencesOf([on(one, planOf('embedded')), on(two, undefined)])).toEqual([]);
  expect(differencesOf([on(one, planOf()), on(two, planOf())])).toEqual([`target: ${one} → ${two}`]);
  expect(differencesOf([on(one, planOf('embedded')), on('https://a.example', planOf())])).toEqual([
    'target: the built-in server → https://a.example',
  ]);
  expect(targetWords(planOf('embedded'), one)).toBe('the built-in server');
});

test('a request that was never made has failed in no share, and has no times', () => {
  const never = { ...row('/a', 0), failed: 0, responseTimeMs: null };
  const [first] = compareRows([runOf([never, row('Aggregated', 10)])]);
  expect(first?.values[0]).toMatchObject({ count: 0, failedRatio: 0, perSecond: 0, p50Ms: null, p95Ms: null, p99Ms: null });
  const [made] = compareRows([runOf([row('/a', 10), row('Aggregated', 10)])]);
  expect(made?.values[0]).toMatchObject({ p50Ms: 2, p95Ms: 10, p99Ms: 5 });
});

test('the load of an open scenario is its highest rate, per second whatever its time unit', () => {
  const planOf = (rates: number[], timeUnitUs: number): KeptPlan =>
    ({
      scenarios: [
        {
          name: 'open',
          kind: 'open',
          timeUnitUs,
          curve: rates.map((rate, i) => ({ atUs: i, rate })),
          length: { kind: 'duration', durationUs: 90_000_000 },
        },
      ],
      scriptConfig: {},
      warmUp: { kind: 'none' },
      environment: {},
    }) as unknown as KeptPlan;
  expect(loadWords(planOf([2, 30, 5], 1_000_000))).toBe('open 30/s, 1m 30s');
  expect(loadWords(planOf([600, 60], 60_000_000))).toBe('open 10/s, 1m 30s');
  expect(loadWords(undefined)).toBeUndefined();
});
