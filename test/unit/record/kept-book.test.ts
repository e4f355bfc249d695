import { expect, test } from 'vitest';
import { KeptBook } from '../../../runtime/record/kept-book.ts';
import { failedOf, keptOf } from '../measure/kept-samples.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

test('of 30 seconds with 3 slow requests each the 10 slowest of the run remain, slowest first', () => {
  const book = new KeptBook();
  for (const second of upTo(30)) book.add(upTo(3).map((i) => keptOf({ responseTimeUs: 1000 * ((second * 7) % 30) + i })));
  expect(book.rows().map(({ responseTimeUs }) => responseTimeUs)).toEqual([
    29_002, 29_001, 29_000, 28_002, 28_001, 28_000, 27_002, 27_001, 27_000, 26_002,
  ]);
});

test('of 500 answers 503 and 2 timeouts that came last, 8 and both 2 remain: codes share the 10 places', () => {
  const book = new KeptBook();
  book.add(upTo(500).map((vu) => failedOf(503, { vu })));
  book.add([failedOf(0, { kind: 'timeout', errorCode: 1050 }), failedOf(0, { kind: 'timeout', errorCode: 1050 })]);
  const rows = book.rows();
  expect(rows).toHaveLength(10);
  expect(rows.filter(({ kind }) => kind === 'timeout')).toHaveLength(2);
  expect(rows.filter(({ status }) => status === 503).map(({ vu }) => vu)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(rows.slice(0, 2).map(({ kind }) => kind)).toEqual(['status', 'timeout']);
});

test('of 30 error codes 10 have a place, one each', () => {
  const book = new KeptBook();
  book.add(upTo(30).flatMap((i) => [failedOf(400 + i), failedOf(400 + i)]));
  expect(book.rows().map(({ status }) => status)).toEqual(upTo(10).map((i) => 400 + i));
});

test('each task has 10 slow and 10 failed, tasks in their order, at most 200 of them', () => {
  const book = new KeptBook();
  for (const task of ['b', 'a']) book.add(upTo(20).flatMap(() => [keptOf({ task }), failedOf(500, { task })]));
  expect(book.rows().map(({ task, why }) => `${task} ${why}`)).toEqual(
    ['a slow', 'a failed', 'b slow', 'b failed'].flatMap((row) => upTo(10).map(() => row)),
  );
  book.add(upTo(1000).map((i) => keptOf({ task: `task-${i}` })));
  expect(new Set(book.rows().map(({ task }) => task)).size).toBe(200);
});
