import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import type { EnvironmentPlan } from '../../../runtime/core/plan.ts';
import type { ProxyPlan } from '../../../runtime/core/reach-plan.ts';
import { ask, deadPort, listening, rawServer, vuFor } from './servers.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const LOCAL = { cert: fixture('localhost-cert.pem'), key: fixture('localhost-key.pem') };
/** What the proxies of this file are asked for; nobody listens there. */
const TARGET = 'http://127.0.0.1:9';
const AUTH = { kind: 'basic', user: 'ann', password: 'pa:ss wörd' } as const;
const BASIC = `Basic ${Buffer.from('ann:pa:ss wörd').toString('base64')}`;

interface Asked {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
}

/** A forward proxy that lets in who gives the right password, if there is one; it sends all on to 127.0.0.1, whatever the name. */
async function proxyServer(authorization?: string): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const isLetIn = (headers: IncomingHttpHeaders): boolean =>
    authorization === undefined || headers['proxy-authorization'] === authorization;
  const server = createServer((incoming, answer) => {
    asked.push({ line: `${incoming.method} ${incoming.url}`, headers: incoming.headers });
    if (!isLetIn(incoming.headers)) return void answer.writeHead(407).end();
    const { port, pathname, search } = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _, ...headers } = incoming.headers;
    const onward = httpRequest(
      { host: '127.0.0.1', port, path: pathname + search, method: incoming.method ?? 'GET', headers, agent: false },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket, head) => {
    asked.push({ line: `CONNECT ${incoming.url}`, headers: incoming.headers });
    if (!isLetIn(incoming.headers)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nconnection: close\r\n\r\n');
    const onward = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) end.on('error', () => {});
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked };
}

/** A server that answers with what it was sent. */
async function target(isTls: boolean): Promise<number> {
  const answer = (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse): void => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => response.end(JSON.stringify({ url: request.url, headers: request.headers, body })));
  };
  return listening(isTls ? createTlsServer(LOCAL, answer) : createServer(answer));
}

function through(url: string, changes: Partial<ProxyPlan> = {}, auth?: typeof AUTH): Pick<EnvironmentPlan, 'proxy'> {
  const server = { url, ...(auth === undefined ? {} : { auth }) };
  return { proxy: { http: server, https: server, bypass: [], ...changes } };
}

test('http goes through the proxy with its whole URL, on a connection that is kept; the server sees nothing of it', async () => {
  const [port, proxy] = [await target(false), await proxyServer(BASIC)];
  const base = `http://model.test:${port}`;
  const vu = vuFor(base, through(proxy.url, {}, AUTH));
  const outcomes = [await ask(vu, `${base}/a?b=1`), await ask(vu, `${base}/a`, { method: 'POST', body: 'hello' })];
  expect(proxy.asked.map(({ line }) => line)).toEqual([`GET ${base}/a?b=1`, `POST ${base}/a`]);
  const seen = outcomes.map(({ body }) => JSON.parse(body?.toString() ?? '{}'));
  expect(seen).toMatchObject([
    { url: '/a?b=1', headers: { host: `model.test:${port}` } },
    { url: '/a', body: 'hello' },
  ]);
  expect(seen[0].headers['proxy-authorization']).toBeUndefined();
  expect(outcomes[1]?.hops[0]).toMatchObject({ connectingUs: 0 });
  expect(JSON.stringify(outcomes.map(({ sentHeaders }) => sentHeaders))).not.toContain(BASIC);
});

test('https goes through a tunnel, one for each connection, and TLS is spoken with the server itself', async () => {
  const [port, proxy] = [await target(true), await proxyServer(BASIC)];
  const base = `https://localhost:${port}`;
  const vu = vuFor(base, { ...through(proxy.url, {}, AUTH), tls: { isVerified: true, ca: LOCAL.cert } });
  const outcomes = [await ask(vu, `${base}/a?b=1`), await ask(vu, `${base}/a`, { method: 'POST', body: 'x'.repeat(200_000) })];
  expect(outcomes.map(({ kind, error }) => [kind, error])).toEqual(Array(2).fill(['response', '']));
  expect(proxy.asked.map(({ line, headers }) => [line, headers.host])).toEqual([[`CONNECT localhost:${port}`, `localhost:${port}`]]);
  const seen = outcomes.map(({ body }) => JSON.parse(body?.toString() ?? '{}'));
  expect(seen[0]).toMatchObject({ url: '/a?b=1', headers: { host: `localhost:${port}` } });
  expect(seen[0].headers['proxy-authorization']).toBeUndefined();
  expect(seen[1].body).toHaveLength(200_000);
  const hop = outcomes[0]?.hops[0];
  expect(hop?.tlsUs).toBeGreaterThan(0);
  expect(hop?.blockedUs).toBeGreaterThanOrEqual((hop?.connectingUs ?? 0) + (hop?.tlsUs ?? 0));
});

