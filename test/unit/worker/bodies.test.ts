import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { StallCell } from '../../../runtime/core/stall-cell.ts';
import { AnswerLoader } from '../../../runtime/run/loaded-answers.ts';
import { Vm2Engine } from '../../../runtime/sandbox/vm2-engine.ts';
import { Messenger } from '../../../runtime/worker/messenger.ts';
import { WorkerRuntime } from '../../../runtime/worker/worker-runtime.ts';
import { guestText } from '../../support/guest-text.ts';
import { workerSetup } from '../../support/worker-setup.ts';
import { planOf } from '../engine/scripted-host.ts';
import { environmentOf, httpServer } from '../net/servers.ts';

interface Sent {
  readonly type: string;
  readonly body: Buffer;
}

const MASK = Buffer.from(Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 256));
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A worker of one VU with the files that its script loads, and what a real server is sent; `/mask` answers with bytes. */
async function workerOf(script: string, files: Record<string, Buffer> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-bodies-'));
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const sent: Sent[] = [];
  const { base } = await httpServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    if (message.method === 'POST') sent.push({ type: message.headers['content-type'] ?? '', body: Buffer.concat(chunks) });
    if (message.url === '/mask') response.writeHead(200, { 'content-type': 'image/x-mask; v="1"' }).end(MASK);
    else response.end('{"ok":true}');
  });
  const text = `import { bytes, data, http, image, log } from 'stressrun'; ${script}`;
  const setup = await workerSetup(text, await guestText());
  const logs: string[] = [];
  const messenger = new Messenger((message) => void (message.type === 'log' && logs.push(message.text)), 'off');
  const runtime = new WorkerRuntime(setup, messenger, { stallCell: new StallCell(undefined), engine: new Vm2Engine() });
  runtime.compile();
  const loader = new AnswerLoader({ scriptPath: join(folder, 'x.ts'), allowPaths: [folder], seed: 1 });
  const plan = { scenarios: [planOf({ users: 1 })], hasVuTeardown: false, environment: environmentOf(base) };
  const evaluate = () => new Promise<string | null>((done) => runtime.instantiate(-1, 0, (end, why) => done(end === 'done' ? null : why)));
  await evaluate();
  while (runtime.needs.size > 0) {
    const loaded = await Promise.all([...runtime.needs].map((key) => loader.load(key)));
    runtime.needs.clear();
    runtime.learn({ type: 'answers', answers: loaded.map(({ key, json }) => [key, json]), pools: loaded.flatMap(({ pool = [] }) => pool) });
    await evaluate();
  }
  expect(await new Promise((done) => runtime.crew.prepare({ type: 'prepare', ...plan }, done))).toBeNull();
  onTestFinished(() => {
    runtime.crew.closeAll();
    rmSync(folder, { recursive: true });
  });
  const iterate = (iteration: number): Promise<string> =>
    new Promise((ended) => {
      runtime.crew.begin({ vu: 0, iteration, index: -1, scenario: 0, phase: '', dueAtUs: 0 }, ({ kind }) => ended(kind));
    });
  return { runtime, sent, logs, iterate };
}

const bodiesOf = (sent: readonly Sent[]): string[] => sent.map(({ body }) => body.toString('latin1'));

test('bytes made in a script, of a file and of an answer arrive unchanged, each with its type', async () => {
  const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), MASK]);
  const { sent, iterate } = await workerOf(
    `const scan = data.file('scan.dcm');
    const tensor = new Uint8Array(${2 ** 20 + 5}).map((_, i) => i % 251);
    export default async () => {
      await http.post('/', { body: bytes(tensor) });
      await http.post('/', { body: tensor.subarray(1, 4) });
      await http.post('/', { body: scan });
      const mask = await http.get('/mask');
      await http.post('/', { body: mask.bytes() });
      await http.post('/', { body: mask });
      await http.post('/', { body: mask.bytes().slice(-10, -5), headers: { 'content-type': 'a/b' } });
      await http.post('/', { body: bytes('größe') });
      await http.post('/', { body: bytes('') });
    };`,
    { 'scan.dcm': dicom },
  );
  expect(await iterate(0)).toBe('done');
  const tensor = Buffer.from(Uint8Array.from({ length: 2 ** 20 + 5 }, (_, i) => i % 251));
  const binary = 'application/octet-stream';
  const expected: [string, Buffer][] = [
    [binary, tensor],
    [binary, Buffer.from([1, 2, 3])],
    ['application/dicom', dicom],
    ['image/x-mask', MASK],
    ['image/x-mask', MASK],
    ['a/b', MASK.subarray(-10, -5)],
    [binary, Buffer.from('größe')],
    [binary, Buffer.alloc(0)],
  ];
  expect(sent.map(({ type, body }) => [type, sha256(body)])).toEqual(expected.map(([type, body]) => [type, sha256(body)]));
});

test('a script reads of bytes what it asks for: length, SHA-256, parts, text, base64', async () => {
  const { logs, iterate } = await workerOf(`export default async () => {
    const mask = (await http.get('/mask')).bytes();
    log.info([mask.length, mask.sha256, mask.type, JSON.stringify(mask)].join(' '));
    log.info([...mask.slice(3, 6).toUint8Array(), mask.slice(-2).base64(), mask.slice(9, 3).length, bytes('né').text(), String(bytes('x').dataUrl)].join(' '));
    const large = bytes(new Uint8Array(${3 * 2 ** 20}).fill(200));
    log.info(String(large.toUint8Array().every((byte) => byte === 200)));
  };`);
  expect(await iterate(0)).toBe('done');
  expect(logs).toEqual([
    `5000 ${sha256(MASK)} image/x-mask {"length":5000,"type":"image/x-mask","filename":""}`,
    `21 28 35 ${MASK.subarray(-2).toString('base64')} 0 né data:application/octet-stream;base64,eA==`,
    'true',
  ]);
});

