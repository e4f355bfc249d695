import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { startCli } from '../support/cli.ts';
import { descendantsOf } from '../support/processes.ts';
import { project } from '../support/project.ts';

const PICTURES = 18;
const PICTURE_BYTES = 4_000_000;
const SCRIPT = `import { http, image } from 'stressrun';
const photos = image.folder('photos/*.jpg');
export default async () => {
  await http.post('/form', { multipart: { file: photos.next() } });
  await http.post('/plain', { body: photos.next() });
};`;
const sha = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('hex');

/** Hashes of the pictures that it was sent, by how. */
async function target() {
  const seen = { '/form': new Set<string>(), '/plain': new Set<string>(), count: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      seen.count++;
      if (request.url === '/plain') seen['/plain'].add(sha(body));
      // behind the empty line of the part's head, and before the last boundary
      if (request.url === '/form') seen['/form'].add(sha(body.subarray(body.indexOf('\r\n\r\n') + 4, body.lastIndexOf('\r\n--'))));
      response.end('{"status":"ok"}');
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  onTestFinished(() => void server.close().closeAllConnections());
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test.each([1, 2])(
  'a folder of 72 MB arrives whole from %i workers, one of them replaced in the middle, as forms and as plain bodies',
  async (workers) => {
    const { seen, url } = await target();
    const { at } = project({ 'a.ts': SCRIPT });
    mkdirSync(at('photos'));
    const picture = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const hashes = Array.from({ length: PICTURES }, (_, i) => {
      const bytes = Buffer.concat([picture, randomBytes(PICTURE_BYTES - picture.length)]);
      writeFileSync(at(`photos/${i}.jpg`), bytes);
      return sha(bytes);
    });
    const program = startCli([
      at('a.ts'),
      '--base-url',
      url,
      '--users',
      '4',
      '--duration',
      '8s',
      '--workers',
      String(workers),
      '--run-dir',
      at('runs'),
    ]);
    while (seen['/plain'].size === 0) await pause(20);
    const [worker] = descendantsOf(program.pid).filter(({ command }) => command.includes('worker.cjs'));
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    await program.printed(/is there again/);
    const before = seen.count;
    while (seen.count < before + 4) await pause(20);
    expect((await program.ended).exitCode).toBe(112);
    for (const path of ['/form', '/plain'] as const) expect([...seen[path]].filter((hash) => !hashes.includes(hash))).toEqual([]);
    expect(new Set([...seen['/form'], ...seen['/plain']]).size).toBe(PICTURES);
  },
);
