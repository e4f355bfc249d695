import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ask, httpServer, vuFor } from './servers.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');

const ECHO: RequestListener = (request, response) => {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('end', () => response.end(`${request.method} ${request.headers.host}${request.url} ${bytes}`));
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'stressrun-socket-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A server on a Unix socket. @returns its path, and how many connected */
async function socketServer(server: Server = createServer(ECHO)): Promise<{ path: string; connections: () => number }> {
  let count = 0;
  const path = join(folder(), 'model.sock');
  server.on('connection', () => count++);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return { path, connections: () => count };
}

test('requests to the base URL go to the socket, on a connection that is kept, with the host and path of the URL; phases and bytes are there', async () => {
  const { path, connections } = await socketServer();
  const vu = vuFor('http://model/v1', { socketPath: path });
  const outcomes = [
    await ask(vu, 'http://model/v1/a?b=1'),
    await ask(vu, 'http://model/v1', { method: 'POST', body: Buffer.alloc(300_000) }),
  ];
  expect(outcomes.map(({ body }) => body?.toString())).toEqual(['GET model/v1/a?b=1 0', 'POST model/v1 300000']);
  expect(connections()).toBe(1);
  const [first, second] = outcomes.map(({ hops }) => hops[0]);
  expect(first?.connectingUs).toBeGreaterThan(0);
  expect(first?.bytesReceived).toBeGreaterThan(100);
  expect(second).toMatchObject({ connectingUs: 0 });
  expect(second?.bytesSent).toBeGreaterThan(300_000);
});

test('TLS is spoken over the socket for https', async () => {
  const pair = { cert: fixture('localhost-cert.pem'), key: fixture('localhost-key.pem') };
  const { path } = await socketServer(createTlsServer(pair, ECHO));
  const vu = vuFor('https://localhost', { socketPath: path, tls: { isVerified: true, ca: pair.cert } });
  expect((await ask(vu, 'https://localhost/a')).body?.toString()).toBe('GET localhost/a 0');
});

test('no port of TCP is asked in its place: neither that of the base URL, nor the other of http and https, nor the host at another one', async () => {
  let reached = 0;
  const { base, port } = await httpServer((_, response) => {
    reached++;
    response.end();
  });
  const { path } = await socketServer();
  expect((await ask(vuFor(base, { socketPath: path }), `${base}/a`)).body?.toString()).toBe(`GET 127.0.0.1:${port}/a 0`);
  const vu = vuFor('http://127.0.0.1', { socketPath: path });
  const kinds = [await ask(vu, 'https://127.0.0.1/'), await ask(vu, base), await ask(vu, 'http://127.0.0.2/')].map(({ kind }) => kind);
  expect(kinds).toEqual(Array(3).fill('blocked-address'));
  expect(reached).toBe(0);
});

test('a socket that is not there is a failure to connect that says so', async () => {
  const gone = join(folder(), 'none.sock');
  const outcome = await ask(vuFor('http://model', { socketPath: gone }), 'http://model');
  expect(outcome).toMatchObject({ kind: 'connect-failed', errorCode: 1210 });
  expect(outcome.error).toMatch(/^http:\/\/model: there is no Unix socket at that path: .*\(connect ENOENT .*none\.sock\)$/);
});
