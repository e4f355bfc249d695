import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ask, httpServer, rawServer, vuFor } from '../servers.ts';

const OWN = { httpClient: 'own' } as const;
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const GO_ON = 'HTTP/1.1 100 Continue\r\n\r\n';
const LONG_US = 30_000_000;

interface Seen {
  /** Heads of requests, by connection. */
  readonly heads: [connection: number, head: string][];
  /** Of bodies. */
  bytes: number;
}

/** Answers the head of a request by what the test does, and then a whole body by 200. */
async function askedFirst(onHead: (socket: Socket) => unknown, bodyBytes: number): Promise<{ base: string; seen: Seen }> {
  const seen: Seen = { heads: [], bytes: 0 };
  let connections = 0;
  const { base } = await rawServer((socket) => {
    const connection = ++connections;
    socket.setNoDelay();
    let head = '';
    let left = 0;
    let said: unknown;
    socket.on('data', (chunk) => {
      let body = chunk.length;
      if (left === 0) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        seen.heads.push([connection, head.slice(0, end)]);
        body = head.length - end - 4;
        left = head.startsWith('POST') ? bodyBytes : 0;
        const isAsked = /^expect: 100-continue$/im.test(head);
        head = '';
        if (left === 0) socket.write(OK);
        else if (isAsked) said = onHead(socket);
      }
      seen.bytes += body;
      if (left > 0 && body > 0) {
        left -= body;
        if (left === 0) void Promise.resolve(said).then(() => socket.write(OK));
      }
    });
  });
  return { base, seen };
}

test.each([
  ['a text', 'abc'],
  ['one buffer', Buffer.alloc(3_000_000, 'x')],
  ['parts', [Buffer.from('head'), Buffer.alloc(2_000_000, 'x'), Buffer.from('tail')]],
])('%s goes out when the 100 has come, and not before; the connection carries the next upload', async (_, body) => {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body.length : body.reduce((sum, { length }) => sum + length, 0);
  const before: number[] = [];
  const { base, seen } = await askedFirst((socket) => {
    setTimeout(() => {
      before.push(seen.bytes);
      socket.write(GO_ON);
    }, 30);
  }, bytes);
  const vu = vuFor(base, OWN);
  for (let i = 1; i <= 2; i++) {
    const outcome = await ask(vu, base, { method: 'POST', body, continueUs: LONG_US });
    expect([outcome.status, outcome.body?.toString()]).toEqual([200, 'ok']);
    expect(outcome.hops[0]?.sendingUs).toBeGreaterThan(20_000);
    expect(outcome.hops[0]?.bytesSent).toBe((seen.heads[i - 1]?.[1].length ?? 0) + 4 + bytes);
    expect(seen.bytes).toBe(i * bytes);
  }
  expect(before).toEqual([0, bytes]);
  expect(seen.heads.map(([connection, head]) => [connection, /^expect: (.*)$/im.exec(head)?.[1]])).toEqual([
    [1, '100-continue'],
    [1, '100-continue'],
  ]);
});

