import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { ask, httpServer, vuFor } from './servers.ts';

const SMALL = Buffer.from(JSON.stringify({ status: 'ok' }));
/** Over 16 KB also when compressed, so that it goes the way through the thread pool. */
const LARGE = Buffer.from(Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 0).join());

/** Answers with these bytes and this content-encoding. */
async function serving(bytes: Buffer, encoding: string): Promise<string> {
  const { base } = await httpServer((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bytes));
  return base;
}

test.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['gzip, br', (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
  ['identity', (bytes: Buffer) => bytes],
  ['of-tomorrow', (bytes: Buffer) => bytes],
])('content-encoding %s comes out as it was before, 15 bytes and 200 KB', async (encoding, encode) => {
  for (const plain of [SMALL, LARGE]) {
    const base = await serving(encode(plain), encoding);
    const outcome = await ask(vuFor(base), base);
    expect(outcome.kind).toBe('response');
    expect(outcome.body?.equals(plain)).toBe(true);
  }
});

test.each([['gzip'], ['br'], ['deflate']])('a %s body that is none is bad-response with 1701, in the hop too', async (encoding) => {
  const base = await serving(Buffer.from('plain text'), encoding);
  const outcome = await ask(vuFor(base), base);
  expect(outcome).toMatchObject({ kind: 'bad-response', errorCode: 1701, status: 200, body: undefined });
  expect(outcome.hops[0]).toMatchObject({ status: 200, errorCode: 1701 });
});

test.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('50 MB that %s made small are body-too-large at a limit of 10 MB', async (encoding, encode) => {
  const base = await serving(encode(Buffer.alloc(50_000_000)), encoding);
  const outcome = await ask(vuFor(base, {}, { bodyBytesMax: 10_000_000 }), base);
  expect(outcome).toMatchObject({ kind: 'body-too-large', body: undefined });
});

test('a small body that grows to 5 MB, past what is decoded at once, is decoded all the same', async () => {
  const base = await serving(gzipSync(Buffer.alloc(5_000_000)), 'gzip');
  expect((await ask(vuFor(base), base)).body?.length).toBe(5_000_000);
});

test('an empty gzip answer, as to a HEAD, is no failure', async () => {
  const base = await serving(Buffer.alloc(0), 'gzip');
  expect(await ask(vuFor(base), base)).toMatchObject({ kind: 'response', status: 200 });
  expect(await ask(vuFor(base), base, { method: 'HEAD' })).toMatchObject({ kind: 'response', body: undefined });
});

test('keepsBody: false decodes nothing, so a broken body is a response', async () => {
  const base = await serving(Buffer.from('plain text'), 'gzip');
  expect(await ask(vuFor(base), base, { keepsBody: false })).toMatchObject({ kind: 'response', status: 200 });
});

test('two lines of content-encoding, deflate and gzip, are undone one after the other, as one line is', async () => {
  const { base } = await httpServer((_, response) => {
    response.setHeader('content-encoding', ['deflate', 'gzip']).end(gzipSync(deflateSync(SMALL)));
  });
  expect((await ask(vuFor(base), base)).body?.equals(SMALL)).toBe(true);
});
