import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ask, httpServer, rawServer, vuFor } from '../servers.ts';

const OWN = { httpClient: 'own' } as const;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers each request with this text, then does what the test says; counts connections. */
async function counting(answer: string, after: (socket: Socket) => void = () => {}): Promise<{ base: string; connections: () => number }> {
  let connections = 0;
  const { base } = await rawServer((socket) => {
    connections++;
    socket.on('data', () => socket.write(answer, () => after(socket)));
  });
  return { base, connections: () => connections };
}

test('bytes on an idle connection that nobody asked for end it, and the next request is answered on a new one', async () => {
  const { base, connections } = await counting(OK, (socket) => setTimeout(() => socket.write('HTTP/1.1 408 Timeout\r\n\r\n'), 20));
  const vu = vuFor(base, OWN);
  await ask(vu, base);
  await pause(80);
  expect((await ask(vu, base, { method: 'POST', body: 'a' })).status).toBe(200);
  expect(connections()).toBe(2);
});

test('keep-alive: timeout=1 is heeded half a second before: after 600 ms a POST goes out on a new connection', async () => {
  const { base, connections } = await counting('HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok');
  const vu = vuFor(base, OWN);
  await ask(vu, base);
  await pause(600);
  expect((await ask(vu, base, { method: 'POST', body: 'a' })).status).toBe(200);
  expect(connections()).toBe(2);
});

test('connection: close of the script closes the connection, and goes out', async () => {
  const requests: string[] = [];
  let connections = 0;
  const { server, base } = await httpServer((request, response) => {
    requests.push(request.headers.connection ?? '');
    response.end('ok');
  });
  server.on('connection', () => connections++);
  const vu = vuFor(base, OWN);
  for (let i = 0; i < 2; i++) await ask(vu, base, { headers: ['Connection', 'close'] });
  expect([requests, connections]).toEqual([['close', 'close'], 2]);
});

test('content-length, transfer-encoding and expect of the script do not spoil a request: its own length goes out, host is the script’s', async () => {
  const { base } = await httpServer((request, response) => {
    const { host, expect: asked, 'content-length': length, 'transfer-encoding': coding } = request.headers;
    request.resume().on('end', () => response.end(JSON.stringify([host, length, coding, asked])));
  });
  const headers = ['Content-Length', '999', 'Transfer-Encoding', 'chunked', 'Expect', '100-continue', 'Host', 'other.test'];
  const outcome = await ask(vuFor(base, OWN), base, { method: 'POST', body: 'abc', headers });
  expect(outcome.status).toBe(200);
  expect(JSON.parse(outcome.body?.toString() ?? '')).toEqual(['other.test', '3', null, '100-continue']);
});

test.each([
  ['a header with a line break', { headers: ['x-a', 'b\r\nx-c: d'] }, 'invalid x-a header'],
  ['a header outside Latin-1', { headers: ['x-a', '猫'] }, 'invalid x-a header'],
  ['a name with a blank', { headers: ['x a', 'b'] }, 'invalid x a header'],
  ['a method with a line break', { method: 'GET / HTTP/1.1\r\nx' }, 'invalid request method'],
])('%s is refused before a byte is sent, on a new connection and on a kept one, which stays', async (_, changes, message) => {
  const { base, connections } = await counting(OK);
  const vu = vuFor(base, OWN);
  for (let i = 0; i < 2; i++) {
    const outcome = await ask(vu, base, changes);
    expect(outcome).toMatchObject({ kind: 'other', errorCode: 1000, status: 0 });
    expect(outcome.error).toContain(message);
    expect((await ask(vu, base)).status).toBe(200);
  }
  expect(connections()).toBe(1);
});

test('requests that differ in target, method, headers or body are told apart, however alike', async () => {
  const { base } = await httpServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.end([request.method, request.url, request.headers['x-a'] ?? '-', request.headers['content-length'] ?? '-', body].join(' '));
  });
  const vu = vuFor(base, OWN);
  const sent = async (path: string, changes = {}): Promise<string> => (await ask(vu, base + path, changes)).body?.toString() ?? '';
  for (let i = 0; i < 2; i++) {
    expect(await sent('/a')).toBe('GET /a - - ');
    expect(await sent('/b')).toBe('GET /b - - ');
    expect(await sent('/a', { method: 'DELETE' })).toBe('DELETE /a - - ');
    expect(await sent('/a', { method: 'POST' })).toBe('POST /a - 0 ');
    expect(await sent('/a', { method: 'POST', body: 'x' })).toBe('POST /a - 1 x');
    expect(await sent('/a', { method: 'POST', body: 'yz' })).toBe('POST /a - 2 yz');
    expect(await sent('/a', { headers: ['x-a', '1'] })).toBe('GET /a 1 - ');
    expect(await sent('/a', { headers: ['x-a', '2'] })).toBe('GET /a 2 - ');
  }
});

test('what is wrong with an answer is said, with what it began with', async () => {
  const { base } = await counting('ICY 200 OK\r\n\r\n');
  expect((await ask(vuFor(base, OWN), base)).error).toBe(
    `${base}: this is no answer of HTTP/1.1: it does not begin with "HTTP/1." (it began with "ICY 200 OK")`,
  );
  const { base: cut } = await counting('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', (socket) => socket.end());
  expect((await ask(vuFor(cut, OWN), cut)).error).toBe(
    `${cut}: the server closed the connection before the response was complete (5 bytes of the body did not come)`,
  );
});
