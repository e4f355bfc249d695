import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load, notesOf } from '../support/cli.ts';
import { project } from '../support/project.ts';

interface Seen {
  readonly path: string;
  readonly type: string;
  readonly bytes: number;
  readonly body: Buffer;
}

/** A server that keeps what it is sent; `/mask` answers with bytes. */
async function recorder(): Promise<{ base: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (request.method === 'POST')
        seen.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', bytes: body.length, body });
      response.setHeader('content-type', 'application/octet-stream');
      response.end(request.url === '/mask' ? MASK : '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const MASK = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A project with files that are no texts. */
function projectOf(script: string, files: Record<string, Buffer> = {}) {
  const made = project({ 'a.ts': script });
  mkdirSync(made.at('files'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(made.at(`files/${name}`), bytes);
  return made;
}

const photoOf = (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .jpeg({ quality: 100 })
    .toBuffer();

test.each(['own', 'undici'])(
  'files of any kind, an answer and a picture of over 8 MiB in JSON arrive unchanged, sent by %s',
  async (client) => {
    const { base, seen } = await recorder();
    const photo = await photoOf(2600);
    expect(photo.length).toBeGreaterThan(7_000_000); // over 8 MiB in base64
    const heic = Buffer.concat([Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1'), MASK]);
    const cut = photo.subarray(0, 5000);
    const { at } = projectOf(
      `import { data, http, image } from 'stressrun';
    const heic = image.file('files/phone.heic'), cut = image.file('files/cut.jpg'), npy = data.file('files/t.npy'), photo = image.file('files/photo.jpg');
    export default async () => {
      for (const [i, file] of [heic, cut, npy].entries()) await http.post('/plain/' + i, { body: file });
      const mask = await http.get('/mask');
      await http.post('/mask', { body: mask.bytes() });
      await http.post('/json', { json: { image: photo, url: photo.dataUrl } });
    };`,
      { 'phone.heic': heic, 'cut.jpg': cut, 't.npy': MASK, 'photo.jpg': photo },
    );
    const { run, exitCode } = await load([at('a.ts'), '--once', '--base-url', base], { env: { STRESSRUN_HTTP_CLIENT: client } });
    expect(exitCode).toBe(0);
    expect(seen.map(({ path, type, body }) => [path, type, path === '/json' ? '' : sha256(body)])).toEqual([
      ['/plain/0', 'image/heic', sha256(heic)],
      ['/plain/1', 'image/jpeg', sha256(cut)],
      ['/plain/2', 'application/octet-stream', sha256(MASK)],
      ['/mask', 'application/octet-stream', sha256(MASK)],
      ['/json', 'application/json', ''],
    ]);
    const { image, url } = JSON.parse((seen[4] as Seen).body.toString()) as { image: string; url: string };
    expect([sha256(Buffer.from(image, 'base64')), url.slice(0, 30)]).toEqual([
      sha256(photo),
      `data:image/jpeg;base64,${image.slice(0, 7)}`,
    ]);
    expect(run.metrics['data_sent']?.values['count']).toBeGreaterThan(seen.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(notesOf(run).filter((note) => note.includes('cannot be decoded'))).toEqual([
      expect.stringContaining(
        'image.file: 1 of 1 files cannot be decoded here and are sent as they are, without width and height (phone.heic:',
      ),
      expect.stringContaining('(cut.jpg:'),
    ]);
  },
);

test('a folder with one cut picture among three runs, each use differs in bytes, and a note says which was odd', async () => {
  const { base, seen } = await recorder();
  const photo = await photoOf(64);
  const { at } = projectOf(
    `import { http, image } from 'stressrun';
    const all = image.folder('files/*', { unique: 'bytes' });
    export default async () => { for (let i = 0; i < 6; i++) await http.post('/', { multipart: { file: all.at(i) } }); };`,
    { 'a.jpg': photo, 'b.jpg': photo.subarray(0, 900), 'c.jpg': photo },
  );
  const { run, exitCode } = await load([at('a.ts'), '--once', '--base-url', base]);
  expect(exitCode).toBe(0);
  expect(new Set(seen.map(({ body }) => sha256(body))).size).toBe(6);
  expect(seen.map(({ body }) => /filename="([^"]*)"/.exec(body.toString('latin1'))?.[1])).toEqual(
    ['a', 'b', 'c', 'a', 'b', 'c'].map((name) => `${name}.jpg`),
  );
  expect(notesOf(run)).toContainEqual(expect.stringContaining('1 of 3 files cannot be decoded here'));
});

test.each([
  ["image.file('files/a.jpg', { uniqe: 'bytes' })", 'image.file: expected unique; got "uniqe"'],
  ["image.folder('files/*', { unique: 'pixels' })", 'image.folder: unique: expected none, bytes; got "pixels"'],
])('%s is a 104 that says what is allowed', async (call, message) => {
  const { at } = projectOf(`import { image } from 'stressrun'; const x = ${call}; export default () => x.size;`, {
    'a.jpg': await photoOf(32),
  });
  const { exitCode, stderr } = await cli([at('a.ts'), '--once', '--base-url', 'http://127.0.0.1:9']);
  expect([exitCode, stderr]).toEqual([104, expect.stringContaining(message)]);
});

test('rows of files as people have them: semicolons in windows-1252, UTF-16 of Excel, JSON lines', async () => {
  const { base, seen } = await recorder();
  const { at } = projectOf(
    `import { data, http } from 'stressrun';
    const semi = data.csv('files/semi.csv', { encoding: 'windows-1252' }), wide = data.csv('files/wide.csv'), lines = data.json('files/rows.jsonl');
    export default async () => { await http.post('/', { json: [semi.at(0), wide.at(0), lines.at(1), semi.length, lines.length] }); };`,
    {
      'semi.csv': Buffer.from('url;größe\r\n/a;1,5\r\n/b;2\r\n', 'latin1'),
      'wide.csv': Buffer.from('\uFEFFurl\tlabel\r\n/a\t猫\r\n', 'utf16le'),
      'rows.jsonl': Buffer.from('{"a":1}\n{"a":2}\n'),
    },
  );
  expect((await load([at('a.ts'), '--once', '--base-url', base])).exitCode).toBe(0);
  expect(JSON.parse((seen[0] as Seen).body.toString())).toEqual([{ url: '/a', größe: '1,5' }, { url: '/a', label: '猫' }, { a: 2 }, 2, 2]);
});

test.each([
  ["data.csv('files/a', { delimiter: ';' })", 'a;b\n1;2', 'data.csv: expected separator, encoding; got "delimiter"'],
  ["data.csv('files/a')", 'PAR1', 'got a Parquet file'],
])('%s is a 104 that says what is wrong', async (call, text, message) => {
  const { at } = projectOf(`import { data } from 'stressrun'; const x = ${call}; export default () => x.length;`, { a: Buffer.from(text) });
  const { exitCode, stderr } = await cli([at('a.ts'), '--once', '--base-url', 'http://127.0.0.1:9']);
  expect([exitCode, stderr]).toEqual([104, expect.stringContaining(message)]);
});
