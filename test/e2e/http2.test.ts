import { readFileSync } from 'node:fs';
import { createSecureServer, createServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

/** What a server of HTTP/2 has seen. */
async function http2Target(isTls: boolean) {
  const seen = { sessions: 0, gets: 0, uploadBytes: 0, uploads: 0, versions: new Set<string>() };
  const listener = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    seen.versions.add(request.httpVersion);
    if (request.method === 'GET') seen.gets++;
    else seen.uploads++;
    request.on('data', (chunk: Buffer) => {
      seen.uploadBytes += chunk.length;
    });
    request.on('end', () => response.end('{"detections":[]}'));
  };
  const server = isTls
    ? createSecureServer({ cert: fixture('localhost-cert.pem'), key: fixture('localhost-key.pem') }, listener)
    : createServer(listener);
  server.on('session', () => seen.sessions++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { seen, base: `${isTls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const SCRIPT = `import { http, image } from 'stressrun';
const photos = image.pool({ width: 320, height: 240, variants: 1 });
export default async () => {
  await http.batch(['/a', '/b', '/c', '/d', '/e', '/f', '/g', '/h']);
  await http.post('/predict', { multipart: { file: photos.next() } });
};`;

test.each([
  ['with prior knowledge', false, ''],
  ['by ALPN over TLS', true, ', tls: { ca: ca.pem }'],
])(
  'http_version: 2 %s: the target sees every request in HTTP/2, on one connection of each user and one of the health check',
  async (_, isTls, tls) => {
    const { seen, base } = await http2Target(isTls);
    const { at } = project({
      'ca.pem': fixture('localhost-cert.pem'),
      'config.yaml': `environments: { t: { base_url: "${base}", http_version: 2${tls} } }\nwarm_up: { requests: 0 }\nhealth_check: { expect: {} }\n`,
      'a.ts': SCRIPT,
    });
    const { run } = await load([at('a.ts'), '--env', 't', '-u', '3', '--iterations', '12', '--on-inconclusive', 'warn']);
    expect([...seen.versions]).toEqual(['2.0']);
    expect([seen.gets, seen.uploads, seen.sessions]).toEqual([12 * 8 + 1, 12, 3 + 1]);
    expect(seen.uploadBytes).toBeGreaterThan(12 * 1_000);
    const all = run.requests.at(-1);
    expect([all?.count, all?.failed]).toEqual([12 * 9, 0]);
  },
);

test.each([
  ['http_version: 3', /environments\.t\.http_version: expected 1\.1 or 2; got 3/],
  ['http_version: 2, http_client: undici', /environments\.t\.http_version: expected 1\.1 with http_client undici; got 2/],
  ['http2: { streams: 10 }', /environments\.t\.http2: expected http_version: 2 beside it; got http_version 1\.1/],
  ['http_version: 2, http2: { streams: 0 }', /environments\.t\.http2\.streams: expected a whole number from 1 to 1000/],
])('{ %s } is 104', async (settings, message) => {
  const { at } = project({ 'config.yaml': `environments: { t: { base_url: "http://127.0.0.1:1", ${settings} } }\n`, 'a.ts': SCRIPT });
  const { exitCode, stderr } = await cli([at('a.ts'), '--env', 't', '--once']);
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(message);
});

test('streams over HTTP/2: two at a time on one connection, and hanging up one ends that stream alone', async () => {
  const ended: string[] = [];
  let sessions = 0;
  const server = createServer((request: Http2ServerRequest, response: Http2ServerResponse) => {
    const path = request.url;
    if (!path.startsWith('/events')) return void response.end('{}');
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let n = 0;
    const timer = setInterval(() => {
      if (path === '/events/ten' && n === 10) response.end();
      else response.write(`data: ${n++}\n\n`);
    }, 10);
    response.on('close', () => {
      clearInterval(timer);
      ended.push(`${path} ${response.writableEnded ? 'whole' : `code ${request.stream.rstCode}`}`);
    });
  });
  server.on('session', () => sessions++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${base}", http_version: 2 } }\nhealth_check: { expect: {} }\n`,
    'a.ts': `import { check, http } from 'stressrun';
export default async () => {
  const say = (text: string) => check(0, { [text]: () => true });
  const [endless, ten] = await Promise.all([http.stream('/events/endless'), http.stream('/events/ten')]);
  for await (const event of endless) if (event.index === 2) break;
  let [order, rising, before] = ['', true, 0];
  for await (const event of ten) {
    order += event.data;
    rising = rising && event.atMs >= before && event.sinceDueMs >= event.atMs;
    before = event.atMs;
  }
  say([order, rising, ten.ok, endless.ok].join(' '));
  say('after ' + (await http.get('/a')).status);
};`,
  });
  const { run } = await load([at('a.ts'), '--env', 't', '--once']);
  expect(run.checks.map(({ name }) => name).sort()).toEqual(['0123456789 true true true', 'after 200']);
  expect(ended.sort()).toEqual(['/events/endless code 8', '/events/ten whole']);
  expect(sessions).toBe(1 + 1); // its user's, and one of the health check
  expect(run.requests.at(-1)).toMatchObject({ count: 3, failed: 0 });
  expect(run.streams?.map(({ name, streams, brokenOff }) => [name, streams, brokenOff])).toEqual([
    ['/events/endless', 1, 0],
    ['/events/ten', 1, 0],
  ]);
});
