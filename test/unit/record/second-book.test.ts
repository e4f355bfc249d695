import { expect, test } from 'vitest';
import { bucketIndexOf } from '../../../runtime/core/buckets.ts';
import type { SeriesDelta, SeriesIdentity } from '../../../runtime/core/delta.ts';
import type { Period, Tags } from '../../../runtime/core/records.ts';
import { SecondBook, type Selector } from '../../../runtime/record/second-book.ts';

const MEASURED: readonly Period[] = ['measured'];
const SELECTORS: readonly Selector[] = [
  { metric: 'http_req_duration', tags: {}, periods: ['measured', 'drain'] },
  { metric: 'http_req_duration', tags: { task: 'a' }, periods: ['measured', 'drain'] },
  { metric: 'http_req_failed', tags: {}, periods: MEASURED },
  { metric: 'http_reqs', tags: {}, periods: MEASURED },
  { metric: 'vus', tags: {}, periods: MEASURED },
];

const trendOf = (task: string, period: Period = 'measured'): SeriesIdentity => ({
  metric: 'http_req_duration',
  type: 'trend',
  unit: 'time',
  period,
  tags: { task },
});

function trend(id: number, valuesUs: readonly number[], series?: SeriesIdentity): SeriesDelta {
  return {
    id,
    ...(series === undefined ? {} : { series }),
    type: 'trend',
    count: valuesUs.length,
    sum: valuesUs.reduce((sum, value) => sum + value, 0),
    min: Math.min(...valuesUs),
    max: Math.max(...valuesUs),
    clamped: 0,
    refused: 0,
    buckets: valuesUs.flatMap((value) => [bucketIndexOf(value), 1]),
  };
}

const measured = (second: number) => ({ period: 'measured', second });

test('a second is closed when both workers have reported it or a later one, and holds what both sent', () => {
  const book = new SecondBook(SELECTORS, [0, 1]);
  book.take(0, measured(0), [trend(1, [100, 300], trendOf('a'))]);
  expect(book.closeNext()).toBeUndefined();
  book.take(1, measured(1), [trend(2, [200], trendOf('b'))]);
  expect(book.closeNext()).toMatchObject({
    second: 0,
    values: [{ count: 2, sum: 400, min: 100, max: 300, buckets: [100, 1, 300, 1] }, { count: 2 }],
  });
  expect(book.closeNext()).toBeUndefined();
  book.take(0, measured(1), [trend(1, [200])]);
  expect(book.closeNext()).toMatchObject({ second: 1, values: [{ count: 2, sum: 400, buckets: [200, 2] }, { count: 1 }] });
});

test('series are told apart by their tags, and known from the number after the first time', () => {
  const book = new SecondBook(SELECTORS, [0]);
  book.take(0, { period: 'warm-up', second: 4 }, [trend(7, [1], trendOf('a', 'warm-up'))]);
  book.take(0, measured(0), [trend(1, [10], trendOf('a')), trend(2, [20], trendOf('b'))]);
  book.take(0, measured(1), [trend(1, [30]), trend(2, [40]), trend(7, [1])]);
  expect([book.closeNext(), book.closeNext()].map((closed) => closed?.values.map((values) => values?.count))).toEqual([
    [2, 1],
    [2, 1],
  ]);
});

test('rates and counters add up, of two values of a gauge the later one counts', () => {
  const of = (metric: string, type: SeriesIdentity['type'], tags: Tags = {}): SeriesIdentity => ({
    metric,
    type,
    unit: 'default',
    period: 'measured',
    tags,
  });
  const book = new SecondBook(SELECTORS, [0]);
  book.take(0, measured(0), [
    { id: 1, series: of('http_req_failed', 'rate', { name: 'x' }), type: 'rate', count: 5, passes: 1 },
    { id: 2, series: of('http_req_failed', 'rate', { name: 'y' }), type: 'rate', count: 3, passes: 2 },
    { id: 3, series: of('http_reqs', 'counter'), type: 'counter', count: 2, sum: 2, refused: 0 },
    { id: 4, series: of('vus', 'gauge', { a: '1' }), type: 'gauge', count: 1, last: 7, atUs: 20, min: 7, max: 7, refused: 0 },
    { id: 5, series: of('vus', 'gauge', { a: '2' }), type: 'gauge', count: 1, last: 9, atUs: 10, min: 9, max: 9, refused: 0 },
  ]);
  expect(book.closeNext()?.values.slice(2)).toMatchObject([
    { count: 8, passes: 3 },
    { count: 2, sum: 2 },
    { count: 2, last: 7 },
  ]);
});

