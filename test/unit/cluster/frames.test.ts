import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Frame, FrameReader, framed } from '../../../runtime/cluster/frames.ts';
import { BYTES_PER_SECOND_MAX, MESSAGES_PER_SECOND_MAX, MessageGate } from '../../../runtime/cluster/message-gate.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';

const LIMITS = { headBytesMax: 1_000, tailBytesMax: 1_000 };
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const read = (reader: FrameReader, chunk: Buffer): Frame[] => [...reader.push(chunk)];

test('however a stream is cut into chunks, the same frames come out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { maxLength: 8 }), fc.array(fc.nat(60), { minLength: 1 }), (frames, cuts) => {
      const stream = Buffer.concat(frames.flatMap(([head, tail]) => framed(head, tail)));
      const reader = new FrameReader(LIMITS);
      const found: Frame[] = [];
      for (let at = 0, i = 0; at < stream.length; i++) {
        const to = at + 1 + (cuts[i % cuts.length] as number);
        found.push(...read(reader, stream.subarray(at, to)));
        at = to;
      }
      expect(found.map(({ head, tail }) => [head, tail])).toEqual(frames);
    }),
  );
});

test('whatever bytes come, a reader gives frames within its limits or a ClusterError', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 })), (chunks) => {
      const reader = new FrameReader(LIMITS);
      try {
        for (const chunk of chunks)
          for (const { head, tail } of reader.push(Buffer.from(chunk))) if (head.length + tail.length > 2_000) return false;
      } catch (error) {
        return error instanceof ClusterError;
      }
      return true;
    }),
  );
});

test('a length over its limit is refused with its first 8 bytes, before anything of it has come', () => {
  const prefix = Buffer.from([0xe9, 3, 0, 0, 0, 0, 0, 0]);
  expect(() => read(new FrameReader(LIMITS), prefix)).toThrow('expected frames of at most 1000 and 1000 bytes; got one of 1001 and 0');
});

test('a worker may send 5,000 messages a second, four seconds of them at once, and not one more', () => {
  const gate = new MessageGate(0);
  for (let i = 0; i < 4 * MESSAGES_PER_SECOND_MAX; i++) gate.pass(10, 0);
  expect(() => gate.pass(10, 0)).toThrow('a worker sent more than 5000 messages a second');
  const patient = new MessageGate(0);
  for (let i = 0; i < 20 * MESSAGES_PER_SECOND_MAX; i++) patient.pass(10, i / 5);
});

test('a worker may send 256 MB a second, four seconds of them at once, and not one byte more', () => {
  const gate = new MessageGate(0);
  for (let i = 0; i < 4; i++) gate.pass(BYTES_PER_SECOND_MAX, 0);
  expect(() => gate.pass(1, 0)).toThrow('a worker sent more than 268435456 bytes a second');
});
