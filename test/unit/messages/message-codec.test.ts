import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { FrameReader, framed } from '../../../runtime/messages/frames.ts';
import {
  decodeFromWorker,
  decodeToWorker,
  encodeFromWorker,
  encodeToWorker,
  FROM_WORKER_LIMITS,
  TO_WORKER_LIMITS,
} from '../../../runtime/messages/message-codec.ts';
import type { FromWorker, ToWorker } from '../../../runtime/messages/messages.ts';

const received = (message: FromWorker): unknown => {
  const [frame] = [...new FrameReader(FROM_WORKER_LIMITS).push(Buffer.concat(encodeFromWorker(message, 1)))];
  return frame === undefined ? undefined : decodeFromWorker(frame);
};
const LONG = 'ä€😀"\\\u0000'.repeat(20_000);

test.each<FromWorker>([
  { type: 'beat', rssBytes: 1 },
  { type: 'log', vu: -1, level: 1, text: 'a\u0000b\ud800' },
  { type: 'hookEnded', to: 7, end: 'done', text: LONG },
  { type: 'inspect', id: 1, bytes: Buffer.from([0, 255, 128]) },
  { type: 'inspect', id: 2, bytes: LONG },
  { type: 'inspect', id: 3, bytes: Buffer.alloc(0) },
])('message %# of a worker arrives as it was sent', (message) => {
  expect(received(message)).toEqual(message);
});

test('bytes and long texts travel behind the head, which stays below 200 bytes', () => {
  for (const message of [
    { type: 'inspect', id: 1, bytes: Buffer.alloc(1_000_000) },
    { type: 'hookEnded', to: 7, end: 'done', text: LONG },
  ] satisfies FromWorker[])
    expect(encodeFromWorker(message, 1)[1]?.length).toBeLessThan(200);
});

test('what the coordinator sends arrives as it was sent, infinities and bytes included', () => {
  const message = { type: 'drawn', id: Number.POSITIVE_INFINITY, bytes: Buffer.from([1, 2, 3]) } satisfies ToWorker;
  const [frame] = [...new FrameReader(TO_WORKER_LIMITS).push(Buffer.concat(encodeToWorker(message, 1)))];
  expect(frame === undefined ? undefined : decodeToWorker(frame)).toEqual(message);
});

test('whatever bytes a worker sends, they become a value or a ClusterError, and never pollute a prototype', () => {
  const json = fc.oneof(fc.json(), fc.string(), fc.constant('{"__proto__":{"polluted":1},"tail":{"field":"bytes"}}'));
  fc.assert(
    fc.property(fc.oneof(json.map(Buffer.from), fc.uint8Array().map(Buffer.from)), fc.uint8Array(), (head, tail) => {
      try {
        for (const frame of new FrameReader(FROM_WORKER_LIMITS).push(Buffer.concat(framed(head, { tail: Buffer.from(tail), sequence: 1 }))))
          decodeFromWorker(frame);
      } catch (error) {
        expect(error).toBeInstanceOf(ClusterError);
      }
      expect('polluted' in {}).toBe(false);
    }),
  );
});

/** Valid JSON of so many levels, long enough to be counted before it is parsed. */
const nested = (levels: number): Buffer => Buffer.from(`${'['.repeat(levels)}"${'x'.repeat(2e6)}"${']'.repeat(levels)}`);

test('64 levels are read, and so are two million lists side by side', () => {
  expect(decodeFromWorker({ head: nested(64), tail: Buffer.alloc(0) })).toBeInstanceOf(Array);
  expect(decodeFromWorker({ head: Buffer.from(`[${'[],'.repeat(6e5)}0]`), tail: Buffer.alloc(0) })).toHaveLength(6e5 + 1);
});

test.each([
  ['3 million levels', Buffer.alloc(3e6, '[')],
  ['65 levels of lists', nested(65)],
  ['65 levels of objects', Buffer.from(`${'{"a":'.repeat(65)}"${'x'.repeat(2e6)}"${'}'.repeat(65)}`)],
  ['2 million and one values', Buffer.from(`[${'0,'.repeat(2e6)}0]`)],
])('a head of %s is refused before it is parsed', (_, head) => {
  expect(() => decodeFromWorker({ head, tail: Buffer.alloc(0) })).toThrow(
    'a worker sent a message of more than 2000000 values or 64 levels',
  );
});

test('brackets and commas inside of a text do not count: 2 MB of them are one value', () => {
  expect(decodeFromWorker({ head: Buffer.from(JSON.stringify({ a: '[,"\\'.repeat(400_000) })), tail: Buffer.alloc(0) })).toHaveProperty(
    'a',
  );
});
