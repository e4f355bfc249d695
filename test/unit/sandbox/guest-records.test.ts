import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TO_HOST } from '../../../runtime/core/mailbox.ts';
import { GuestRecordReader, type GuestRecords } from '../../../runtime/sandbox/guest-records.ts';

/** Notes every call of every method down. */
function noting(): { records: GuestRecords; calls: [name: string, ...args: unknown[]][] } {
  const calls: [string, ...unknown[]][] = [];
  const records = new Proxy({} as GuestRecords, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        void calls.push([String(name), ...args]),
  });
  return { records, calls };
}

function read(text: string): [name: string, ...args: unknown[]][] {
  const { records, calls } = noting();
  new GuestRecordReader(records).read(text);
  return calls;
}

test('records of 3 kinds in one text are read one after the other', () => {
  const text = `${TO_HOST.request},2,7,0,6:GET /a5:{"a"}${TO_HOST.check},2,1,1,0,0:${TO_HOST.end},-1,-5,1,5:Error`;
  expect(read(text)).toEqual([
    ['request', 2, 7, 0, 'GET /a', '{"a"}'],
    ['check', 2, 1, true, 0, ''],
    ['end', -1, -5, 1, 'Error'],
  ]);
});

test('texts may hold whatever looks like a record, and any character', () => {
  const text = '8,1,0,0,3:abc "é€😀\n"';
  expect(read(`${TO_HOST.log},1,2,${text.length}:${text}`)).toEqual([['log', 1, 2, text]]);
});

test('a kind that is none ends the reading: what comes after it cannot be told', () => {
  expect(read(`99,1,${TO_HOST.task},1,2,`)).toEqual([['failed']]);
});

test('every kind of record but cancel is read', () => {
  const names = Object.entries(TO_HOST).map(([name, kind]) => [name, read(`${kind},1,2,3,4,0:0:0:`)[0]?.[0]]);
  expect(names.filter(([name, called]) => name !== called)).toEqual([['cancel', 'failed']]);
});

test('whatever 2,000 damaged texts say, reading ends, and hands over only numbers, texts and booleans', () => {
  const piece = fc.oneof(
    fc.constantFrom(...Object.values(TO_HOST).map((kind) => `${kind},`)),
    fc.integer().map((number) => `${number},`),
    fc.nat(50).map((length) => `${length}:`),
    fc.constantFrom('-10:', '1e9:', '99999999999999999999:', ':', ',', '{}'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      for (const [, ...args] of read(pieces.join('')))
        for (const arg of args) if (!['number', 'string', 'boolean'].includes(typeof arg)) return false;
      return true;
    }),
    { numRuns: 2_000 },
  );
});
