import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { isConnectionFailure } from '../../../runtime/net/back-off.ts';
import { ask, deadPort, httpServer, rawServer, requestOf, signal, vuFor } from './servers.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** Answers every request on a connection with this text, then does what the test says. */
const answering = (text: string, after: (socket: Socket) => void) => (socket: Socket) => {
  socket.on('data', () => socket.write(text, () => after(socket)));
};

test('a port on which nothing listens is connect-failed with 1212, in 3 requests in a row, and a reason to back off', async () => {
  const base = `http://127.0.0.1:${await deadPort()}`;
  const vu = vuFor(base);
  for (let i = 0; i < 3; i++) {
    const outcome = await ask(vu, base);
    expect(outcome).toMatchObject({ kind: 'connect-failed', errorCode: 1212, status: 0, protocol: '', body: undefined, headers: [] });
    expect(outcome.error).toMatch(/^http:\/\/127\.0\.0\.1:\d+: connection refused \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/);
    expect(outcome.hops).toHaveLength(1);
    expect(isConnectionFailure(outcome)).toBe(true);
  }
});

test('a name that does not exist is dns-failed', async () => {
  const outcome = await ask(vuFor('http://no-such-host.invalid'), 'http://no-such-host.invalid/');
  expect(outcome.kind).toBe('dns-failed');
  expect([1100, 1101]).toContain(outcome.errorCode); // a machine without a name server says EAI_AGAIN
});

