import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';

type Reply = (head: string) => string | Buffer;

function reply(body: string | Buffer, headers: string, status = '200 OK'): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`), bytes]);
}

/** A server that answers a request to a path so, and any other by its head. */
async function serverOf(answers: Readonly<Record<string, Reply>>): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      const head = request.toString('latin1');
      const path = head.split(' ')[1] ?? '';
      socket.write(answers[path]?.(head) ?? reply(JSON.stringify({ head }), ''));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Checks that did not pass once, of a script against this server. */
async function failedChecks(base: string, iteration: string, settings = ''): Promise<{ names: string[]; failed: number }> {
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${base}"${settings} } }\nhealth_check: { path: /health, expect: { status: ok } }\n`,
    'a.ts': `import { check, http } from 'stressrun';\nexport default async () => {\n${iteration}\n};`,
  });
  const { run, stdout } = await load([at('a.ts'), '--env', 't', '--once']);
  expect(run.checks.length, stdout).toBeGreaterThan(0);
  return {
    names: run.checks.filter(({ passes, fails }) => passes !== 1 || fails !== 0).map(({ name }) => name),
    failed: run.requests.at(-1)?.failed ?? -1,
  };
}

test('answers with a byte order mark or another charset are read, small and large, by text(), json() and by path; the health check reads them too', async () => {
  const utf8 = 'content-type: application/json\r\n';
  const latin = 'content-type: application/json; charset=iso-8859-1\r\n';
  const filler = 'x'.repeat(10_000);
  const base = await serverOf({
    '/health': () => reply('\ufeff{"status":"ok"}', utf8),
    '/bom': () => reply('\ufeff{"label":"cat"}', utf8),
    '/latin': () => reply(Buffer.from('{"label":"J\xfcrgen"}', 'latin1'), latin),
    '/large-bom': () => reply(`\ufeff{"image":"${filler}","label":"J\xfcrgen"}`, utf8),
    '/large-latin': () => reply(Buffer.from(`{"image":"${filler}","label":"J\xfcrgen"}`, 'latin1'), latin),
    '/nan': () => reply('{"label":"cat","score":NaN}', utf8),
  });
  const read = (path: string, label: string) => `  { const answer = await http.get('${path}');
    check(answer, { '${path} whole': (r) => r.json().label === '${label}' });
    check(answer, { '${path} by path': (r) => r.json('label') === '${label}' });
    check(answer, { '${path} as text': (r) => r.text().startsWith('{') && r.text().includes('"${label}"') }); }\n`;
  const script = `${read('/bom', 'cat')}${read('/latin', 'Jürgen')}${read('/large-bom', 'Jürgen')}${read('/large-latin', 'Jürgen')}
    const nan = await http.get('/nan');
    let why = '';
    try { nan.json(); } catch (error) { why = error.message; }
    check(why, { 'NaN is told': (text) => text.includes('is not JSON') && text.includes('NaN') });`;
  expect(await failedChecks(base, script)).toEqual({ names: [], failed: 0 });
});

test('cookies of an answer can be read by name and apart, and go back by themselves', async () => {
  const base = await serverOf({
    '/health': () => reply('{"status":"ok"}', ''),
    '/login': () =>
      reply(
        'ok',
        'set-cookie: csrftoken=abc; expires=Wed, 21 Oct 2037 07:28:00 GMT; path=/\r\nset-cookie: sid=1,2; path=/; samesite=lax\r\n',
      ),
  });
  const script = `const login = await http.get('/login');
    check(login, { 'by name': (r) => r.cookies.csrftoken === 'abc' && r.cookies.sid === '1,2' });
    check(login, { apart: (r) => r.headerValues('set-cookie').length === 2 && r.headerValues('set-cookie')[1].startsWith('sid=1,2;') });
    const next = await http.post('/x', { body: 'a', headers: { 'x-csrf': login.cookies.csrftoken } });
    check(next, { 'sent again': (r) => /^cookie: csrftoken=abc; sid=1,2$/im.test(r.json('head')) && /^x-csrf: abc$/im.test(r.json('head')) });`;
  expect(await failedChecks(base, script)).toEqual({ names: [], failed: 0 });
});

test('the jar of a user is read and set by its script', async () => {
  const base = await serverOf({
    '/health': () => reply('{"status":"ok"}', ''),
    '/login': () => reply('ok', 'set-cookie: sid=1; path=/\r\n'),
  });
  const script = `const jar = http.cookieJar();
    await http.get('/login');
    check(jar.cookiesForURL('/x'), { read: (cookies) => JSON.stringify(cookies) === '{"sid":["1"]}' });
    jar.set('/', 'mine', 'a%20b', { maxAge: '1h' });
    const sent = await http.get('/x');
    check(sent, { set: (r) => /^cookie: sid=1; mine=a%20b$/im.test(r.json('head')) });
    jar.delete('/', 'sid');
    check(await http.get('/x'), { deleted: (r) => /^cookie: mine=a%20b$/im.test(r.json('head')) });
    jar.clear('/');
    check(await http.get('/x'), { cleared: (r) => !/^cookie:/im.test(r.json('head')) });
    const why = (f) => { try { f(); return ''; } catch (error) { return error.name + ': ' + error.message; } };
    check(why(() => jar.set('/', 'a', 'b;c')), { value: (text) => text.startsWith('TypeError: http.cookieJar: a: expected a value of ASCII') });
    check(why(() => jar.set('/', 'a b', 'c')), { name: (text) => text.startsWith('TypeError: http.cookieJar: expected a name') });
    check(why(() => jar.set('/', 'a', 'b', { expires: 1 })), { option: (text) => text.includes('unknown option "expires"; allowed are domain') });
    check(why(() => jar.set('/', 'a', 'b', { domain: 'example.com' })), { domain: (text) => text.startsWith('TypeError: http.cookieJar: the cookie "a" cannot be set') });`;
  expect(await failedChecks(base, script)).toEqual({ names: [], failed: 0 });
});