test('bytes of an iteration are gone with it, with a TypeError and nothing sent; those of module level are not', async () => {
  const { runtime, sent, logs, iterate } = await workerOf(`const kept = bytes('KEPT'); let mine;
    export default async () => {
      await http.post('/', { body: kept });
      try { if (mine !== undefined) await http.post('/', { multipart: { a: mine } }); } catch (error) { log.info(error.name + ' ' + error.message); }
      mine = (await http.get('/mask')).bytes();
      await http.post('/', { json: { mine } });
    };`);
  for (let i = 0; i < 3; i++) expect(await iterate(i)).toBe('done');
  expect(bodiesOf(sent).map((body) => body.slice(0, 4))).toEqual(['KEPT', '{"mi', 'KEPT', '{"mi', 'KEPT', '{"mi']);
  expect(logs).toHaveLength(2);
  expect(logs[0]).toMatch(/^BytesGoneError the bytes are gone: .*vuSetup\(\)/);
  expect(runtime.pictures.made.bytes).toBe(4);
});

test('a form has lists, names and types as they were asked for, read by the parser of the platform', async () => {
  const photo = await sharp({ create: { width: 20, height: 10, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  const { sent, iterate } = await workerOf(
    `const photo = image.file('café 猫.jpg');
    export default async () => {
      const mask = await http.get('/mask');
      await http.post('/', { multipart: {
        files: [photo, { file: photo, filename: 'say "hi"\\r\\n.jpg', type: 'image/x-own' }], labels: ['a', 2, true], mask,
        meta: { json: { camera: 3, photo, url: photo.dataUrl } }, note: { file: 'größe', filename: 'n.txt' }, raw: new Uint8Array([1, 2]),
      } });
    };`,
    { 'café 猫.jpg': photo },
  );
  expect(await iterate(0)).toBe('done');
  const [{ type, body }] = sent as [Sent];
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const shown = await Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === 'string'
        ? [name, value]
        : [name, value.name, value.type, sha256(Buffer.from(await value.arrayBuffer())).slice(0, 8)],
    ),
  );
  const [ofPhoto, ofMask] = [sha256(photo).slice(0, 8), sha256(MASK).slice(0, 8)];
  const base64 = photo.toString('base64');
  expect(shown).toEqual([
    ['files', 'café 猫.jpg', 'image/jpeg', ofPhoto],
    ['files', 'say "hi"\r\n.jpg', 'image/x-own', ofPhoto],
    ['labels', 'a'],
    ['labels', '2'],
    ['labels', 'true'],
    ['mask', 'blob', 'image/x-mask', ofMask],
    ['meta', JSON.stringify({ camera: 3, photo: base64, url: `data:image/jpeg;base64,${base64}` })],
    ['note', 'n.txt', 'text/plain;charset=utf-8', sha256(Buffer.from('größe')).slice(0, 8)],
    ['raw', 'blob', 'application/octet-stream', sha256(Buffer.from([1, 2])).slice(0, 8)],
  ]);
  const head = body.toString('utf8');
  expect(head).toContain('filename="say %22hi%22%0D%0A.jpg"\r\nContent-Type: image/x-own\r\n');
  expect(head).toContain('name="meta"\r\nContent-Type: application/json\r\n');
});

test('pictures and bytes in json are put in by the host, the same each time unless they are unique', async () => {
  const photo = await sharp({
    create: { width: 300, height: 200, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 99, sigma: 50 } },
  })
    .jpeg({ quality: 95 })
    .toBuffer();
  const { sent, iterate } = await workerOf(
    `const photo = image.file('a.jpg'); const unique = image.file('a.jpg', { unique: 'bytes' });
    export default async () => {
      for (let i = 0; i < 2; i++) await http.post('/', { json: { image: photo, list: [{ url: photo.dataUrl }], bytes: bytes('hi') } });
      for (let i = 0; i < 3; i++) await http.post('/', { json: unique });
    };`,
    { 'a.jpg': photo },
  );
  expect(await iterate(0)).toBe('done');
  const image = photo.toString('base64');
  const bodies = sent.map(({ body }) => JSON.parse(body.toString()));
  const whole = { image, list: [{ url: `data:image/jpeg;base64,${image}` }], bytes: 'aGk=' };
  expect(bodies.slice(0, 2)).toEqual([whole, whole]);
  expect(sent.map(({ type }) => type)).toEqual(Array.from({ length: 5 }, () => 'application/json'));
  const uniques = bodies.slice(2).map((text) => Buffer.from(text, 'base64'));
  expect(new Set(uniques.map(sha256)).size).toBe(3);
  const pixels = await Promise.all([photo, ...uniques].map(async (bytes) => sha256(await sharp(bytes).raw().toBuffer())));
  expect(new Set(pixels).size).toBe(1);
});

test('a request with bytes that pass is none of those that travel by number', async () => {
  const { runtime, sent, iterate } = await workerOf(
    "export default async () => { await http.post('/', { body: bytes('x') }); await http.get('/mask'); };",
  );
  for (let i = 0; i < 5; i++) expect(await iterate(i)).toBe('done');
  expect(sent).toHaveLength(5);
  expect(runtime.crew.requestKinds.size).toBe(1);
});