test('a wrong password: 407 is the answer to http, and https has no connection; both say so', async () => {
  const [plain, secure, proxy] = [await target(false), await target(true), await proxyServer(BASIC)];
  const allowHosts = ['*.test'];
  const vu = vuFor(`http://model.test:${plain}`, { ...through(proxy.url), allowHosts });
  expect(await ask(vu, `http://model.test:${plain}`)).toMatchObject({ kind: 'response', status: 407 });
  expect(await ask(vu, `https://b.test:${secure}`)).toMatchObject({
    kind: 'connect-failed',
    errorCode: 1210,
    error: `the proxy ${proxy.url} opened no way to b.test:${secure}: 407 Proxy Authentication Required (user and password of proxy)`,
  });
});

test('a proxy that is not there, speaks no HTTP, or hangs up is named, not the target', async () => {
  const dead = `http://127.0.0.1:${await deadPort()}`;
  const { base: mute } = await rawServer((socket) => socket.once('data', () => socket.end('220 ftp\r\n\r\n')));
  const { base: gone } = await rawServer((socket) => socket.once('data', () => socket.destroy()));
  const errorOf = async (proxy: string): Promise<string> => {
    const outcome = await ask(vuFor('https://model.test', through(proxy)), 'https://model.test');
    return `${outcome.kind}: ${outcome.error}`;
  };
  expect(await errorOf(dead)).toMatch(`connect-failed: the proxy ${dead}: connection refused`);
  expect(await errorOf(mute)).toBe(`connect-failed: the proxy ${mute} opened no way to model.test:443: its answer is no HTTP`);
  expect(await errorOf(gone)).toMatch(`reset: the proxy ${gone}: the server reset the connection`);
});

test('what stands in no_proxy is asked straight, and so is what has no proxy of its scheme', async () => {
  const [port, proxy] = [await target(false), await proxyServer()];
  const base = `http://127.0.0.1:${port}`;
  const straight = async (changes: Partial<ProxyPlan>): Promise<boolean> => {
    const before = proxy.asked.length;
    expect((await ask(vuFor(base, through(proxy.url, changes)), base)).kind).toBe('response');
    return proxy.asked.length === before;
  };
  const { proxy: both } = through(proxy.url);
  expect([await straight({}), await straight({ bypass: ['127.0.0.0/8'] })]).toEqual([false, true]);
  const vu = vuFor(base, { proxy: { https: both?.https as { url: string }, bypass: [] } });
  expect((await ask(vu, base)).kind).toBe('response');
  expect(proxy.asked).toHaveLength(1);
});

test('a script reaches no host through a proxy that it may not ask, nor the proxy itself', async () => {
  const [port, proxy] = [await target(false), await proxyServer()];
  const vu = vuFor(`http://model.test:${port}`, through(proxy.url));
  const kinds = [await ask(vu, `http://other.test:${port}`), await ask(vu, 'http://169.254.169.254/'), await ask(vu, proxy.url)];
  expect(kinds.map(({ kind }) => kind)).toEqual(Array(3).fill('blocked-address'));
  expect(proxy.asked).toEqual([]);
});

test('a proxy whose name resolves to a metadata address is not asked', async () => {
  const settings = through('http://proxy.test:3128');
  const hosts = [{ name: 'proxy.test', isBelow: false, places: [{ address: '169.254.169.254' }] }];
  expect(await ask(vuFor('http://model.test', { ...settings, hosts }), 'http://model.test')).toMatchObject({
    kind: 'blocked-address',
    error: expect.stringMatching(/^proxy\.test resolves to 169\.254\.169\.254, a link-local or metadata address/),
  });
});

test.each(['own', 'undici'] as const)(
  'a proxy that ends a connection after each answer and does not say so is named, with what to set (%s client)',
  async (httpClient) => {
    const { base: proxy } = await rawServer((socket) => {
      let requests = 0;
      socket.on('data', () => {
        if (requests++ === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.end();
      });
    });
    const vu = vuFor(TARGET, { proxy: { http: { url: proxy }, bypass: [] }, httpClient });
    expect((await ask(vu, TARGET)).status).toBe(200);
    const { kind, error } = await ask(vu, TARGET, { method: 'POST', body: 'abc' });
    expect(kind).toBe('reset');
    expect(error).toContain(`${TARGET} through the proxy ${proxy}: the server closed the connection`);
    expect(error).toContain('it was a kept connection');
    expect(error).toContain('keep_alive.reuse: false');
  },
);
