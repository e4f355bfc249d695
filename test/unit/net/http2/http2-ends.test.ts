import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ask, IDLE_WORDS, listening, rawServer, signal, vuFor } from '../servers.ts';
import { HTTP2, http2Server } from './http2-server.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');
const [cert, key] = [fixture('localhost-cert.pem'), fixture('localhost-key.pem')];
test('over https ALPN takes h2; a server that has only HTTP/1.1 is a failure that says so', async () => {
  const server = createSecureServer({ cert, key }, (request, response) => void response.end(request.httpVersion));
  const base = `https://127.0.0.1:${await listening(server as never)}`;
  const tls = { tls: { isVerified: true, ca: cert } };
  const outcome = await ask(vuFor(base, { ...HTTP2, ...tls }), base);
  expect(String(outcome.body)).toBe('2.0');
  expect(outcome.hops[0]?.tlsUs).toBeGreaterThan(0);
  const old = createHttps({ cert, key, ALPNProtocols: ['http/1.1'] }, (_, response) => void response.end('1.1'));
  const oldBase = `https://127.0.0.1:${await listening(old)}`;
  const refused = await ask(vuFor(oldBase, { ...HTTP2, ...tls }), oldBase);
  expect(refused).toMatchObject({ kind: 'tls-failed', status: 0 });
  expect(refused.error).toContain('does not speak HTTP/2');
});

