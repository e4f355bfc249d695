import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget, type TargetServer } from '../support/target-server.ts';

/** A script whose iteration is `body`, against this target. */
function scriptOf(body: string, config = '{}\n') {
  return project({
    'config.yaml': config,
    'http.ts': `import { check, http, sleep, vu } from 'stressrun';\nexport default async () => {\n${body}\n};\n`,
  }).at('http.ts');
}

function environment(target: TargetServer, settings: string): string {
  return `environments: { it: { base_url: "${target.url}", ${settings} } }\n`;
}

test.concurrent('cookies belong to one VU: each of 3 gets back its own, and none of another', async () => {
  const target = await startTarget({ '/login': { answer: ({ query }) => ({ headers: { 'set-cookie': `user=${query['vu']}; Path=/` } }) } });
  const path = scriptOf(`  if (vu.iteration === 0) await http.get('/login', { query: { vu: vu.id } });
  else await http.get('/home', { query: { vu: vu.id } });`);
  await load([path, '--base-url', target.url, '--users', '3', '--iterations', '9']);
  const home = target.seen.filter(({ path }) => path === '/home');
  expect(home).toHaveLength(6);
  for (const { query, headers } of home) expect(headers.cookie).toBe(`user=${query['vu']}`);
});

test.concurrent('a redirect is followed hop by hop: 3 http_reqs, one row; redirects: 0 returns the first answer', async () => {
  const target = await startTarget({
    '/a': { status: 302, headers: { location: '/b' } },
    '/b': { status: 307, headers: { location: '/c' } },
  });
  const path = scriptOf(`  const res = await http.post('/a', { body: 'x' });
  check(res, { 'is at /c': (r) => r.status === 200 && r.url.endsWith('/c') });
  check(await http.get('/a', { redirects: 0, name: 'first' }), { 'is the redirect': (r) => r.status === 302 && r.headers.location === '/b' });`);
  const { run } = await load([path, '--base-url', target.url, '--once']);
  expect(run.checks.map(({ name, passes, fails }) => [name, passes, fails])).toEqual([
    ['is at /c', 1, 0],
    ['is the redirect', 1, 0],
  ]);
  expect(run.requests.map(({ method, name, count }) => [method, name, count])).toEqual([
    ['GET', 'first', 1],
    ['POST', '/a', 1],
    ['', 'Aggregated', 2],
  ]);
  expect(run.metrics['http_reqs']?.values['count']).toBe(4);
  // A 302 makes a POST a GET, as every browser does; a 307 keeps what it was.
  expect(target.seen.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual(['POST /a', 'GET /b', 'GET /c', 'GET /a']);
});

test.concurrent('basic and bearer credentials of config.yaml go with every request, health check included; auth: false sends none', async () => {
  for (const [auth, header] of [
    ['{ basic: { user: ann, password: "s3cr:t" } }', `Basic ${Buffer.from('ann:s3cr:t').toString('base64')}`],
    ['{ bearer: tok-123 }', 'Bearer tok-123'],
  ] as const) {
    const target = await startTarget();
    const path = scriptOf(
      `  await http.get('/with');\n  await http.get('/without', { auth: false });`,
      environment(target, `auth: ${auth}, headers: { x-team: blue }`),
    );
    const { exitCode } = await load([path, '--once']);
    expect(exitCode).toBe(0);
    const sent = (wanted: string) => target.seen.find(({ path }) => path === wanted)?.headers;
    expect([sent('/health')?.authorization, sent('/with')?.authorization, sent('/without')?.authorization]).toEqual([
      header,
      header,
      undefined,
    ]);
    expect(sent('/with')?.['x-team']).toBe('blue');
  }
});

test.concurrent('a host that the environment does not allow is a failed request with the remedy, and gets no packet; allow_hosts allows it', async () => {
  const [target, other] = [await startTarget(), await startTarget()];
  const script = `  const res = await http.get('${other.url}/elsewhere');
  check(res, { 'is refused': (r) => r.status === 0 && r.errorCode === 1110 && r.error.includes('allow_hosts') });`;
  const refused = await load([scriptOf(script, environment(target, '')), '--once']);
  expect(refused.run.checks).toMatchObject([{ passes: 1, fails: 0 }]);
  expect(refused.run.errors).toMatchObject([{ kind: 'blocked-address', code: 1110, count: 1 }]);
  expect(other.seen).toEqual([]);
  const port = new URL(other.url).port;
  await load([scriptOf(script, environment(target, `allow_hosts: ["127.0.0.1:${port}"]`)), '--once']);
  expect(other.counts()).toEqual({ '/elsewhere': 1 });
});

test.concurrent('a target that is gone is refused connections, and backed off from: 2 VUs make at most 30 requests in 2 s', async () => {
  const target = await startTarget();
  await target.close();
  const { run, exitCode } = await load([scriptOf(`  await http.get('/');`), '--base-url', target.url, '--users', '2', '--duration', '2s']);
  const { count, failed } = run.requests.at(-1) ?? { count: 0, failed: 0 };
  expect(exitCode).toBe(0);
  expect(count).toBeGreaterThan(4);
  expect(count).toBeLessThanOrEqual(30);
  expect(failed).toBe(count);
  expect(run.errors).toMatchObject([{ kind: 'connect-failed', code: 1212, count }]);
});

test.concurrent('a stall ends in a timeout, a reset in mid-body in a failure, each with its own kind and code', async () => {
  const target = await startTarget({ '/stalls': { stallEveryNth: 1 }, '/resets': { resetsInBody: true, body: 'x'.repeat(100_000) } });
  const path =
    scriptOf(`  check(await http.get('/stalls', { timeout: '300ms' }), { 'timed out': (r) => r.status === 0 && r.errorCode === 1050 });
  check(await http.get('/resets'), { 'was reset': (r) => r.status === 0 && r.errorCode === 1220 });`);
  const { run } = await load([path, '--base-url', target.url, '--once']);
  expect(run.checks.map(({ name, fails }) => [name, fails])).toEqual([
    ['timed out', 0],
    ['was reset', 0],
  ]);
  expect(run.errors.map(({ name, kind, code, count }) => [name, kind, code, count]).sort()).toEqual([
    ['/resets', 'reset', 1220, 1],
    ['/stalls', 'timeout', 1050, 1],
  ]);
});

test.concurrent('max_rps: 20 of an environment holds 10 VUs to 20 requests a second', async () => {
  const target = await startTarget();
  const path = scriptOf(`  await http.get('/');`, environment(target, 'max_rps: 20'));
  await load([path, '--users', '10', '--duration', '2s']);
  // 40 in the 2 s, and the 10 that wait for their turn at their end
  expect(target.counts()['/']).toBeGreaterThan(20);
  expect(target.counts()['/']).toBeLessThanOrEqual(50);
});

const impatient: Server[] = [];
afterAll(() => {
  for (const server of impatient) server.close();
});

/** Ends every connection under its third request, as a server does whose keep-alive time has run out; tells what it was asked. */
async function impatientServer(): Promise<{ url: string; seen: { line: string; bytes: number }[] }> {
  const seen: { line: string; bytes: number }[] = [];
  const server = createServer((socket) => {
    let requests = 0;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      seen.push({ line: chunk.toString().split(' HTTP', 1)[0] ?? '', bytes: chunk.length });
      if (++requests === 3) socket.end();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  impatient.push(server);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test('where the server ends kept connections, PUT and DELETE are sent as often as reported; each GET more is counted, told and in data_sent', async () => {
  const server = await impatientServer();
  const sent = (wanted: string) => server.seen.filter(({ line }) => line === wanted);
  const flags = ['--base-url', server.url, '--users', '1', '--iterations', '10'];
  for (const method of ['put', 'delete'] as const) {
    const { run } = await load([scriptOf(`  await http.${method}('/it');`), ...flags]);
    expect(run.requests.at(-1)).toMatchObject({ count: 10, failed: 3 });
    expect(sent(`${method.toUpperCase()} /it`)).toHaveLength(10);
    expect(run.metrics).not.toHaveProperty('http_req_repeats');
  }
  const { run } = await load([scriptOf(`  await http.get('/get');`), ...flags]);
  const gets = sent('GET /get');
  expect(run.requests.at(-1)).toMatchObject({ count: 10, failed: 0 });
  expect(gets).toHaveLength(14);
  expect(run.metrics['http_req_repeats']?.values['count']).toBe(4);
  expect(run.metrics['data_sent']?.values['count']).toBe(gets.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(run.notes.filter((note) => note.includes('http_req_repeats'))).toEqual([
    expect.stringContaining('4 requests were sent once more'),
  ]);
});
