import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { ask, httpServer, vuFor } from './servers.ts';

interface Seen {
  method: string;
  url: string;
  body: string;
  headers: IncomingMessage['headers'];
}

/** Redirects as the path says (`/302?/there`); any other path is answered with 200. Notes what was asked. */
async function redirectServer(setCookie?: string): Promise<{ base: string; port: number; seen: Seen[] }> {
  const seen: Seen[] = [];
  const { base, port } = await httpServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, body: Buffer.concat(chunks).toString(), headers });
      const [, status, to] = url.match(/^\/(3\d\d)\?(.*)$/) ?? [];
      if (setCookie !== undefined) response.setHeader('set-cookie', setCookie);
      if (status === undefined) response.end('there');
      else response.writeHead(Number(status), to === 'nowhere' ? {} : { location: to }).end('moved');
    });
  });
  return { base, port, seen };
}

test.each([
  [301, 'POST', 'GET', ''],
  [302, 'POST', 'GET', ''],
  [303, 'PUT', 'GET', ''],
  [303, 'HEAD', 'HEAD', ''],
  [307, 'POST', 'POST', 'data'],
  [308, 'PUT', 'PUT', 'data'],
])('%i to a %s leads to a %s with the body "%s"', async (status, method, methodAfter, bodyAfter) => {
  const { base, seen } = await redirectServer();
  const body = method === 'HEAD' ? undefined : 'data';
  const outcome = await ask(vuFor(base), `${base}/${status}?/there`, {
    method,
    body,
    headers: ['content-type', 'text/plain', 'x-own', '1'],
  });
  expect(outcome).toMatchObject({ kind: 'response', status: 200, url: `${base}/there` });
  expect(seen[1]).toMatchObject({ method: methodAfter, url: '/there', body: bodyAfter });
  expect(seen[1]?.headers['content-type']).toBe(bodyAfter === '' ? undefined : 'text/plain');
  expect(seen[1]?.headers['x-own']).toBe('1');
  expect(outcome.hops.map((hop) => [hop.method, hop.status, hop.url])).toEqual([
    [method, status, `${base}/${status}?/there`],
    [methodAfter, 200, `${base}/there`],
  ]);
});

test('a 302 without a location, and a 304 with one, are the response', async () => {
  const { base } = await redirectServer();
  const vu = vuFor(base);
  expect(await ask(vu, `${base}/302?nowhere`)).toMatchObject({ status: 302, kind: 'response' });
  expect((await ask(vu, `${base}/304?/there`)).hops).toHaveLength(1);
});

test('a loop ends after redirectsMax 3 with the 4th answer, 302; redirectsMax 0 follows none', async () => {
  const { base, seen } = await redirectServer();
  const vu = vuFor(base);
  const outcome = await ask(vu, `${base}/302?/302?/302?/302?/302?/302?/x`, { redirectsMax: 3 });
  expect(outcome).toMatchObject({ kind: 'response', status: 302, errorCode: 0 });
  expect(outcome.hops).toHaveLength(4);
  expect((await ask(vu, `${base}/302?/x`, { redirectsMax: 0 })).hops).toHaveLength(1);
  expect(seen).toHaveLength(5);
});

test.each([
  ['to itself', { '/a': '/a' }],
  ['to another and back', { '/a': '/b', '/b': '/a' }],
])(
  'a redirect %s is followed 10 times, and then bad-response with the status of the last answer',
  async (_, to: Record<string, string>) => {
    const { base } = await httpServer((request, response) => response.writeHead(302, { location: to[request.url ?? ''] }).end());
    const outcome = await ask(vuFor(base), `${base}/a`, { redirectsMax: 10 });
    expect(outcome).toMatchObject({ kind: 'bad-response', status: 302, errorCode: 1000 });
    expect(outcome.error).toContain('the redirects go round in a circle (10 were followed)');
    expect(outcome.hops).toHaveLength(11);
  },
);

