import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import { createServer as createHttps } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { HttpHop } from '../../../../runtime/core/records.ts';
import { ask, listening, rawServer, signal, vuFor } from '../servers.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), 'utf8');
const [cert, key] = [fixture('localhost-cert.pem'), fixture('localhost-key.pem')];
const HTTP2 = { http2: { streamsMax: 100, connectionsMax: 1 } };

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A server of HTTP/2 without TLS, what it has seen, and its connections. */
async function http2Server(listener: Listener, settings: Settings = {}) {
  const sessions: ServerHttp2Session[] = [];
  const seen = { most: 0, now: 0, streams: 0 };
  const server = createServer({ settings, maxSessionMemory: 10_000 }, listener);
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream: ServerHttp2Stream) => {
    seen.streams++;
    seen.now++;
    seen.most = Math.max(seen.most, seen.now);
    stream.on('error', () => undefined);
    stream.on('close', () => seen.now--);
  });
  return { base: `http://127.0.0.1:${await listening(server as never)}`, sessions, sockets, seen };
}

const readAll = async (request: Http2ServerRequest): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

test('a GET on a server of HTTP/2: method, authority, path and headers arrive, status, headers, cookies and body come back', async () => {
  const { base } = await http2Server((request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('x-name', 'yes');
    response.end(
      JSON.stringify({ method: request.method, path: request.url, authority: request.authority, mine: request.headers['x-mine'] }),
    );
  });
  const outcome = await ask(vuFor(base, HTTP2), `${base}/a?b=c`, { headers: ['X-Mine', 'yes', 'connection', 'close'] });
  expect(outcome).toMatchObject({ kind: 'response', status: 200 });
  expect(JSON.parse(String(outcome.body))).toEqual({ method: 'GET', path: '/a?b=c', authority: base.slice('http://'.length), mine: 'yes' });
  const values = (name: string): string[] => outcome.headers.filter((_, i) => outcome.headers[i - 1] === name && i % 2 === 1);
  expect([values('set-cookie'), values('x-name')]).toEqual([['a=1', 'b=2'], ['yes']]);
});

test('phases of a stream: 300 ms until the answer begins are waiting, 200 ms of its body receiving; the connection is dialled once', async () => {
  const { base, sessions } = await http2Server((_, response) => {
    setTimeout(() => {
      response.write('a');
      setTimeout(() => response.end('b'), 200);
    }, 300);
  });
  const vu = vuFor(base, HTTP2);
  const [first, second] = [await ask(vu, base), await ask(vu, base)].map(({ hops }) => hops[0] as HttpHop) as [HttpHop, HttpHop];
  for (const hop of [first, second]) {
    expect(hop.waitingUs).toBeGreaterThan(290_000);
    expect(hop.receivingUs).toBeGreaterThan(190_000);
    expect(hop.bytesReceived).toBeGreaterThan(2);
  }
  expect(first.connectingUs).toBeGreaterThan(0);
  expect([second.connectingUs, second.blockedUs < 100_000]).toEqual([0, true]);
  expect(sessions).toHaveLength(1);
});

test('an upload of 5 MB in parts arrives whole with its length; to a server that reads nothing for 500 ms sending takes it', async () => {
  const parts = [Buffer.alloc(2_000_000, 'a'), Buffer.alloc(3_000_000, 'b')];
  const { base } = await http2Server(async (request, response) => {
    await pause(500);
    const body = await readAll(request);
    response.end(`${request.headers['content-length']} ${body.length} ${body.equals(Buffer.concat(parts))}`);
  });
  const outcome = await ask(vuFor(base, HTTP2), base, { method: 'POST', body: parts });
  expect(String(outcome.body)).toBe('5000000 5000000 true');
  expect(outcome.hops[0]?.sendingUs).toBeGreaterThan(400_000);
  expect(outcome.hops[0]?.bytesSent).toBeGreaterThan(5_000_000);
});

