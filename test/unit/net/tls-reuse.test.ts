import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { ask, vuFor } from './servers.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const [cert, key] = [fixture('localhost-cert.pem'), fixture('localhost-key.pem')];
const REQUESTS = 20;
const BUSY_MS = 15;

/** In a thread of its own, so that it answers while this one is busy. Each answer says how many connections there were. */
async function serverBeside(): Promise<string> {
  const text = `const { createServer } = require('node:https');
const { workerData, parentPort } = require('node:worker_threads');
let connections = 0;
const server = createServer(workerData, (request, response) => request.resume().on('end', () => response.end(String(connections))));
server.on('secureConnection', () => connections++);
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(text, { eval: true, workerData: { cert, key } });
  onTestFinished(async () => void (await worker.terminate()));
  const port = await new Promise<number>((done) => worker.once('message', done));
  return `https://127.0.0.1:${port}`;
}

const beBusy = (): void => {
  for (const until = performance.now() + BUSY_MS; performance.now() < until; );
};

test.each([
  ['GET', undefined],
  ['POST of 40 kB', Buffer.alloc(40_000, 97)],
])(
  'over TLS a user keeps its connection when the answer is there before Node tells that the request is written, and what it waited is waiting: %s',
  async (_, body) => {
    const base = await serverBeside();
    const vu = vuFor(base, { tls: { isVerified: true, ca: cert } });
    await ask(vu, base);
    let connections = '';
    let waited = 0;
    for (let i = 0; i < REQUESTS; i++) {
      const asked = ask(vu, base, body === undefined ? {} : { method: 'POST', body });
      beBusy();
      const outcome = await asked;
      const hop = outcome.hops[0];
      connections = outcome.body?.toString() ?? '';
      if ((hop?.waitingUs ?? 0) > (hop?.sendingUs ?? 0)) waited++;
    }
    expect(connections).toBe('1');
    expect(waited).toBeGreaterThan(REQUESTS / 2); // a machine that is busy may take the time to send as well
  },
);
