import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HopRequest } from '../../../../runtime/net/hop.ts';
import { type RequestText, RequestTexts } from '../../../../runtime/net/http1/request-text.ts';
import { hopHeaders } from '../../../../runtime/net/request-headers.ts';
import { targetOf } from '../../../../runtime/net/target.ts';
import { ask, httpServer, requestOf, vuFor } from '../servers.ts';

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('a body of 60 kB that comes again and again, between others and with other headers, arrives whole each time', async () => {
  const { base } = await httpServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(JSON.stringify({ digest: digestOf(Buffer.concat(chunks)), mark: request.headers['x-mark'] ?? '' }));
  });
  const vu = vuFor(base);
  const [one, two] = [Buffer.alloc(60_000, 'one'), Buffer.alloc(60_000, 'two')];
  const huge = Buffer.alloc(300_000, 'huge');
  const plan: readonly (readonly [Buffer, string])[] = [
    ...([one, one, one, two, one, two, two, two] as const).map((body) => [body, 'a'] as const),
    [two, 'b'],
    [two, 'b'],
    [two, 'b'],
    [huge, 'b'],
    [huge, 'b'],
    [huge, 'b'],
  ];
  for (const [body, mark] of plan) {
    const outcome = await ask(vu, base, { method: 'POST', body, headers: ['x-mark', mark] });
    expect(JSON.parse(outcome.body?.toString() ?? '')).toEqual({ digest: digestOf(body), mark });
    expect(outcome.hops[0]?.bytesSent).toBeGreaterThan(body.length);
  }
});

test('a request that comes again has the very headers of the last time, unless cookies, a redirect or a trace changed them', () => {
  const { shared } = vuFor('http://127.0.0.1:1');
  const target = shared.judged('http://127.0.0.1:1/a')?.target;
  if (target === undefined) throw new Error('no target');
  const request = requestOf('http://127.0.0.1:1/a', { headers: ['x-own', '1'] });
  const of = (more: { jarCookies?: string; isElsewhere?: boolean; hasLostBody?: boolean; trace?: string } = {}): string[] =>
    hopHeaders(request, {
      target,
      defaults: shared.headersFor(target),
      jarCookies: '',
      isElsewhere: false,
      hasLostBody: false,
      trace: '',
      ...more,
    });
  const first = of();
  expect(of()).toBe(first);
  expect(of({ jarCookies: 'a=1' })).toEqual([...first, 'cookie', 'a=1']);
  expect(of({ jarCookies: 'a=2' })).toEqual([...first, 'cookie', 'a=2']);
  expect(of({ trace: '00-x' })).toEqual([...first, 'traceparent', '00-x']);
  expect(of()).toEqual(first);
});

const MB = 1024 * 1024;

/** Requests of a worker: each URL is asked with a body of its own, 256 kB. */
function uploads() {
  const texts = new RequestTexts(true);
  const seen = new Map<string, { request: HopRequest; body: Buffer; text: RequestText | undefined }>();
  const post = (path: string): boolean => {
    const known = seen.get(path);
    const target = targetOf(`http://127.0.0.1:1${path}`);
    const made = known ?? {
      request: { target, method: 'POST', headers: [] } as unknown as HopRequest,
      body: Buffer.alloc(MB / 4),
      text: undefined,
    };
    const text = texts.of(made.request, made.body.length);
    seen.set(path, { ...made, text });
    return texts.joined(text, made.body) !== undefined;
  };
  const joinedBytes = (): number => [...seen.values()].reduce((sum, { text }) => sum + (text?.joined?.length ?? 0), 0);
  return { post, joinedBytes };
}

test.each([
  ['twice', 2, 200],
  ['four times', 4, 100], // what was in use is looked at twice before it goes
])('however many URLs come and are asked %s, at most 16 MiB are joined, and new ones go on to be', (_, times, wanted) => {
  const { post, joinedBytes } = uploads();
  let joined = 0;
  for (let n = 0; n < 200; n++) {
    const answers = Array.from({ length: times }, () => post(`/${n}`));
    if (answers.includes(true)) joined++;
    expect(joinedBytes()).toBeLessThanOrEqual(16 * MB + MB / 2);
  }
  expect(joined).toBeGreaterThanOrEqual(wanted);
});

test('URLs that are asked all the time stay joined while others come and go', () => {
  const { post } = uploads();
  const busy = ['/a', '/b', '/c'];
  for (const path of [...busy, ...busy]) post(path);
  const lost: string[] = [];
  for (let n = 0; n < 200; n++) {
    for (let times = 0; times < 3; times++) post(`/${n}`);
    lost.push(...busy.filter((path) => !post(path)));
  }
  expect(lost).toEqual([]);
});