test('headers copied from a browser or curl are sent where they can be, and spoil no request', async () => {
  const base = await serverOf({ '/health': () => reply('{"status":"ok"}', '') });
  const copied =
    "{ Host: 'other.test', Connection: 'keep-alive', 'Content-Length': '7', 'Transfer-Encoding': 'chunked', 'Accept-Encoding': 'gzip' }";
  const script = `const answer = await http.post('/x', { body: 'abc', headers: ${copied} });
    check(answer, { sent: (r) => r.status === 200 && /^content-length: 3$/im.test(r.json('head')) && !/^transfer-encoding/im.test(r.json('head')) && /^host: other\\.test$/im.test(r.json('head')) });`;
  expect(await failedChecks(base, script)).toEqual({ names: [], failed: 0 });
});

test('headers that are ours to say are left out with one note each, of several workers and many requests too', async () => {
  const base = await serverOf({ '/health': () => reply('{"status":"ok"}', '') });
  const headers = "{ 'Content-Length': '7', 'Transfer-Encoding': 'chunked', Connection: 'keep-alive' }";
  const { at } = project({
    'a.ts': `import { http } from 'stressrun';\nexport default async () => {\n  await http.post('/x', { body: 'abc', headers: ${headers} });\n};`,
  });
  const runs = [
    [at('a.ts'), '--once'],
    ['check', at('a.ts')],
    [at('a.ts'), '--users', '4', '--iterations', '8', '--workers', '2', '--run-dir', at('runs')],
  ];
  for (const args of runs) {
    const { stdout, stderr } = await cli([...args, '--base-url', base]);
    const told = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('headers['));
    expect(told).toEqual(
      ['content-length', 'transfer-encoding'].map((name) => expect.stringContaining(`headers["${name}"] of the script is left out`)),
    );
  }
  const [run] = readdirSync(at('runs'));
  expect(JSON.parse(readFileSync(join(at('runs'), run as string, 'run.json'), 'utf8')).notes.join()).toContain('headers["content-length"]');
});

test.each([
  ['a line break', "{ 'x-token': 'abc\\n' }", 'http: headers.x-token: expected a value of Latin-1'],
  ['a character outside Latin-1', "{ 'x-file-name': '猫.jpg' }", 'http: headers.x-file-name: expected a value of Latin-1'],
  ['a blank in a name', "{ 'x token': 'a' }", 'http: headers: expected names of letters'],
])(
  '%s in a header is an error of the script, with its line; the target gets nothing and has no failed request',
  async (_, headers, message) => {
    const seen: string[] = [];
    const base = await serverOf({
      '/health': () => reply('{"status":"ok"}', ''),
      '/x': (head) => {
        seen.push(head);
        return reply('', '');
      },
    });
    const { at } = project({
      'a.ts': `import { http } from 'stressrun';\nexport default async () => {\n  await http.post('/x', { headers: ${headers} });\n};`,
    });
    const { exitCode, stdout, stderr } = await cli([at('a.ts'), '--base-url', base, '--once']);
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).toMatch(/a\.ts:3/);
    expect(seen).toEqual([]);
  },
);

test('a token of the environment is there again when a redirect has led away and back; one of the script stays behind, and the failure says so', async () => {
  let elsewhere = '';
  const isLetIn: Reply = (head) => (/^authorization: Bearer t$/im.test(head) ? reply('ok', '') : reply('who?', '', '401 Unauthorized'));
  const base = await serverOf({
    '/health': () => reply('{"status":"ok"}', ''),
    '/predict': () => reply('', `location: ${elsewhere}/predict/\r\n`, '307 Temporary Redirect'),
    '/predict/': isLetIn,
  });
  const seen: string[] = [];
  elsewhere = await serverOf({
    '/predict/': (head) => {
      seen.push(head);
      return reply('', `location: ${base}/predict/\r\n`, '308 Permanent Redirect');
    },
  });
  const settings = `, allow_hosts: ["${new URL(elsewhere).host}"]`;
  const ofEnvironment = `check(await http.post('/predict', { body: 'a' }), { 'is let in': (r) => r.status === 200 && r.text() === 'ok' });`;
  expect(await failedChecks(base, ofEnvironment, `${settings}, auth: { bearer: t }`)).toEqual({ names: [], failed: 0 });
  const ofScript = `check(await http.post('/predict', { body: 'a', auth: { token: 't' } }), { 'is told': (r) => r.status === 401 && r.error.includes('stayed behind') });`;
  expect(await failedChecks(base, ofScript, settings)).toEqual({ names: [], failed: 1 });
  expect(seen.filter((head) => /^authorization/im.test(head))).toEqual([]);
  expect(seen).toHaveLength(2);
});
