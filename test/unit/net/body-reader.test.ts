import { expect, test } from 'vitest';
import type { EnvironmentPlan } from '../../../runtime/core/plan.ts';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import type { BegunAnswer } from '../../../runtime/net/body-reader.ts';
import type { RequestHandle } from '../../../runtime/net/http-request.ts';
import type { VuHttp } from '../../../runtime/net/vu-http.ts';
import { HTTP2, http2Server } from './http2/http2-server.ts';
import { ask, httpServer, rawServer, requestOf, vuFor } from './servers.ts';

/** What a reader was given of one answer. */
class Pieces {
  readonly texts: string[] = [];
  readonly timesUs: number[] = [];
  head: BegunAnswer | undefined;
  handle: RequestHandle | undefined;
  onPiece: () => void = () => undefined;

  onHead(answer: BegunAnswer): void {
    this.head = answer;
  }

  onBytes(bytes: Buffer, from: number, to: number, atUs: number): void {
    this.texts.push(bytes.toString('latin1', from, to));
    this.timesUs.push(atUs);
    this.onPiece();
  }

  get text(): string {
    return this.texts.join('');
  }
}

function read(vu: VuHttp, url: string, pieces: Pieces): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    pieces.handle = vu.request(requestOf(url, { reader: pieces }), resolve);
  });
}

const CLIENTS: [string, Partial<EnvironmentPlan>][] = [
  ['our own client', {}],
  ['undici', { httpClient: 'undici' }],
];

test.each(CLIENTS)(
  '%s: the body of a 200 goes to its reader with the moments of its reads, and its connection is used again',
  async (_, changes) => {
    let connections = 0;
    const { base, server } = await httpServer((_request, response) => {
      response.write('one,');
      setTimeout(() => response.end('two'), 30);
    });
    server.on('connection', () => connections++);
    const vu = vuFor(base, changes);
    const pieces = new Pieces();
    const outcome = await read(vu, base, pieces);
    expect(outcome).toMatchObject({ kind: 'response', status: 200, body: undefined, bodyBytes: 7 });
    expect([pieces.text, pieces.head?.status]).toEqual(['one,two', 200]);
    const [firstUs = 0, lastUs = 0] = [pieces.timesUs[0], pieces.timesUs.at(-1)];
    expect(firstUs).toBeGreaterThanOrEqual(pieces.head?.firstByteAtUs ?? Number.NaN);
    expect(lastUs).toBeGreaterThan(firstUs);
    expect(lastUs).toBeLessThanOrEqual(outcome.endedAtUs);
    await ask(vu, base);
    expect(connections).toBe(1);
  },
);

test.each(CLIENTS)('%s: the body of an answer that is no success is kept as ever', async (_, changes) => {
  const { base } = await httpServer((request, response) => {
    response.writeHead(request.url === '/away' ? 302 : 503, { location: '/busy' });
    response.end('busy');
  });
  const pieces = new Pieces();
  const outcome = await read(vuFor(base, changes), `${base}/away`, pieces);
  expect([outcome.status, String(outcome.body), pieces.head, pieces.texts]).toEqual([503, 'busy', undefined, []]);
});

test.each(CLIENTS)('%s: a reader that hangs up from within ends a response, and the next request dials', async (_, changes) => {
  let connections = 0;
  const { base, server } = await httpServer((request, response) => void (request.url === '/' ? response.end() : response.write('endless')));
  server.on('connection', () => connections++);
  const vu = vuFor(base, changes);
  const pieces = new Pieces();
  pieces.onPiece = () => pieces.handle?.hangUp();
  expect(await read(vu, `${base}/stream`, pieces)).toMatchObject({ kind: 'response', status: 200, error: '', bodyBytes: 7 });
  pieces.handle?.hangUp(); // once more is nothing
  await ask(vu, base);
  expect(connections).toBe(2);
});

test.each(CLIENTS)('%s: a reader that finds a fault ends the request with it', async (_, changes) => {
  const { base } = await httpServer((_request, response) => void response.write('nonsense'));
  const pieces = new Pieces();
  pieces.onPiece = () => pieces.handle?.fail({ kind: 'bad-response', errorCode: 1000, error: 'no event' });
  expect(await read(vuFor(base, changes), base, pieces)).toMatchObject({ kind: 'bad-response', errorCode: 1000, error: 'no event' });
});

test('chunks that one read brings have one moment, those of the next a later one', async () => {
  const { base } = await rawServer((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n');
      setTimeout(() => socket.write('1\r\nc\r\n0\r\n\r\n'), 30);
    }),
  );
  const pieces = new Pieces();
  await read(vuFor(base, { httpClient: 'own' }), base, pieces);
  expect(pieces.texts).toEqual(['a', 'b', 'c']);
  const [a = 0, b = 0, c = 0] = pieces.timesUs;
  expect([b - a, c > b]).toEqual([0, true]);
});

test('a body with a length of megabytes comes in pieces, none of it is kept, and it has no limit', async () => {
  const { base } = await httpServer((_request, response) => void response.end(Buffer.alloc(3_000_000, 'x')));
  const pieces = new Pieces();
  const vu = vuFor(base, {}, { bodyBytesMax: 1_000_000, budgetBytes: 1_000_000 });
  expect(await read(vu, base, pieces)).toMatchObject({ kind: 'response', bodyBytes: 3_000_000, body: undefined });
  expect(pieces.text).toBe('x'.repeat(3_000_000));
});

test('HTTP/2 hands bodies over as well, and a reader that hangs up ends its stream alone', async () => {
  const { base, seen } = await http2Server((request, response) => {
    response.write('piece');
    if (request.url === '/whole') response.end();
  });
  const vu = vuFor(base, HTTP2);
  const whole = new Pieces();
  expect(await read(vu, `${base}/whole`, whole)).toMatchObject({ kind: 'response', status: 200 });
  const endless = new Pieces();
  endless.onPiece = () => endless.handle?.hangUp();
  expect(await read(vu, `${base}/endless`, endless)).toMatchObject({ kind: 'response', status: 200, bodyBytes: 5 });
  expect([whole.text, endless.text, seen.streams]).toEqual(['piece', 'piece', 2]);
});