test('relative locations are taken from the hop before: "b", "../c", "?d=1" and "//host"', async () => {
  const { base, port } = await httpServer((request, response) => {
    const to: Record<string, string> = { '/a/x': 'b', '/a/b': '../c', '/c': '?d=1', '/c?d=1': `//127.0.0.1:${port}/end` };
    const location = to[request.url ?? ''];
    if (location === undefined) response.end('end');
    else response.writeHead(302, { location }).end();
  });
  const outcome = await ask(vuFor(base), `${base}/a/x`);
  expect(outcome.url).toBe(`${base}/end`);
  expect(outcome.hops).toHaveLength(5);
});

test('cookies set by a hop go with the next one, and stay until resetCookies()', async () => {
  const { base, seen } = await redirectServer('session=1; Path=/; HttpOnly');
  const vu = vuFor(base);
  await ask(vu, `${base}/302?/there`);
  await ask(vu, `${base}/again`, { cookies: { own: '2' } });
  await ask(vu, `${base}/other`, { cookies: { session: 'mine' }, headers: ['Cookie', 'a=b'] });
  vu.resetCookies();
  await ask(vu, `${base}/fresh`);
  expect(seen.map(({ headers }) => headers.cookie)).toEqual([undefined, 'session=1', 'session=1; own=2', 'session=mine; a=b', undefined]);
});

test('a cookie for another path or an expired one is not sent', async () => {
  const seen: (string | undefined)[] = [];
  const { base } = await httpServer((request, response) => {
    seen.push(request.headers.cookie);
    response.setHeader('set-cookie', ['a=1; Path=/deep', 'b=2; Max-Age=0', 'no cookie at all=; Domain=elsewhere.example']).end();
  });
  const vu = vuFor(base);
  for (const path of ['/', '/', '/deep/x']) await ask(vu, `${base}${path}`);
  expect(seen).toEqual([undefined, undefined, 'a=1']);
});

test('on the way to another origin authorization, cookies and host stay behind; back at the own one there are those of the environment alone, and none that the script had replaced', async () => {
  const home = await redirectServer();
  const away = await redirectServer();
  const environment = {
    auth: { kind: 'bearer', token: 'env' },
    headers: { 'x-team': 'a', cookie: 'env=1' },
    allowHosts: [`127.0.0.1:${away.port}`],
  } as const;
  const secrets = {
    auth: { kind: 'bearer', token: 'own' } as const,
    cookies: { own: '1' },
    headers: ['Host', 'named.example', 'Cookie', 'b=1', 'x-own', '2'],
  };
  const back = `${home.base}/end`;
  const outcome = await ask(vuFor(home.base, environment), `${home.base}/307?${away.base}/307?${back}`, secrets);
  expect(outcome).toMatchObject({ status: 200, url: back });
  expect(home.seen[0]?.headers).toMatchObject({ authorization: 'Bearer own', cookie: 'env=1; b=1; own=1', host: 'named.example' });
  for (const [{ headers }, cookie] of [
    [away.seen[0], undefined],
    [home.seen[1], 'env=1'],
  ] as [Seen, string | undefined][]) {
    expect(headers).toMatchObject({ 'x-team': 'a', 'x-own': '2' });
    expect([headers.authorization, headers.cookie]).toEqual([undefined, cookie]);
    expect(headers.host).toMatch(/^127\.0\.0\.1:\d+$/);
  }
});

test.each([
  ['auth', { auth: { kind: 'bearer', token: 'env' } as const }, 'authorization', 'Bearer env'],
  ['a header that is a credential', { headers: { 'x-api-key': 'env-key' } }, 'x-api-key', 'env-key'],
])('%s of the environment is not seen by another origin, and is there again at its own', async (_, given, name, value) => {
  const [home, away] = [await redirectServer(), await redirectServer()];
  const vu = vuFor(home.base, { ...given, allowHosts: [`127.0.0.1:${away.port}`] });
  await ask(vu, `${home.base}/307?${away.base}/307?${home.base}/end`, {});
  expect([home.seen[0], away.seen[0], home.seen[1]].map((seen) => seen?.headers[name])).toEqual([value, undefined, value]);
  await ask(vu, `${home.base}/307?${away.base}/307?${home.base}/end`, { headers: [name, 'own'] });
  expect([home.seen[2], away.seen[1], home.seen[3]].map((seen) => seen?.headers[name])).toEqual(['own', undefined, undefined]);
});

