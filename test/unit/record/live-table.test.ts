import { expect, test } from 'vitest';
import type { HttpSample } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { LiveTable } from '../../../runtime/record/live-table.ts';
import { summaryOf } from '../../../runtime/record/summary.ts';
import { teller } from '../../support/told-seconds.ts';
import { sampleOf } from '../measure/http-samples.ts';

type Some = Parameters<typeof sampleOf>[0];

/** A table and a store that hear the same. */
function recorded(options: { seriesMax?: number } = {}) {
  const registry = new MetricRegistry(options);
  const recorder = new HttpRecorder(registry);
  const ledger = new Ledger();
  const tell = teller(ledger);
  const table = new LiveTable();
  const second = (count: number, some: Some = {}, more: Partial<HttpSample> = {}) => {
    for (let i = 0; i < count; i++) recorder.record({ ...sampleOf(some), ...more });
    table.take(tell(registry.drain()));
  };
  return { second, store: ledger.store, table };
}

test('rows are those of the report: same names, order, counts, failures and p95', () => {
  const { second, store, table } = recorded();
  second(20, { tookUs: 40_000 }, { task: 'b', name: '/b' });
  second(30, { tookUs: 90_000 }, { task: 'a', name: '/a' });
  second(5, { tookUs: 900_000, expected: false }, { task: 'a', name: '/a' });
  second(3, { tookUs: 1_000 }, { task: 'a', name: '/a', method: 'PUT' });
  const reported = summaryOf(store, { measuredS: 4 }).requests.slice(0, -1);
  expect(table.rows.map(({ task, method, name, count, failed }) => ({ task, method, name, count, failed }))).toEqual(
    reported.map(({ task, method, name, count, failed }) => ({ task, method, name, count, failed })),
  );
  const p95Us = table.rows.map(({ responseTime }) => responseTime.percentile(0.95));
  expect(p95Us).toEqual(reported.map(({ responseTimeMs }) => (responseTimeMs?.p95 ?? 0) * 1000));
  expect(reported).toHaveLength(3);
});

test('the warm-up is shown until the first sample counts, and setup never', () => {
  const { second, table } = recorded();
  second(7, {}, { period: 'setup' });
  expect(table.rows).toEqual([]);
  second(10, {}, { period: 'warm-up' });
  expect(table.rows.map(({ count }) => count)).toEqual([10]);
  second(2, {}, { period: 'measured' });
  second(1, {}, { period: 'drain' });
  expect(table.rows.map(({ count }) => count)).toEqual([3]);
});

test('400 names are 300 rows and one for the other 100', () => {
  const { second, table } = recorded({ seriesMax: 100_000 });
  for (let i = 0; i < 400; i++) second(1, {}, { name: `named ${i}` });
  expect(table.rows).toHaveLength(301);
  expect(table.rows.at(-1)).toMatchObject({ name: '(other requests)', count: 100 });
});

test('rates are of the last 10 seconds, or of as many as were measured: warm-up is none of them, a quiet second is', () => {
  const { second, table } = recorded();
  second(50, {}, { period: 'warm-up' });
  second(6);
  expect(table.perSecond(table.total.recent)).toBe(6);
  second(0);
  expect([table.judged[0], table.total].map((row) => table.perSecond(row?.recent as Float64Array))).toEqual([3, 3]);
  for (let i = 0; i < 9; i++) second(1);
  expect([table.judged[0], table.total].map((row) => table.perSecond(row?.recent as Float64Array))).toEqual([0.9, 0.9]);
  expect(table.total).toMatchObject({ count: 15, failed: 0 });
});
