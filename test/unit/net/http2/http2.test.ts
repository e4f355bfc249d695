import { createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { HttpHop } from '../../../../runtime/core/records.ts';
import { ask, listening, vuFor } from '../servers.ts';
import { HTTP2, http2Server, readAll } from './http2-server.ts';

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