/** What a server says to the head of an upload, and what becomes of it: status and body, what came of the upload, which connection the next request has. */
const CASES: readonly (readonly [name: string, says: string, outcome: string])[] = [
  ['100', GO_ON, '200 ok, 3 bytes, 1'],
  ['100 without a reason', 'HTTP/1.1 100\r\n\r\n', '200 ok, 3 bytes, 1'],
  ['100 of bare LF', 'HTTP/1.1 100 Continue\n\n', '200 ok, 3 bytes, 1'],
  ['100 with headers', 'HTTP/1.1 100 Continue\r\nserver: a\r\ncontent-length: 7\r\n\r\n', '200 ok, 3 bytes, 1'],
  ['100 twice', GO_ON + GO_ON, '200 ok, 3 bytes, 1'],
  ['102, then 100', `HTTP/1.1 102 Processing\r\n\r\n${GO_ON}`, '200 ok, 3 bytes, 1'],
  ['103, then 100', `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${GO_ON}`, '200 ok, 3 bytes, 1'],
  ['417', 'HTTP/1.1 417 Expectation Failed\r\ncontent-length: 2\r\n\r\nno', '417 no, 0 bytes, 2'],
  ['413', 'HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno', '413 no, 0 bytes, 2'],
  ['413 in chunks', 'HTTP/1.1 413 Too Large\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n', '413 no, 0 bytes, 2'],
  ['401 without a body', 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n', '401 , 0 bytes, 2'],
  ['103, then 413', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno', '413 no, 0 bytes, 2'],
  ['200 at once', OK, '200 ok, 0 bytes, 2'],
  ['no HTTP', 'hello\r\n\r\n', 'bad-response, 0 bytes, 2'],
];

test.each(CASES.map(([name, says, expected]) => ({ name, says, expected })))(
  'to the head of an upload $name: $expected, wherever it is split',
  async ({ says, expected }) => {
    const steps = Math.max(1, Math.ceil(says.length / 40)); // all places of a short one, forty of a long one
    for (let at = 0; at < says.length; at += steps) {
      const { base, seen } = await askedFirst(async (socket) => {
        if (at > 0) socket.write(says.slice(0, at), 'latin1');
        await new Promise((resolve) => setTimeout(resolve, at > 0 ? 2 : 0));
        socket.write(says.slice(at), 'latin1');
      }, 3);
      const vu = vuFor(base, OWN);
      const outcome = await ask(vu, base, { method: 'POST', body: 'abc', continueUs: LONG_US });
      expect((await ask(vu, base)).status, 'the request after it').toBe(200);
      const what = outcome.kind === 'response' ? `${outcome.status} ${outcome.body?.toString() ?? ''}` : outcome.kind;
      expect(`${what}, ${seen.bytes} bytes, ${seen.heads.at(-1)?.[0]}`, `split at ${at}`).toBe(expected);
    }
  },
);

test('a server that says nothing gets the body after the time, and is asked again for the next one', async () => {
  const { base, seen } = await askedFirst(() => {}, 3);
  const vu = vuFor(base, OWN);
  for (let i = 0; i < 2; i++) {
    const outcome = await ask(vu, base, { method: 'POST', body: 'abc', continueUs: 50_000 });
    expect(outcome.status).toBe(200);
    expect(outcome.hops[0]?.sendingUs).toBeGreaterThan(40_000);
  }
  expect([seen.bytes, seen.heads.map(([connection]) => connection)]).toEqual([6, [1, 1]]);
});

test('a refusal that a reset follows at once is the answer; of the body nothing was sent', async () => {
  const { base, seen } = await askedFirst((socket) => {
    socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno', () => setTimeout(() => socket.resetAndDestroy(), 5));
  }, 3_000_000);
  const outcome = await ask(vuFor(base, OWN), base, { method: 'POST', body: Buffer.alloc(3_000_000), continueUs: LONG_US });
  expect([outcome.status, outcome.error, seen.bytes]).toEqual([413, '', 0]);
  expect(outcome.hops[0]?.bytesSent).toBe((seen.heads[0]?.[1].length ?? 0) + 4);
});

test('an upload that is cancelled while its body waits is a timeout, and its connection is closed', async () => {
  const { base, seen } = await askedFirst(() => {}, 3);
  const vu = vuFor(base, OWN);
  const outcome = await ask(vu, base, { method: 'POST', body: 'abc', continueUs: LONG_US, timeoutUs: 100_000 });
  expect(outcome).toMatchObject({ kind: 'timeout', errorCode: 1050 });
  expect([(await ask(vu, base)).status, seen.bytes, seen.heads.map(([connection]) => connection)]).toEqual([200, 0, [1, 2]]);
});

test('what has no body asks for nothing: a GET, an empty POST, and the GET that a redirect makes of a POST', async () => {
  const asked: [string, string | undefined][] = [];
  const { base, server } = await httpServer((request, response) => {
    asked.push([`${request.method} ${request.url}`, request.headers.expect]);
    if (request.url === '/moved') response.writeHead(303, { location: '/there' });
    request.resume().on('end', () => response.end());
  });
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    server.emit('request', request, response);
  });
  const vu = vuFor(base, OWN);
  await ask(vu, `${base}/get`, { continueUs: LONG_US });
  await ask(vu, `${base}/empty`, { method: 'POST', body: '', continueUs: LONG_US });
  await ask(vu, `${base}/moved`, { method: 'POST', body: 'abc', continueUs: LONG_US });
  expect(asked).toEqual([
    ['GET /get', undefined],
    ['POST /empty', undefined],
    ['POST /moved', '100-continue'],
    ['GET /there', undefined],
  ]);
});

test('a script’s own expect: 100-continue holds the body as well', async () => {
  const { base, seen } = await askedFirst((socket) => socket.write(GO_ON), 3);
  const outcome = await ask(vuFor(base, OWN), base, { method: 'POST', body: 'abc', headers: ['Expect', '100-Continue'] });
  expect([outcome.status, seen.bytes]).toEqual([200, 3]);
});