test.each([401, 403])('a %i after a redirect says that credentials stayed behind, if they did', async (status) => {
  const { base: away, port } = await httpServer((_, response) => response.writeHead(status).end('who?'));
  const home = await redirectServer();
  const vu = vuFor(home.base, { allowHosts: [`127.0.0.1:${port}`] });
  const withToken = await ask(vu, `${home.base}/307?${away}/end`, { auth: { kind: 'bearer', token: 'own' } });
  expect(withToken).toMatchObject({ kind: 'response', status, errorCode: 1000 + status, body: Buffer.from('who?') });
  expect(withToken.error).toBe(
    `${away}/end answered ${status}: a redirect led away from ${home.base}, and the request's credentials stayed behind there`,
  );
  expect((await ask(vu, `${home.base}/307?${away}/end`)).error).toBe('');
  expect((await ask(vu, `${away}/end`, { auth: { kind: 'bearer', token: 'own' } })).error).toBe('');
});

test.each(['Proxy-Authorization', 'X-Api-Key', 'x-amz-security-token'])(
  '%s of the script does not follow to another origin',
  async (name) => {
    const [home, away] = [await redirectServer(), await redirectServer()];
    const vu = vuFor(home.base, { allowHosts: [`127.0.0.1:${away.port}`] });
    await ask(vu, `${home.base}/307?${away.base}/end`, { headers: [name, 'opaque', 'x-own', '2'] });
    expect([home.seen[0]?.headers[name.toLowerCase()], home.seen[0]?.headers['x-own']]).toEqual(['opaque', '2']);
    expect([away.seen[0]?.headers[name.toLowerCase()], away.seen[0]?.headers['x-own']]).toEqual([undefined, '2']);
  },
);

test('a cookie that an answer sets anew or ends is so from the very next request on, for the same URL too', async () => {
  const seen: (string | undefined)[] = [];
  const sets = ['a=1', 'a=2; Path=/', 'a=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/', ''];
  const { base } = await httpServer((request, response) => {
    const set = sets[seen.push(request.headers.cookie) - 1];
    if (set) response.setHeader('set-cookie', set);
    response.end();
  });
  const vu = vuFor(base);
  for (const _ of sets) await ask(vu, `${base}/`);
  expect(seen).toEqual([undefined, 'a=1', 'a=2', undefined]);
});

test('a redirect to an address that is not allowed is blocked-address, with the hop that was made and the one that was not', async () => {
  const { base } = await redirectServer();
  const outcome = await ask(vuFor(base), `${base}/302?http://169.254.169.254/latest/meta-data`);
  expect(outcome).toMatchObject({ kind: 'blocked-address', errorCode: 1110, status: 0, url: 'http://169.254.169.254/latest/meta-data' });
  expect(outcome.hops.map(({ status, errorCode }) => [status, errorCode])).toEqual([
    [302, 0],
    [0, 1110],
  ]);
});

test('a redirect to something that is no URL, or no http, is bad-url', async () => {
  const { base } = await redirectServer();
  const vu = vuFor(base);
  expect(await ask(vu, `${base}/302?http://[`)).toMatchObject({ kind: 'bad-url', errorCode: 1020 });
  expect(await ask(vu, `${base}/302?file:///etc/passwd`)).toMatchObject({ kind: 'bad-url', errorCode: 1020 });
});

