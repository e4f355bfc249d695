import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BYTES_PER_SECOND_MAX, MESSAGES_PER_SECOND_MAX, MessageGate } from '../../../runtime/cluster/message-gate.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { CODEC_VERSION, type Frame, FrameReader, framed } from '../../../runtime/messages/frames.ts';

const LIMITS = { headBytesMax: 1_000, tailBytesMax: 500 };
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
/** Two lengths that stand near their limits or far below: random bytes alone nearly always tell of far too much. */
const smallPrefix = fc.tuple(fc.nat(1_002), fc.nat(502)).map(([head, tail]) => {
  const prefix = Buffer.alloc(8 + head + tail);
  prefix.writeUInt32LE(head, 0);
  prefix.writeUInt32LE(tail, 4);
  return new Uint8Array(prefix);
});
const read = (reader: FrameReader, chunk: Buffer): Frame[] => [...reader.push(chunk)];

test('however a stream is cut into chunks, the same frames come out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { maxLength: 8 }), fc.array(fc.nat(60), { minLength: 1 }), (frames, cuts) => {
      const stream = Buffer.concat(frames.flatMap(([head, tail], sequence) => framed(head, { tail, sequence })));
      const reader = new FrameReader(LIMITS);
      const found: Frame[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const to = at + 1 + (cuts[i % cuts.length] as number);
        found.push(...read(reader, stream.subarray(at, to)));
        at = to;
      }
      expect(found).toEqual(frames.map(([head, tail], sequence) => ({ sequence, head, tail })));
    }),
  );
});

test('whatever bytes come, a reader gives frames within its limits or a ClusterError', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 50 }), smallPrefix)), (chunks) => {
      const reader = new FrameReader(LIMITS);
      try {
        for (const chunk of chunks)
          for (const { head, tail } of reader.push(Buffer.from(chunk))) if (head.length > 1_000 || tail.length > 500) return false;
      } catch (error) {
        return error instanceof ClusterError;
      }
      return true;
    }),
  );
});

test('a length over its limit, of head or tail, is refused with its first 8 bytes, before anything of it has come', () => {
  const prefixOf = (head: number, tail: number): Buffer => {
    const prefix = Buffer.alloc(8);
    prefix.writeUInt32LE(head, 0);
    prefix.writeUInt32LE(tail, 4);
    return prefix;
  };
  const refused = (head: number, tail: number): void =>
    expect(() => read(new FrameReader(LIMITS), prefixOf(head, tail))).toThrow(
      `expected frames of at most 1000 and 500 bytes; got one of ${head} and ${tail}`,
    );
  refused(1001, 0);
  refused(0, 501);
  refused(0, 2 ** 32 - 1);
  expect(read(new FrameReader(LIMITS), prefixOf(1000, 500))).toEqual([]);
});

test.each([
  ['without a mark', Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0]), 'none'],
  ['of version 0', Buffer.from([5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]), '0'],
  ['of the next version', Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, CODEC_VERSION + 1, 1, 0, 0, 0, 7]), '2'],
])('a frame %s is refused with both versions', (_, stream, version) => {
  expect(() => read(new FrameReader(LIMITS), stream)).toThrow(`expected messages of version 1; got one of version ${version}`);
});

test('a worker may send 5,000 messages a second, four seconds of them at once, and not one more', () => {
  const gate = new MessageGate(0);
  for (let i = 0; i < 4 * MESSAGES_PER_SECOND_MAX; i++) gate.pass(10, 0);
  expect(() => gate.pass(10, 0)).toThrow('a worker sent more than 5000 messages a second');
  const patient = new MessageGate(0);
  for (let i = 0; i < 20 * MESSAGES_PER_SECOND_MAX; i++) patient.pass(10, i / 5);
  // a second of rest gives back a second's worth, and not more
  const rested = new MessageGate(0);
  for (let i = 0; i < 4 * MESSAGES_PER_SECOND_MAX; i++) rested.pass(10, 0);
  for (let i = 0; i < MESSAGES_PER_SECOND_MAX; i++) rested.pass(10, 1000);
  expect(() => rested.pass(10, 1000)).toThrow('a worker sent more than 5000 messages a second');
});

test('a worker may send 256 MB a second, four seconds of them at once, and not one byte more', () => {
  const gate = new MessageGate(0);
  for (let i = 0; i < 4; i++) gate.pass(BYTES_PER_SECOND_MAX, 0);
  expect(() => gate.pass(1, 0)).toThrow('a worker sent more than 268435456 bytes a second');
});
