import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { ask, httpServer, requestOf, vuFor } from './servers.ts';

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Answers with what it was asked: method, path, headers and body as JSON. */
async function echoServer(): Promise<{ base: string; port: number; connections: () => number }> {
  let connections = 0;
  const { server, base, port } = await httpServer(async (request, response) => {
    const { method, url, headers } = request;
    const body = await textOf(request);
    response.end(JSON.stringify({ method, url, headers, body }));
  });
  server.on('connection', () => connections++);
  return { base, port, connections: () => connections };
}

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

const echoOf = (outcome: HttpOutcome): Echo => JSON.parse(outcome.body?.toString() ?? 'null') as Echo;

test('a GET brings status, headers in lower case, body, protocol, URL and one hop with bytes of both ways', async () => {
  const { base } = await httpServer((_, response) => response.writeHead(200, { 'X-Test': 'Ümlaut', 'content-length': 2 }).end('ok'));
  const outcome = await ask(vuFor(base), `${base}/a?b=1`);
  expect(outcome).toMatchObject({ kind: 'response', status: 200, errorCode: 0, error: '', url: `${base}/a?b=1`, protocol: 'HTTP/1.1' });
  expect(outcome.body?.toString()).toBe('ok');
  expect(outcome.headers.slice(0, 2)).toEqual(['x-test', 'Ümlaut']);
  expect(outcome.hops).toHaveLength(1);
  expect(outcome.hops[0]).toMatchObject({ method: 'GET', url: `${base}/a?b=1`, status: 200, errorCode: 0 });
  expect(outcome.hops[0]?.bytesSent).toBeGreaterThan(60);
  expect(outcome.hops[0]?.bytesReceived).toBeGreaterThan(40);
});

test('a 404 is a response with code 1404, and keeps its body', async () => {
  const { base } = await httpServer((_, response) => response.writeHead(404).end('gone'));
  const outcome = await ask(vuFor(base), base);
  expect(outcome).toMatchObject({ kind: 'response', status: 404, errorCode: 1404 });
  expect(outcome.body?.toString()).toBe('gone');
  expect(outcome.hops[0]?.errorCode).toBe(1404);
});

test('20 requests one after the other, GET, HEAD, GET with a body and DELETE among them, use 1 connection', async () => {
  const { base, connections } = await echoServer();
  const vu = vuFor(base);
  for (let i = 0; i < 5; i++) {
    expect((await ask(vu, base)).status).toBe(200);
    expect((await ask(vu, base, { method: 'HEAD' })).body).toBeUndefined();
    expect(echoOf(await ask(vu, base, { body: 'q' })).body).toBe('q');
    expect((await ask(vu, base, { method: 'DELETE' })).status).toBe(200);
  }
  expect(connections()).toBe(1);
});

test('the second request on a connection has no connecting time, and only its own bytes', async () => {
  const { base } = await echoServer();
  const vu = vuFor(base);
  const [first, second] = [(await ask(vu, base)).hops[0], (await ask(vu, base)).hops[0]];
  expect(first?.connectingUs).toBeGreaterThan(0);
  expect(first?.blockedUs).toBeGreaterThanOrEqual(first?.connectingUs ?? 0);
  expect(second?.connectingUs).toBe(0);
  expect(second?.bytesSent).toBe(first?.bytesSent);
  expect(second?.bytesReceived).toBe(first?.bytesReceived);
});

test('20 requests at once use 6 connections, all are answered, and the last waited for a connection', async () => {
  let connections = 0;
  const { server, base } = await httpServer((_, response) => setTimeout(() => response.end('ok'), 30));
  server.on('connection', () => connections++);
  const vu = vuFor(base);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(vu, base)));
  expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(20);
  expect(connections).toBe(6);
  expect(outcomes[19]?.hops[0]?.blockedUs).toBeGreaterThan(55_000); // three rounds went before it
});

test('two VUs have a connection each', async () => {
  const { base, connections } = await echoServer();
  await ask(vuFor(base), base);
  await ask(vuFor(base), base);
  expect(connections()).toBe(2);
});

test('a server that answers "connection: close" gets a new connection for each of 3 requests', async () => {
  let connections = 0;
  const { server, base } = await httpServer((_, response) => response.writeHead(200, { connection: 'close' }).end('ok'));
  server.on('connection', () => connections++);
  const vu = vuFor(base);
  for (let i = 0; i < 3; i++) expect((await ask(vu, base)).hops[0]?.connectingUs).toBeGreaterThan(0);
  expect(connections).toBe(3);
});