test.each([
  [
    'a reset in mid-body',
    answering('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', (socket) => setTimeout(() => socket.resetAndDestroy(), 30)),
    'reset',
    1220,
  ],
  ['an end in mid-body', answering('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf', (socket) => socket.end()), 'reset', 1220],
  ['an end without an answer', (socket: Socket) => socket.on('data', () => socket.end()), 'reset', 1220],
  ['words that are no HTTP', answering('SSH-2.0-OpenSSH\r\n\r\n', () => {}), 'bad-response', 1000],
  ['headers of 1 MB', answering(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(1_000_000)}\r\n\r\n`, () => {}), 'bad-response', 1000],
])('%s is an outcome and the VU goes on', async (_, onSocket, kind, errorCode) => {
  let isBroken = true;
  const { base } = await rawServer((socket) => {
    if (isBroken) onSocket(socket);
    else answering(OK, () => {})(socket);
  });
  const vu = vuFor(base);
  const outcome = await ask(vu, base);
  expect(outcome).toMatchObject({ kind, errorCode, status: 0 });
  expect(outcome.error).not.toContain('\n');
  isBroken = false;
  expect((await ask(vu, base)).status).toBe(200);
});

test('no answer within 100 ms is a timeout with 1050 that names the limit, and its connection is closed', async () => {
  const closed = signal();
  const { base } = await rawServer((socket) => socket.resume().on('close', () => closed.resolve()));
  const outcome = await ask(vuFor(base), base, { timeoutUs: 100_000 });
  await closed.promise;
  expect(outcome).toMatchObject({ kind: 'timeout', errorCode: 1050, status: 0, error: `${base}: no complete response within 100ms` });
  const { blockedUs = 0, sendingUs = 0, waitingUs = 0 } = outcome.hops[0] ?? {};
  expect(waitingUs).toBeGreaterThan(0);
  expect(blockedUs + sendingUs + waitingUs).toBeGreaterThan(80_000); // of which the connection may have taken its part
  expect(isConnectionFailure(outcome)).toBe(false);
});

test('an answer that never ends is a timeout of the whole, not of a pause', async () => {
  const { base } = await httpServer((_, response) => {
    const timer = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(timer));
  });
  const outcome = await ask(vuFor(base), base, { timeoutUs: 1_500_000 });
  expect(outcome).toMatchObject({ kind: 'timeout', errorCode: 1050 });
  expect(outcome.hops[0]?.status).toBe(200);
  expect(outcome.hops[0]?.receivingUs).toBeGreaterThan(0);
});

test('of two requests the one with 100 ms times out, the one with 15 s is answered after 300 ms', async () => {
  const { base } = await httpServer((request, response) => setTimeout(() => response.end(request.url), 300));
  const vu = vuFor(base);
  const slow = ask(vu, `${base}/slow`);
  const hasty = ask(vu, `${base}/hasty`, { timeoutUs: 100_000 });
  expect((await hasty).kind).toBe('timeout');
  expect((await slow).body?.toString()).toBe('/slow');
});

test('a request with 100 ms that waits behind 6 others for a connection times out in the queue: blocked for all of it', async () => {
  const { base } = await rawServer((socket) => socket.resume());
  const vu = vuFor(base);
  for (let i = 0; i < 6; i++) void ask(vu, base);
  const outcome = await ask(vu, base, { timeoutUs: 100_000 });
  expect(outcome).toMatchObject({ kind: 'timeout', errorCode: 1050 });
  expect(outcome.hops[0]).toMatchObject({ sendingUs: 0, waitingUs: 0, receivingUs: 0, bytesSent: 0 });
  expect(outcome.hops[0]?.blockedUs).toBeGreaterThan(90_000);
});

test('an endless body past the limit of 1 MB is body-too-large, and its connection is closed', async () => {
  const closed = signal();
  const { base } = await rawServer((socket) => {
    socket.on('close', () => closed.resolve());
    socket.once('data', () => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', pour);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      pour();
    });
  });
  const outcome = await ask(vuFor(base, {}, { bodyBytesMax: 1_000_000 }), base);
  await closed.promise;
  expect(outcome).toMatchObject({ kind: 'body-too-large', body: undefined });
  expect(outcome.error).toContain('larger than the limit of 1000000 bytes');
});

test('4 endless bodies may be 1 MB each, but not over 2 MB together: all are body-too-large, and what they held is given back', async () => {
  const { base } = await rawServer((socket) => {
    socket.once('data', () => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', pour);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      pour();
    });
  });
  const vu = vuFor(base, {}, { bodyBytesMax: 1_000_000_000, budgetBytes: 2_000_000 });
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => ask(vu, base)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('body-too-large'));
  expect(outcomes[0]?.error).toContain('together are larger than the limit of 2000000 bytes');
  const { base: good } = await httpServer((_, response) => response.end(Buffer.alloc(1_900_000)));
  const next = vuFor(good, {}, { budgetBytes: 2_000_000 });
  for (let i = 0; i < 3; i++) expect((await ask(next, good)).body).toHaveLength(1_900_000);
});

test('abort() ends a request as interrupted once, and closes its connection', async () => {
  const closed = signal();
  const { base } = await rawServer((socket) => socket.resume().on('close', () => closed.resolve()));
  const outcomes: HttpOutcome[] = [];
  const handle = vuFor(base).request(requestOf(base), (outcome) => outcomes.push(outcome));
  await new Promise((resolve) => setTimeout(resolve, 30));
  handle.abort();
  handle.abort();
  await closed.promise;
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0]).toMatchObject({ kind: 'interrupted', errorCode: 0, status: 0 });
});

test('abort() in the same turn, before anything is dialled, is interrupted too', async () => {
  const { base } = await rawServer((socket) => socket.resume());
  const outcome = await new Promise<HttpOutcome>((resolve) => {
    vuFor(base).request(requestOf(base), resolve).abort();
  });
  expect(outcome.kind).toBe('interrupted');
});

test('abortAll() ends 8 requests of which 2 are queued, and begins none of those; the next one is answered', async () => {
  let asked = 0;
  const { base } = await httpServer((request, response) => {
    asked++;
    if (request.url === '/next') response.end('ok');
  });
  const vu = vuFor(base);
  const all = Promise.all(Array.from({ length: 8 }, () => ask(vu, base)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  vu.abortAll();
  expect((await all).map(({ kind }) => kind)).toEqual(Array(8).fill('interrupted'));
  expect((await ask(vu, `${base}/next`)).status).toBe(200);
  expect(asked).toBe(7);
});

/** Answers the first request of each connection; the first connection then closes at the second request, as a server does whose idle time has run out. */
const closingOnReuse = (requests: string[]) => {
  let connections = 0;
  return (socket: Socket): void => {
    const connection = ++connections;
    let served = 0;
    socket.on('data', (chunk) => {
      requests.push(`${connection}:${chunk.toString().split(' ', 1)[0]}`);
      if (connection === 1 && ++served === 2) socket.end();
      else socket.write(OK);
    });
  };
};

test('a kept connection that the server closes under the second GET: it goes out again on a fresh one, as 1 hop', async () => {
  const requests: string[] = [];
  const { base } = await rawServer(closingOnReuse(requests));
  const vu = vuFor(base);
  await ask(vu, base);
  const outcome = await ask(vu, base);
  expect(outcome).toMatchObject({ kind: 'response', status: 200 });
  expect(outcome.hops).toHaveLength(1);
  expect(outcome.hops[0]?.connectingUs).toBeGreaterThan(0);
  expect(requests).toEqual(['1:GET', '1:GET', '2:GET']);
});

test('a GET that was sent twice says so, and its bytes are those of both', async () => {
  const { base } = await rawServer(closingOnReuse([]));
  const vu = vuFor(base);
  const first = (await ask(vu, base)).hops[0];
  const second = (await ask(vu, base)).hops[0];
  expect([first?.isSentTwice, second?.isSentTwice]).toEqual([false, true]);
  expect(second?.bytesSent).toBe(2 * (first?.bytesSent ?? 0));
});

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s in the same place is not sent twice: reset', async (method) => {
  const requests: string[] = [];
  const { base } = await rawServer(closingOnReuse(requests));
  const vu = vuFor(base);
  await ask(vu, base, { method, body: 'a' });
  const outcome = await ask(vu, base, { method, body: 'a' });
  expect(outcome).toMatchObject({ kind: 'reset', errorCode: 1220 });
  expect(outcome.hops[0]?.isSentTwice).toBe(false);
  expect(requests).toEqual([`1:${method}`, `1:${method}`]);
});

test('an answer without a length is whole when the server closes in order, and a reset in the middle of it is a failure', async () => {
  const head = 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n';
  const { base } = await rawServer((socket) =>
    socket.once('data', (chunk) => {
      const isCut = chunk.toString().startsWith('GET /cut');
      socket.write(`${head}half of it`, () => setTimeout(() => (isCut ? socket.resetAndDestroy() : socket.end()), 30));
    }),
  );
  const vu = vuFor(base);
  const whole = await ask(vu, `${base}/whole`);
  expect([whole.kind, whole.status, whole.body?.toString()]).toEqual(['response', 200, 'half of it']);
  expect(await ask(vu, `${base}/cut`)).toMatchObject({ kind: 'reset', errorCode: 1220, status: 0, body: undefined });
  expect((await ask(vu, `${base}/whole`)).status).toBe(200); // the pool has a place for the next one
});

test.each([204, 304])('a %i with a content-length is an answer without a body, and the next request is answered', async (status) => {
  const { base } = await rawServer((socket) => socket.on('data', () => socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 5\r\n\r\n`)));
  const vu = vuFor(base);
  for (let i = 0; i < 8; i++) {
    const outcome = await ask(vu, base);
    expect(outcome).toMatchObject({ kind: 'response', status, errorCode: 0, error: '' });
    expect(outcome.body).toBeUndefined();
  }
});

