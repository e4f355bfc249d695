import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as zlib from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';

/** Of the Node that runs what is tested, which may be another than that of the tests. */
const NODE = process.env['STRESSRUN_NODE'] ?? process.execPath;
const HAS_ZSTD = execFileSync(NODE, ['-p', "'zstdCompress' in require('node:zlib')"], { encoding: 'utf8' }).trim() === 'true';
const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gunzipSync,
  deflate: zlib.inflateSync,
  br: zlib.brotliDecompressSync,
};

interface Seen {
  readonly path: string;
  readonly encoding: string;
  readonly type: string;
  /** On the wire, and decoded. */
  readonly bytes: number;
  readonly body: Buffer;
}

async function decodingServer(): Promise<{ base: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const sent = Buffer.concat(chunks);
      const { 'content-encoding': encoding = '', 'content-type': type = '' } = request.headers;
      if (request.method === 'POST')
        seen.push({ path: request.url ?? '', encoding, type, bytes: sent.length, body: DECODERS[encoding]?.(sent) ?? sent });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const LONG = JSON.stringify({ text: 'again and again '.repeat(10_000) });

function scriptFor(base: string, setting: string, iteration: string) {
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${base}"${setting} } }\n`,
    'a.ts': `import { http, image } from 'stressrun';\nconst pool = image.pool({ width: 64, height: 64, format: 'png', variants: 2 });
      const long = { text: 'again and again '.repeat(10_000) };\nexport default async () => {\n${iteration}\n};`,
  });
  return at('a.ts');
}

test.each(['own', 'undici'])(
  'bodies of every kind arrive as they were, sent by %s; data_sent counts what went over the wire',
  async (client) => {
    const { base, seen } = await decodingServer();
    const script = scriptFor(
      base,
      '',
      `await http.post('/gzip', { json: long, compression: 'gzip' });
      await http.post('/deflate', { body: JSON.stringify(long), compression: 'deflate' });
      await http.post('/br', { json: long, compression: 'br' });
      await http.post('/form', { multipart: { a: pool, b: 'text' }, compression: 'gzip' });
      await http.post('/picture', { body: pool, compression: 'gzip' });
      await http.post('/plain', { body: 'x' });
      await http.post('/empty', { body: '', compression: 'gzip' });`,
    );
    const { run } = await load([script, '--env', 't', '--users', '1', '--iterations', '3'], { env: { STRESSRUN_HTTP_CLIENT: client } });
    const of = (path: string) => seen.filter((each) => each.path === path);
    expect(seen.map(({ path, encoding }) => `${path} ${encoding}`)).toEqual(
      Array.from({ length: 3 }, () => [
        '/gzip gzip',
        '/deflate deflate',
        '/br br',
        '/form gzip',
        '/picture gzip',
        '/plain ',
        '/empty ',
      ]).flat(),
    );
    for (const path of ['/gzip', '/deflate', '/br'])
      for (const { body, bytes } of of(path)) {
        expect(body.toString()).toBe(LONG);
        expect(bytes).toBeLessThan(2_000);
      }
    for (const { body, type } of of('/form')) {
      expect(type).toMatch(/^multipart\/form-data; boundary=/);
      expect(body.includes('name="b"') && body.includes('\x89PNG', 'latin1')).toBe(true);
    }
    for (const { body } of of('/picture')) expect(body.subarray(1, 4).toString()).toBe('PNG');
    const onWire = seen.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(run.metrics['data_sent']?.values['count']).toBeGreaterThan(onWire);
    expect(run.metrics['data_sent']?.values['count']).toBeLessThan(onWire + seen.length * 400);
  },
);

test('compression of an environment holds for what does not say otherwise, and for nothing that is compressed already', async () => {
  const { base, seen } = await decodingServer();
  const script = scriptFor(
    base,
    ', compression: gzip',
    `await http.post('/default', { json: long });
      await http.post('/none', { json: long, compression: 'none' });
      await http.post('/br', { json: long, compression: 'br' });
      await http.post('/own', { body: 'already', headers: { 'Content-Encoding': 'x-mine' } });`,
  );
  await load([script, '--env', 't', '--once']);
  expect(seen.map(({ path, encoding }) => [path, encoding])).toEqual([
    ['/default', 'gzip'],
    ['/none', ''],
    ['/br', 'br'],
    ['/own', 'x-mine'],
  ]);
});

async function zstdGoesOut(): Promise<void> {
  const { base, seen } = await decodingServer();
  await load([scriptFor(base, '', "await http.post('/zstd', { json: long, compression: 'zstd' });"), '--env', 't', '--once']);
  // the first bytes of a frame (RFC 8878, 3.1.1)
  expect(seen.map(({ encoding, body }) => [encoding, body.toString('hex', 0, 4), body.length < 2_000])).toEqual([
    ['zstd', '28b52ffd', true],
  ]);
}

async function zstdIsRefused(): Promise<void> {
  const { base, seen } = await decodingServer();
  const environment = await cli([scriptFor(base, ', compression: zstd', "await http.post('/', { json: long });"), '--env', 't', '--once']);
  expect(environment.exitCode).toBe(104);
  expect(environment.stderr).toMatch(
    /environments\.t\.compression: expected one of gzip, deflate, br: zstd needs Node 22\.15 or newer; this is v/,
  );
  const request = await cli([scriptFor(base, '', "await http.post('/', { json: long, compression: 'zstd' });"), '--env', 't', '--once']);
  expect(request.stdout + request.stderr).toContain('http: compression: zstd needs Node 22.15 or newer; gzip, deflate and br are there');
  expect(seen).toEqual([]);
}

if (HAS_ZSTD) test('zstd goes out on a Node that has it', zstdGoesOut);
else
  test(
    'zstd on a Node that has none is told before anything is sent: 104 for an environment, an error of the script for a request',
    zstdIsRefused,
  );