test('a request carries our defaults, over them the headers of the environment, over those its own', async () => {
  const { base } = await echoServer();
  const vu = vuFor(base, { headers: { 'X-Team': 'a', Accept: 'application/json' } });
  expect(echoOf(await ask(vu, base)).headers).toMatchObject({
    'user-agent': 'stressrun/0.2.0',
    'accept-encoding': 'gzip, deflate, br',
    accept: 'application/json',
    'x-team': 'a',
  });
  const own = echoOf(await ask(vu, base, { headers: ['X-TEAM', 'b', 'User-Agent', 'me'] })).headers;
  expect(own).toMatchObject({ 'user-agent': 'me', 'x-team': 'b', accept: 'application/json' });
});

test("authorization is the header's, else the request's, else the URL's, else the environment's; auth: false sends none", async () => {
  const { base, port } = await echoServer();
  const vu = vuFor(base, { auth: { kind: 'basic', user: 'env', password: 'pä' } });
  const sent = async (url: string, changes = {}): Promise<string | undefined> =>
    echoOf(await ask(vu, url, changes)).headers['authorization'];
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const inUrl = `http://us%40er:pass@127.0.0.1:${port}/`;
  expect(await sent(base)).toBe(basic('env:pä'));
  expect(await sent(inUrl)).toBe(basic('us@er:pass'));
  expect(await sent(inUrl, { auth: { kind: 'bearer', token: 't' } })).toBe('Bearer t');
  expect(await sent(inUrl, { auth: { kind: 'bearer', token: 't' }, headers: ['Authorization', 'Own x'] })).toBe('Own x');
  expect(await sent(base, { auth: false })).toBeUndefined();
  expect((await ask(vu, inUrl)).url).toBe(`http://127.0.0.1:${port}/`);
});

test('auth: false leaves out an authorization that the environment has among its headers, and no other header of it', async () => {
  const { base } = await echoServer();
  const vu = vuFor(base, { headers: { Authorization: 'Api key', 'X-Team': 'a' } });
  expect(echoOf(await ask(vu, base)).headers).toMatchObject({ authorization: 'Api key', 'x-team': 'a' });
  const { headers } = echoOf(await ask(vu, base, { auth: false }));
  expect([headers['authorization'], headers['x-team']]).toEqual([undefined, 'a']);
});

test('a body goes out as text, as one buffer, and as parts of 100 and of 200,000 bytes, each with its length', async () => {
  const { base, connections } = await echoServer();
  const vu = vuFor(base);
  const post = (body: string | Buffer | Buffer[]): Promise<HttpOutcome> => ask(vu, base, { method: 'POST', body });
  const parts = (bytes: number): Buffer[] => [Buffer.from('head'), Buffer.alloc(bytes, 'x'), Buffer.from('tail')];
  for (const body of ['täxt', Buffer.from('täxt'), parts(100), parts(200_000)]) {
    const whole = Array.isArray(body) ? Buffer.concat(body).toString() : body.toString();
    const echo = echoOf(await post(body));
    expect(echo.body).toBe(whole);
    expect(echo.headers['content-length']).toBe(String(Buffer.byteLength(whole)));
  }
  expect(echoOf(await post('')).headers['content-length']).toBe('0');
  expect(connections()).toBe(1);
});

test('keepsBody: false has no body but all its bytes counted, past the limit too', async () => {
  const { base } = await httpServer((_, response) => response.end(Buffer.alloc(300_000)));
  const outcome = await ask(vuFor(base, {}, { bodyBytesMax: 1000 }), base, { keepsBody: false });
  expect(outcome).toMatchObject({ kind: 'response', status: 200, body: undefined });
  expect(outcome.hops[0]?.bytesReceived).toBeGreaterThan(300_000);
});

test('a header that HTTP does not allow is an outcome of kind other that says so, and comes after request() has returned', async () => {
  const { base } = await echoServer();
  const vu = vuFor(base);
  const order: string[] = [];
  const outcome = await new Promise<HttpOutcome>((resolve) => {
    vu.request(requestOf(base, { headers: ['x', 'a\nb'] }), (done) => {
      order.push('done');
      resolve(done);
    });
    order.push('returned');
  });
  expect(order).toEqual(['returned', 'done']);
  expect(outcome).toMatchObject({ kind: 'other', errorCode: 1000, status: 0 });
  expect(outcome.error).toContain('invalid x header');
});

test('an informational 103 before the answer does not count as the answer', async () => {
  const { base } = await httpServer((_, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('ok');
  });
  const outcome = await ask(vuFor(base), base);
  expect(outcome.status).toBe(200);
  expect(outcome.headers).not.toContain('link');
});