test('20 requests at once go on one connection; with 4 streams the others wait, and that is blocked', async () => {
  const { base, sessions, seen } = await http2Server((_, response) => setTimeout(() => response.end('x'), 100));
  const vu = vuFor(base, { http2: { streamsMax: 4, connectionsMax: 1 } });
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(vu, base)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect([sessions.length, seen.most]).toEqual([1, 4]);
  expect(Math.max(...outcomes.map(({ hops }) => hops[0]?.blockedUs ?? 0))).toBeGreaterThan(390_000);
});

test('a server that allows 2 streams is heeded; 3 connections of a user have their streams spread over them', async () => {
  const { base, seen } = await http2Server((_, response) => setTimeout(() => response.end('x'), 50), { maxConcurrentStreams: 2 });
  const vu = vuFor(base, HTTP2);
  await ask(vu, base); // its settings are known from now on
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => ask(vu, base)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(seen.most).toBe(2);
  const spread = await http2Server((_, response) => setTimeout(() => response.end('x'), 50));
  const other = vuFor(spread.base, { http2: { streamsMax: 2, connectionsMax: 3 } });
  await Promise.all(Array.from({ length: 6 }, () => ask(other, spread.base)));
  expect([spread.sessions.length, spread.seen.most]).toEqual([3, 6]);
});

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

test('20 answers of 20 MB at once come whole, and a HEAD, a 204 and a 304 have no body', async () => {
  const big = Buffer.alloc(20_000_000, 7);
  const { base } = await http2Server((request, response) => {
    if (request.url === '/big') response.end(big);
    else {
      response.writeHead(Number(request.url.slice(1)), request.method === 'HEAD' ? { 'content-length': '1000' } : {});
      response.end();
    }
  });
  const vu = vuFor(base, HTTP2);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(vu, `${base}/big`)));
  expect(outcomes.map(({ body }) => body?.equals(big))).toEqual(Array(20).fill(true));
  const empty = await Promise.all([ask(vu, `${base}/200`, { method: 'HEAD' }), ask(vu, `${base}/204`), ask(vu, `${base}/304`)]);
  expect(empty.map(({ status, body }) => [status, body?.length ?? 0])).toEqual([
    [200, 0],
    [204, 0],
    [304, 0],
  ]);
});

test('expect: 100-continue holds the body until the server wants it; one that refuses gets not a byte of it', async () => {
  const bodies: number[] = [];
  const server = createServer((request, response) => void readAll(request).then((body) => response.end(String(body.length))));
  server.on('checkContinue', (request: Http2ServerRequest, response: Http2ServerResponse) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.length));
    if (request.url === '/refused') {
      response.writeHead(417);
      response.end();
      return;
    }
    setTimeout(() => {
      expect(bodies).toEqual([]);
      response.writeContinue();
      request.on('end', () => response.end(String(bodies.reduce((sum, bytes) => sum + bytes, 0))));
    }, 100);
  });
  const base = `http://127.0.0.1:${await listening(server as never)}`;
  const vu = vuFor(base, HTTP2);
  const asked = { method: 'POST', body: Buffer.alloc(100_000), continueUs: 5_000_000 };
  expect((await ask(vu, `${base}/refused`, asked)).status).toBe(417);
  expect(bodies).toEqual([]);
  expect(String((await ask(vu, `${base}/wanted`, asked)).body)).toBe('100000');
  expect(String((await ask(vu, base, { headers: ['expect', '100-continue'] })).body)).toBe('0');
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

test('an answer before the request is through counts, and the rest of the request is not sent', async () => {
  const { base } = await http2Server((_, response) => {
    response.writeHead(413);
    response.end('too large');
  });
  const vu = vuFor(base, HTTP2);
  const outcome = await ask(vu, base, { method: 'POST', body: Buffer.alloc(30_000_000) });
  expect([outcome.status, String(outcome.body)]).toEqual([413, 'too large']);
  expect(outcome.hops[0]?.bytesSent).toBeLessThan(20_000_000);
});