test('what a caller sent is not changed by what comes after it', () => {
  const book = new SecondBook(SELECTORS, [0]);
  const first = trend(1, [10], trendOf('a'));
  book.take(0, measured(0), [first]);
  book.take(0, measured(0), [trend(1, [20])]);
  expect(first).toMatchObject({ count: 1, buckets: [10, 1] });
});

test('what ended in the drain is in no second but apart', () => {
  const book = new SecondBook(SELECTORS, [0]);
  book.take(0, measured(3), [trend(1, [500], trendOf('a', 'drain'))]);
  book.take(0, measured(4), [trend(1, [700])]);
  expect([...book.takeAfterEnd()]).toMatchObject([{ count: 2, max: 700 }, { count: 2 }]);
  expect(book.takeAfterEnd(), 'it is taken once').toEqual([]);
  expect(book.closeNext()?.values.filter((values) => values !== undefined)).toEqual([]);
});

test('a worker that is gone holds nothing up, and what it still sends goes to the oldest open second', () => {
  const book = new SecondBook(SELECTORS, [0, 1]);
  for (const second of [0, 1, 2]) book.take(0, measured(second), [trend(1, [10], trendOf('a'))]);
  book.gone(1);
  expect([book.closeNext()?.second, book.closeNext()?.second]).toEqual([0, 1]);
  book.take(1, measured(0), [trend(2, [20], trendOf('b'))]);
  expect(book.closeNext()).toMatchObject({ second: 2, values: [{ count: 2, sum: 30 }, { count: 1 }] });
  book.take(0, measured(3), []);
  expect(book.closeNext()?.second).toBe(3);
});

test('at the end the seconds that not everybody reported are closed too', () => {
  const book = new SecondBook(SELECTORS, [0, 1]);
  book.take(0, measured(1), [trend(1, [10], trendOf('a'))]);
  expect(book.closeNext()).toBeUndefined();
  expect([book.closeNextAnyway()?.second, book.closeNextAnyway()?.values[0]?.count, book.closeNextAnyway()]).toEqual([0, 1, undefined]);
});

test('a worker that claims second 4,000,000,000 is an hour ahead at most', () => {
  const book = new SecondBook(SELECTORS, [0]);
  book.take(0, measured(4_000_000_000), []);
  let closed = 0;
  while (book.closeNext() !== undefined) closed++;
  expect(closed).toBe(3601);
});

test('series past the cap are known to have lost their tags', () => {
  const book = new SecondBook(SELECTORS, [0]);
  book.take(0, measured(0), [trend(1, [10], { ...trendOf('a'), tags: { overflow: 'true' } })]);
  expect([book.hasOverflowed('http_req_duration'), book.hasOverflowed('http_reqs')]).toEqual([true, false]);
  expect(book.definition('http_req_duration')).toEqual({ name: 'http_req_duration', type: 'trend', unit: 'time' });
});

test('a worker that takes the place of a lost one is waited for from its first second on', () => {
  const book = new SecondBook(SELECTORS, [0, 1]);
  book.take(0, measured(3), [trend(1, [100], trendOf('a'))]);
  book.gone(1);
  book.joined(2, 2);
  expect([book.closeNext()?.second, book.closeNext()?.second, book.closeNext()?.second]).toEqual([0, 1, undefined]);
  book.take(2, measured(2), [trend(1, [200])]);
  expect(book.closeNext()).toMatchObject({ second: 2, values: [{ count: 1, sum: 200 }, { count: 1 }] });
  expect(book.closeNext()).toBeUndefined();
});