test('a server of HTTP/1.1 that is asked in HTTP/2 without TLS is a failure that says so', async () => {
  const { base } = await rawServer((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n')),
  );
  const outcome = await ask(vuFor(base, HTTP2), base);
  expect(outcome).toMatchObject({ kind: 'bad-response', errorCode: 1650, status: 0 });
  expect(outcome.error).toContain('does not speak HTTP/2');
});

test('after bytes that are no frames a request ends by its limit at the latest, and soon one has a new connection', async () => {
  const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
  let connections = 0;
  const { base } = await rawServer((socket) => {
    connections++;
    socket.write(settings);
    socket.once('data', () => setTimeout(() => socket.write(Buffer.alloc(200, 255)), 50));
  });
  const vu = vuFor(base, HTTP2);
  for (let i = 0; i < 3; i++) expect((await ask(vu, base, { timeoutUs: 300_000 })).status).toBe(0);
  expect(connections).toBeGreaterThan(1);
});

test('a stream that is refused goes out once more, a POST as well; one that is reset with another code is named with it', async () => {
  let refusals = 1;
  const { base, seen } = await http2Server((request, response) => {
    if (request.url === '/reset') response.stream.close(2);
    else if (refusals-- > 0) response.stream.close(7);
    else response.end('done');
  });
  const vu = vuFor(base, HTTP2);
  const outcome = await ask(vu, `${base}/work`, { method: 'POST', body: 'x' });
  expect([outcome.status, String(outcome.body), seen.streams]).toEqual([200, 'done', 2]);
  const reset = await ask(vu, `${base}/reset`);
  expect(reset).toMatchObject({ kind: 'reset', errorCode: 1633, status: 0 });
  expect(reset.error).toContain('INTERNAL_ERROR');
});

test('a body that ends with a reset is no answer; with NO_ERROR it is none where its length says that it is short', async () => {
  const { base } = await http2Server((request, response) => {
    if (request.url === '/no-error') response.setHeader('content-length', '100');
    response.write('the first half');
    setTimeout(() => response.stream.close(request.url === '/cancel' ? 8 : 0), 50);
  });
  const vu = vuFor(base, HTTP2);
  for (const path of ['/cancel', '/no-error']) {
    const outcome = await ask(vu, `${base}${path}`);
    expect([path, outcome.kind, outcome.hops[0]?.status]).toEqual([path, 'reset', 200]);
  }
});

test('a GOAWAY lets what is under way end, and the next request has a new connection', async () => {
  const { base, sessions } = await http2Server((_, response) => setTimeout(() => response.end('x'), 200));
  const vu = vuFor(base, HTTP2);
  const first = ask(vu, base);
  while (sessions.length === 0) await pause(5);
  await pause(50);
  sessions[0]?.goaway(0);
  expect((await first).status).toBe(200);
  expect((await ask(vu, base)).status).toBe(200);
  expect(sessions).toHaveLength(2);
});

test('a GOAWAY with an error is named in the requests that it ends', async () => {
  const { base, sessions } = await http2Server(() => undefined);
  const request = ask(vuFor(base, HTTP2), base);
  while (sessions.length === 0) await pause(5);
  await pause(50);
  sessions[0]?.goaway(11);
  const outcome = await request;
  expect(outcome).toMatchObject({ kind: 'reset', errorCode: 1622 });
  expect(outcome.error).toContain('ENHANCE_YOUR_CALM');
});

test('a request that ends by its limit gives up its stream alone: the other one on the connection goes on', async () => {
  const { base, sessions } = await http2Server((request, response) => {
    if (request.url === '/slow') setTimeout(() => response.end('x'), 400);
  });
  const vu = vuFor(base, HTTP2);
  const [never, slow] = await Promise.all([ask(vu, `${base}/never`, { timeoutUs: 100_000 }), ask(vu, `${base}/slow`)]);
  expect([never.kind, slow.status, sessions.length]).toEqual(['timeout', 200, 1]);
  expect((await ask(vu, `${base}/slow`)).status).toBe(200);
  expect(sessions).toHaveLength(1);
});

test('a connection that is lost ends its requests; reuse: false gives each request its own', async () => {
  const begun = signal();
  const { base, sessions, sockets } = await http2Server((request, response) => {
    if (request.url === '/lost') begun.resolve();
    else response.end('x');
  });
  const vu = vuFor(base, HTTP2);
  const lost = ask(vu, `${base}/lost`);
  await begun.promise;
  sockets[0]?.destroy();
  const { kind, error } = await lost;
  expect([kind, error]).toEqual(['reset', expect.stringContaining('the server closed the connection before the response was complete')]);
  expect((await ask(vu, base)).status).toBe(200);
  const before = sessions.length;
  const fresh = vuFor(base, { ...HTTP2, keepAlive: { reuses: false } });
  for (let i = 0; i < 3; i++) expect((await ask(fresh, base)).status).toBe(200);
  expect(sessions.length - before).toBe(3);
});

test('plain http through a proxy is no way for HTTP/2, and is a failure that says so', async () => {
  const { base } = await http2Server((_, response) => void response.end('x'));
  const proxy = await rawServer((socket) => socket.end());
  const outcome = await ask(vuFor(base, { ...HTTP2, proxy: { http: { url: proxy.base }, bypass: [] } }), base);
  expect(outcome).toMatchObject({ kind: 'connect-failed', status: 0 });
  expect(outcome.error).toContain('a proxy passes on what is plain http in HTTP/1.1 alone');
});

test('headers that HTTP/2 cannot have fail their request, and the connection is none the worse for it', async () => {
  const { base, sessions } = await http2Server((_, response) => void response.end('x'));
  const vu = vuFor(base, HTTP2);
  const statuses: number[] = [];
  for (const headers of [[], [':path', '/other'], []]) statuses.push((await ask(vu, base, { headers })).status);
  expect([statuses, sessions.length]).toEqual([[200, 0, 200], 1]);
});

/** Answers GET; a POST makes it end the connection. */
async function endingServer(how: 'socket' | 'GOAWAY') {
  const server = await http2Server((request, response) => {
    if (request.url === '/slow') return;
    if (request.method === 'GET' && request.url !== '/end') response.end('ok');
    else if (how === 'socket') server.sockets.at(-1)?.destroy();
    else {
      server.sessions.at(-1)?.goaway(0);
      server.sessions.at(-1)?.destroy();
    }
  });
  return server;
}

test.each(['socket', 'GOAWAY'] as const)(
  'a POST whose connection the server ends (%s) after a second of idleness says so, and what to set',
  async (how) => {
    const { base } = await endingServer(how);
    const vu = vuFor(base, HTTP2);
    await ask(vu, base);
    await pause(1_100);
    const outcome = await ask(vu, base, { method: 'POST', body: 'abc' });
    expect(outcome).toMatchObject({ kind: 'reset', errorCode: 1220 });
    expect(outcome.error).toMatch(IDLE_WORDS);
  },
);

test('a connection that had another stream under way was not idle', async () => {
  const { base } = await endingServer('socket');
  const vu = vuFor(base, HTTP2);
  await ask(vu, base);
  const slow = ask(vu, `${base}/slow`, { method: 'POST', body: 'abc' });
  await pause(1_100);
  const { error } = await ask(vu, base, { method: 'POST', body: 'abc' });
  expect([error, (await slow).error].join()).not.toContain('idle');
});

test('a GET on a connection that the server ends goes out once more, as with HTTP/1.1; the second time it is a failure', async () => {
  const { base, seen, sessions } = await endingServer('socket');
  const vu = vuFor(base, HTTP2);
  await ask(vu, base);
  expect(await ask(vu, `${base}/end`)).toMatchObject({ kind: 'reset', errorCode: 1220 });
  expect([seen.streams, sessions.length]).toEqual([3, 2]);
});
