import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { uncompress } from 'snappyjs';
import { expect, test } from 'vitest';
import { snappyBlock } from '../../../runtime/outputs/snappy.ts';

const backFrom = (bytes: Uint8Array): Buffer => Buffer.from(uncompress(Buffer.from(snappyBlock(bytes))));

test('any bytes come back as they were, repeated or not', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom('name="/predict"', 'aaaa', 'period').map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (pieces, times) => {
      const bytes = Buffer.concat(new Array<Buffer>(times).fill(Buffer.concat(pieces)));
      expect(backFrom(bytes).equals(bytes)).toBe(true);
    }),
  );
});

test.each([0, 1, 3, 4, 59, 60, 61, 64, 65, 255, 256, 257, 65_535, 65_536, 65_537, 200_000])(
  '%i bytes that never repeat, and as many that are all the same, come back as they were and grow by a 16th at most',
  (length) => {
    const noise = createHash('shake128', { outputLength: Math.max(1, length) })
      .digest()
      .subarray(0, length);
    for (const bytes of [noise, Buffer.alloc(length, 7)]) {
      expect(backFrom(bytes).equals(bytes)).toBe(true);
      expect(snappyBlock(bytes).length).toBeLessThanOrEqual(length * (17 / 16) + 16);
    }
  },
);

test('what was 70,000 bytes before is out of reach of an offset and is sent again', () => {
  const word = Buffer.from('a word of 26 bytes, no more');
  const between = Buffer.from(Array.from({ length: 70_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24));
  const bytes = Buffer.concat([word, between, word]);
  expect(backFrom(bytes).equals(bytes)).toBe(true);
});

test('labels that repeat from series to series are a tenth of their size', () => {
  const text = Array.from(
    { length: 1_000 },
    (_, i) => `stressrun_http_req_duration_seconds_bucket name=/predict scenario=default status=200 le=${i}`,
  ).join();
  expect(snappyBlock(Buffer.from(text)).length).toBeLessThan(text.length / 10);
});