test('a GET is repeated once, not for ever: a server that closes every connection at its second request gets 2 of it', async () => {
  const requests: string[] = [];
  let isAnswering = true;
  const { base } = await rawServer((socket) =>
    socket.on('data', () => {
      requests.push('GET');
      if (isAnswering) socket.write(OK);
      else socket.end();
    }),
  );
  const vu = vuFor(base);
  await ask(vu, base);
  isAnswering = false;
  expect(await ask(vu, base)).toMatchObject({ kind: 'reset', errorCode: 1220 });
  expect(requests).toHaveLength(3);
});

test('a kept connection that the server closed while it was idle costs a POST nothing but a new one', async () => {
  const { base } = await rawServer((socket) => socket.on('data', () => socket.write(OK, () => setTimeout(() => socket.end(), 20))));
  const vu = vuFor(base);
  await ask(vu, base, { method: 'POST', body: 'a' });
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect((await ask(vu, base, { method: 'POST', body: 'a' })).status).toBe(200);
});

test('close() ends what is under way and closes idle connections', async () => {
  const closed = signal();
  const { base } = await rawServer((socket) => {
    answering(OK, () => {})(socket);
    socket.on('close', () => closed.resolve());
  });
  const vu = vuFor(base);
  await ask(vu, base);
  vu.close();
  await closed.promise;
});

test('max_body_bytes of the environment is the limit of a body, and the failure names it; one byte less is an answer', async () => {
  const { base } = await rawServer((socket) =>
    socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n${'x'.repeat(2000)}`)),
  );
  expect((await ask(vuFor(base, { bodyBytesMax: 2_000 }), base)).body?.length).toBe(2_000);
  expect((await ask(vuFor(base, { bodyBytesMax: 1_999 }), base)).error).toContain(
    'the body is larger than the limit of 1999 bytes (max_body_bytes of the environment',
  );
});