test('the limit of 250 ms is for all hops together, not for each', async () => {
  const { base } = await httpServer((request, response) => {
    setTimeout(() => response.writeHead(302, { location: `${request.url}x` }).end(), 60);
  });
  const outcome = await ask(vuFor(base), base, { timeoutUs: 250_000, redirectsMax: 100 });
  expect(outcome.kind).toBe('timeout');
  expect(outcome.hops.length).toBeGreaterThan(1);
  expect(outcome.hops.length).toBeLessThan(6);
});

test("a request straight to another host of allow_hosts carries none of the environment's credentials, but what the script gives it", async () => {
  const home = await redirectServer();
  const away = await redirectServer();
  const environment = {
    auth: { kind: 'bearer', token: 'env' },
    headers: { 'x-team': 'a', Cookie: 'env=1', Host: 'named.example' },
    allowHosts: [`127.0.0.1:${away.port}`],
  } as const;
  const vu = vuFor(home.base, environment);
  await ask(vu, `${home.base}/x`);
  await ask(vu, `${away.base}/x`);
  await ask(vu, `${away.base}/x`, { auth: { kind: 'bearer', token: 'own' } });
  expect(home.seen[0]?.headers).toMatchObject({ authorization: 'Bearer env', cookie: 'env=1', host: 'named.example' });
  expect(away.seen.map(({ headers }) => [headers.authorization, headers.cookie, headers['x-team']])).toEqual([
    [undefined, undefined, 'a'],
    ['Bearer own', undefined, 'a'],
  ]);
  expect(away.seen[0]?.headers.host).toMatch(/^127\.0\.0\.1:\d+$/);
});

test('headers that prove who asks stay at their origin by name, by looks and by holding a secret: directly and along redirects; on the way back the script’s are gone', async () => {
  const [home, away] = [await redirectServer(), await redirectServer()];
  const key = 'kAm3ZpT7vQx9LwR2yNc5QwEr';
  const vu = vuFor(home.base, {
    allowHosts: [`127.0.0.1:${away.port}`],
    headers: {
      'x-api-key': 'short',
      'x-tenant': key,
      'x-holds': 'v1 s3cret',
      'x-team': 'images',
      accept: 'application/vnd.images.v2+json',
    },
    secrets: [{ name: 'S', value: 's3cret' }],
  });
  const own = ['x-goog-api-key', 'own', 'x-own', 'Bearer abc', 'x-seen', '1', 'x-own-secret', 'is s3cret'];
  await ask(vu, `${home.base}/302?${away.base}/302?${home.base}/there`, { headers: own });
  await ask(vu, `${away.base}/direct`);
  const bound = ({ headers }: Seen) =>
    ['x-api-key', 'x-tenant', 'x-holds', 'x-goog-api-key', 'x-own', 'x-own-secret'].map((name) => headers[name]);
  expect(home.seen.map(bound)).toEqual([
    ['short', key, 'v1 s3cret', 'own', 'Bearer abc', 'is s3cret'],
    ['short', key, 'v1 s3cret', undefined, undefined, undefined],
  ]);
  expect(away.seen.map(bound)).toEqual([Array(6).fill(undefined), Array(6).fill(undefined)]);
  for (const { headers } of [...home.seen, ...away.seen])
    expect([headers['x-team'], headers.accept]).toEqual(['images', 'application/vnd.images.v2+json']);
  expect(away.seen.map(({ headers }) => headers['x-seen'])).toEqual(['1', undefined]);
});

test('a 303 leaves behind all that described the body, not only its type', async () => {
  const { base, seen } = await redirectServer();
  const headers = ['content-type', 'text/plain', 'content-language', 'de', 'Content-Encoding', 'identity', 'x-own', '1'];
  await ask(vuFor(base), `${base}/303?/there`, { method: 'POST', body: 'data', headers });
  const left = Object.keys(seen[1]?.headers ?? {}).filter((name) => name.startsWith('content-') && name !== 'content-length');
  expect([left, seen[1]?.headers['x-own'], seen[0]?.headers['content-language']]).toEqual([[], '1', 'de']);
});
