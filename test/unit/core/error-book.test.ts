import { expect, test } from 'vitest';
import { ErrorBook } from '../../../runtime/core/error-book.ts';

const seen = (changes: Partial<Parameters<ErrorBook['record']>[0]> = {}) => ({
  name: '/predict',
  kind: 'timeout',
  code: 1050,
  message: 'slow',
  atMs: 1000,
  ...changes,
});

test('3 errors of 2 kinds are 2 rows, the more frequent first, with the first message and both times', () => {
  const book = new ErrorBook();
  book.record(seen({ kind: 'reset', code: 1220, message: 'gone', atMs: 900 }));
  book.record(seen({ message: 'first' }));
  book.record(seen({ message: 'second', atMs: 3000 }));
  expect(book.rows()).toEqual([
    { name: '/predict', kind: 'timeout', code: 1050, count: 2, firstSeenMs: 1000, lastSeenMs: 3000, sample: 'first' },
    { name: '/predict', kind: 'reset', code: 1220, count: 1, firstSeenMs: 900, lastSeenMs: 900, sample: 'gone' },
  ]);
});

test('a drain gives what came since the last one', () => {
  const book = new ErrorBook();
  book.record(seen());
  expect(book.drain()).toHaveLength(1);
  expect(book.drain()).toEqual([]);
  book.record(seen({ message: 'again', atMs: 5000 }));
  expect(book.drain()).toEqual([
    { name: '/predict', kind: 'timeout', code: 1050, count: 1, firstSeenMs: 5000, lastSeenMs: 5000, sample: 'again' },
  ]);
});

test('books of 2 workers merge to the same in either order, with the earliest message', () => {
  const [early, late] = [new ErrorBook(), new ErrorBook()];
  early.record(seen({ message: 'early', atMs: 100 }));
  late.record(seen({ message: 'late', atMs: 200 }));
  late.record(seen({ message: 'later', atMs: 300 }));
  const merged = [
    [early, late],
    [late, early],
  ].map((books) => {
    const book = new ErrorBook();
    for (const { rows } of books.map((one) => ({ rows: one.rows() }))) book.merge(rows);
    return book.rows();
  });
  expect(merged[0]).toEqual([
    { name: '/predict', kind: 'timeout', code: 1050, count: 3, firstSeenMs: 100, lastSeenMs: 300, sample: 'early' },
  ]);
  expect(merged[1]).toEqual(merged[0]);
});

test('of 1,000 kinds 200 are told apart and the other 800 are counted as one, over drains and merges', () => {
  const book = new ErrorBook();
  const coordinator = new ErrorBook();
  for (let i = 0; i < 1000; i++) {
    book.record(seen({ name: `/${i}` }));
    if (i % 100 === 99) coordinator.merge(book.drain());
  }
  expect(coordinator.rows()).toHaveLength(201);
  expect(coordinator.rows()[0]).toMatchObject({ name: 'other', kind: 'other', code: 0, count: 800 });
});

test('a message of 5,000 characters is kept to 2,000', () => {
  const book = new ErrorBook();
  book.record(seen({ message: 'x'.repeat(5000) }));
  expect(book.rows()[0]?.sample).toHaveLength(2000);
});

test('what a script says of answers is a row for each reason, in which numbers do not count; merged from 2 workers it stays so', () => {
  const merged = new ErrorBook();
  for (let worker = 0; worker < 2; worker++) {
    const book = new ErrorBook();
    for (const message of ['empty predictions', '3 of 7 objects', '12 of 40 objects', 'empty predictions'])
      book.record({ name: '/predict', kind: 'unexpected', code: 0, message, atMs: 1 });
    merged.merge(book.drain());
  }
  expect(merged.rows().map(({ sample, count }) => [sample, count])).toEqual([
    ['3 of 7 objects', 4],
    ['empty predictions', 4],
  ]);
});
test('what scripts throw is one row where it differs in a number or an id, and keeps its own words where it does not', () => {
  const book = new ErrorBook();
  const thrown = (name: string) => book.record(seen({ name, kind: 'script', code: 0, message: name }));
  for (const user of [17, 18, 2_000]) thrown(`Error: user ${user} of 3f2a9c1b-0000-4000-8000-00000000000${user % 10} is unknown`);
  thrown('Error: quota of 5 is used up');
  expect(book.rows().map(({ name, count, sample }) => [name, count, sample])).toEqual([
    ['Error: user # of # is unknown', 3, 'Error: user 17 of 3f2a9c1b-0000-4000-8000-000000000007 is unknown'],
    ['Error: quota of 5 is used up', 1, 'Error: quota of 5 is used up'],
  ]);
  const merged = new ErrorBook();
  merged.merge(book.rows());
  merged.merge([
    { ...seen({ name: 'Error: quota of 6 is used up', kind: 'script', code: 0 }), count: 2, firstSeenMs: 1, lastSeenMs: 2, sample: 's' },
  ]);
  expect(merged.rows().map(({ name, count }) => [name, count])).toEqual([
    ['Error: quota of # is used up', 3],
    ['Error: user # of # is unknown', 3],
  ]);
});

test('requests that differ in a number are different requests; one of two tasks or methods, or of the warm-up, is a row of its own', () => {
  const book = new ErrorBook();
  book.record(seen({ name: '/items/1', task: 'a', method: 'GET' }));
  book.record(seen({ name: '/items/2', task: 'a', method: 'GET' }));
  book.record(seen({ name: '/items/1', task: 'b', method: 'GET' }));
  book.record(seen({ name: '/items/1', task: 'a', method: 'POST' }));
  book.record(seen({ name: '/items/1', task: 'a', method: 'GET', period: 'warm-up' }));
  expect(book.rows()).toHaveLength(5);
});
