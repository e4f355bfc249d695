import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../../runtime/core/records.ts';
import { ask, rawServer, signal, vuFor } from '../servers.ts';

const BIG = Buffer.alloc(9_000_000, 'x');
const PARTS = [Buffer.from('head'), BIG, Buffer.from('tail')];
const REFUSED = 'HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno';
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const OWN = { httpClient: 'own' } as const;

/** Answers a POST at once and reads no further; a GET is answered as usual. @param after - what becomes of the connection then */
const refusing = (after: (socket: Socket) => void, seen: string[] = []) => {
  let connections = 0;
  return (socket: Socket): void => {
    const connection = ++connections;
    socket.once('data', (chunk) => {
      const method = chunk.toString('latin1', 0, 4).trim();
      seen.push(`${connection}:${method}`);
      if (method === 'GET') {
        socket.write(OK);
        return;
      }
      socket.pause();
      socket.write(REFUSED, () => after(socket));
    });
  };
};

test.each([
  ['one buffer', BIG],
  ['parts', PARTS],
])(
  '9 MB as %s to a server that answers 413 at once and reads no further: 413, sending ends there, the GET after it is a 200 on a new connection',
  async (_, body) => {
    const seen: string[] = [];
    const { base } = await rawServer(refusing(() => {}, seen));
    const vu = vuFor(base, OWN);
    const refused = await ask(vu, base, { method: 'POST', body });
    expect([refused.kind, refused.status, refused.body?.toString()]).toEqual(['response', 413, 'no']);
    expect(refused.hops[0]?.waitingUs).toBe(0);
    expect((await ask(vu, base)).status).toBe(200);
    expect(seen).toEqual(['1:POST', '2:GET']);
  },
);

test('of a body that is refused half-way the rest is not sent, though the server goes on reading', async () => {
  let bytes = 0;
  const closed = signal();
  const { base } = await rawServer((socket) => {
    socket.on('close', () => closed.resolve());
    socket.on('data', (chunk) => {
      if (bytes === 0) socket.write(REFUSED);
      bytes += chunk.length;
    });
  });
  const body = Buffer.alloc(64_000_000, 'x');
  expect((await ask(vuFor(base, OWN), base, { method: 'POST', body })).status).toBe(413);
  await closed.promise;
  expect(bytes).toBeLessThan(body.length);
});

test.each([0, 1, 5, 20])('an answer that a reset follows after %i ms is the answer, in 10 uploads of 9 MB', async (afterMs) => {
  const { base } = await rawServer(refusing((socket) => setTimeout(() => socket.resetAndDestroy(), afterMs)));
  const vu = vuFor(base, OWN);
  const outcomes: HttpOutcome[] = [];
  for (let i = 0; i < 10; i++) outcomes.push(await ask(vu, base, { method: 'POST', body: BIG }));
  expect(outcomes.map(({ status, error }) => [status, error])).toEqual(Array(10).fill([413, '']));
});

test('an upload that is reset without an answer says that it was being sent', async () => {
  const { base } = await rawServer((socket) => {
    socket.once('data', () => {
      socket.pause();
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
  });
  const outcome = await ask(vuFor(base, OWN), base, { method: 'POST', body: BIG });
  expect(outcome).toMatchObject({ kind: 'reset', status: 0 });
  expect(outcome.hops[0]?.bytesSent).toBeGreaterThan(0);
});

test('a large body that the server reads slowly arrives whole: 5 MB in one buffer and in 40 parts of all sizes', async () => {
  const bodies = [Buffer.alloc(5_000_000, 'y'), Array.from({ length: 40 }, (_, i) => Buffer.alloc(i * i * 160, String(i % 10)))];
  for (const body of bodies) {
    const whole = Buffer.isBuffer(body) ? body : Buffer.concat(body);
    const chunks: Buffer[] = [];
    let bytes = 0;
    const { base } = await rawServer((socket) =>
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        bytes += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 1);
        if (bytes >= whole.length + (Buffer.concat(chunks.slice(0, 2)).indexOf('\r\n\r\n') + 4)) socket.write(OK);
      }),
    );
    const outcome = await ask(vuFor(base, OWN), base, { method: 'POST', body });
    const sent = Buffer.concat(chunks);
    expect(outcome.status).toBe(200);
    expect(sent.subarray(sent.indexOf('\r\n\r\n') + 4).equals(whole)).toBe(true);
    expect(outcome.hops[0]?.bytesSent).toBe(sent.length);
  }
});

test.each([100_000, 1_000_000, 5_000_000])(
  'an answer of %i bytes is the same with a length, in chunks and to the end of the connection',
  async (bytes) => {
    const text = Buffer.from(Array.from({ length: bytes }, (_, i) => i % 251));
    const size = bytes.toString(16);
    const { base } = await rawServer((socket) =>
      socket.on('data', (request) => {
        const path = request.toString().split(' ')[1];
        if (path === '/length') socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n`);
        else if (path === '/chunks') socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size}\r\n`);
        else socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.write(text);
        if (path === '/chunks') socket.write('\r\n0\r\n\r\n');
        if (path === '/close') socket.end();
      }),
    );
    const vu = vuFor(base, OWN);
    for (const path of ['/length', '/chunks', '/length', '/close']) {
      const outcome = await ask(vu, `${base}${path}`);
      expect(outcome.body?.equals(text), path).toBe(true);
      expect(outcome.hops[0]?.bytesReceived).toBeGreaterThan(bytes);
    }
    const counted = await ask(vu, `${base}/length`, { keepsBody: false });
    expect([counted.body, counted.bodyBytes]).toEqual([undefined, bytes]);
  },
);
