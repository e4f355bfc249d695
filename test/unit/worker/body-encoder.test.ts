import * as zlib from 'node:zlib';
import { expect, test } from 'vitest';
import type { BodyEncoding } from '../../../runtime/core/plan.ts';
import { BodyEncoder } from '../../../runtime/worker/body-encoder.ts';

const TEXT = 'a text that comes again and again. '.repeat(5_000);
const DECODERS: [BodyEncoding, (bytes: Buffer) => Buffer][] = [
  ['gzip', zlib.gunzipSync],
  ['deflate', zlib.inflateSync],
  ['br', zlib.brotliDecompressSync],
];

function encoded(encoder: BodyEncoder, body: string | Buffer | readonly Buffer[], encoding: BodyEncoding, holder: object): Promise<Buffer> {
  return new Promise((done) => encoder.encode(body, encoding, { holder, done }));
}

test.each(DECODERS)('%s of a text, a buffer and parts is the body again when it is decoded', async (encoding, decode) => {
  const bodies = [TEXT, Buffer.from(TEXT), [Buffer.from(TEXT.slice(0, 100)), Buffer.from(TEXT.slice(100))], 'short'];
  for (const body of bodies) {
    const whole = Array.isArray(body) ? Buffer.concat(body) : Buffer.from(body as string);
    expect(decode(await encoded(new BodyEncoder(), body, encoding, {})).equals(whole)).toBe(true);
  }
});

test('a body is compressed once for whoever asks at the same time or later, and apart for each encoding and each holder', async () => {
  const encoder = new BodyEncoder();
  const body = Buffer.from(TEXT);
  const [first, second] = await Promise.all([encoded(encoder, body, 'gzip', body), encoded(encoder, body, 'gzip', body)]);
  expect(second).toBe(first);
  expect(await encoded(encoder, body, 'gzip', body)).toBe(first);
  expect(await encoded(encoder, body, 'deflate', body)).not.toBe(first);
  expect(await encoded(encoder, body, 'gzip', {})).not.toBe(first);
});

test('one that is known is there at once', async () => {
  const encoder = new BodyEncoder();
  const body = Buffer.from(TEXT);
  const first = await encoded(encoder, body, 'gzip', body);
  const seen: Buffer[] = [];
  encoder.encode(body, 'gzip', { holder: body, done: (bytes) => seen.push(bytes) });
  expect(seen).toEqual([first]);
});
