import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { tagTablesOf } from '../../../runtime/record/tag-tables.ts';
import { cutOffSampleOf, sampleOf } from '../measure/http-samples.ts';

function storeOf(run: (recorder: HttpRecorder) => void, seriesMax = 10_000): MetricStore {
  const registry = new MetricRegistry({ seriesMax });
  run(new HttpRecorder(registry));
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return store;
}

test('30 requests of two plans and 5 without one: a row each, whatever their names, and the warm-up in none', () => {
  const store = storeOf((recorder) => {
    for (let i = 0; i < 20; i++) recorder.record(sampleOf({ name: `/n${i % 2}`, tags: { plan: 'pro' }, tookUs: 10_000 }));
    for (let i = 0; i < 10; i++) recorder.record(sampleOf({ tags: { plan: 'free' }, tookUs: 50_000, expected: i > 0 }));
    for (let i = 0; i < 5; i++) recorder.record(sampleOf());
    recorder.record(cutOffSampleOf('interrupted', 5_000, { tags: { plan: 'free' } }));
    recorder.record(sampleOf({ tags: { plan: 'pro' }, period: 'warm-up' }));
  });
  const { tables, unknown, notes } = tagTablesOf(store, ['plan'], 10);
  expect([unknown, notes]).toEqual([[], []]);
  expect(tables).toMatchObject([
    {
      tag: 'plan',
      values: 2,
      rows: [
        { value: 'free', count: 10, failed: 1, interrupted: 1, perSecond: 1, responseTimeMs: { avg: 50, p50: 50, p99: 50 } },
        { value: 'pro', count: 20, failed: 0, interrupted: 0, perSecond: 2, responseTimeMs: { p95: 10 } },
        { value: '(without the tag)', count: 5, failed: 0 },
      ],
    },
  ]);
});

test('of 60 values the 50 with the most requests have a row, 10 share one, and a note says what to do', () => {
  const store = storeOf((recorder) => {
    for (let value = 1; value <= 60; value++)
      for (let i = 0; i < (value > 10 ? 2 : 1); i++) recorder.record(sampleOf({ tags: { order: String(value) } }));
  });
  const { tables, notes } = tagTablesOf(store, ['order'], 10);
  const rows = tables[0]?.rows ?? [];
  expect(rows.map(({ value }) => value)).toEqual([...Array.from({ length: 50 }, (_, i) => String(i + 11)), '(other values)']);
  expect(rows.at(-1)?.count).toBe(10);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(110);
  expect(notes).toEqual([expect.stringMatching(/^order had 60 values: the 50 with the most requests have a row each/)]);
});

test('a tag that no request had is told beside those that they had', () => {
  const store = storeOf((recorder) => recorder.record(sampleOf({ tags: { plan: 'pro' } })));
  const { tables, unknown, seen } = tagTablesOf(store, ['plan', 'colour'], 10);
  expect([tables.length, unknown]).toEqual([1, ['colour']]);
  expect(seen).toEqual(expect.arrayContaining(['method', 'name', 'plan', 'scenario', 'status', 'task']));
});

test('requests past the limit of series are among the other values', () => {
  const store = storeOf((recorder) => {
    for (let i = 0; i < 300; i++) recorder.record(sampleOf({ tags: { plan: i % 2 === 0 ? 'a' : 'b' }, name: `n${i}` }));
  }, 100);
  const rows = tagTablesOf(store, ['plan'], 10).tables[0]?.rows ?? [];
  expect(rows.map(({ value }) => value)).toEqual(['a', 'b', '(other values)']);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(300);
});
