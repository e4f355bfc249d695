import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';

/** A server that is asked first: `/big` is refused by 413, anything else is told to go on. What it saw: path, whether it was asked, bytes of the body. */
async function askedServer(): Promise<{ base: string; seen: unknown[] }> {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      if (request.method === 'POST') seen.push([request.url, request.headers.expect === '100-continue', bytes]);
      response.end('ok');
    });
  });
  server.on('checkContinue', (request, response) => {
    if (request.url !== '/big') {
      response.writeContinue();
      server.emit('request', request, response);
      return;
    }
    seen.push(['/big', true, 'refused']);
    response.writeHead(413).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const SCRIPT = `import { check, http } from 'stressrun';
  export default async () => {
    const post = (path: string, more: object = {}) => http.post(path, { body: 'x'.repeat(100_000), ...more });
    check(await post('/usual'), { usual: (r) => r.status === 200 });
    check(await post('/asked', { expectContinue: true }), { asked: (r) => r.status === 200 });
    check(await post('/not', { expectContinue: false }), { not: (r) => r.status === 200 });
    check(await post('/header', { headers: { Expect: '100-continue' } }), { header: (r) => r.status === 200 });
    check(await post('/big', { expectContinue: '5s', expect: 413 }), { refused: (r) => r.status === 413 && r.text() === 'no' });
  };`;

test.each([
  ['', false],
  [', expect_continue: true', true],
  [', expect_continue: 500ms', true],
])('environment { … %s }: uploads ask first where they or it say so, and a refusal is the answer', async (setting, isAsked) => {
  const { base, seen } = await askedServer();
  const { at } = project({ 'config.yaml': `environments: { t: { base_url: "${base}"${setting} } }\n`, 'a.ts': SCRIPT });
  const { run } = await load([at('a.ts'), '--env', 't', '--once'], { env: { STRESSRUN_HTTP_CLIENT: 'own' } });
  expect(run.checks.map(({ name, passes, fails }) => `${name} ${passes} ${fails}`).sort()).toEqual([
    'asked 1 0',
    'header 1 0',
    'not 1 0',
    'refused 1 0',
    'usual 1 0',
  ]);
  expect(seen).toEqual([
    ['/usual', isAsked, 100_000],
    ['/asked', true, 100_000],
    ['/not', false, 100_000],
    ['/header', true, 100_000],
    ['/big', true, 'refused'],
  ]);
});

test('undici cannot do it, and says so: an environment is 104, a request an error of the script', async () => {
  const { base, seen } = await askedServer();
  const run = (setting: string, options: string) => {
    const { at } = project({
      'config.yaml': `environments: { t: { base_url: "${base}", http_client: undici${setting} } }\n`,
      'a.ts': `import { http } from 'stressrun';\nexport default async () => void (await http.post('/x', { body: 'a', ${options} }));`,
    });
    return cli([at('a.ts'), '--env', 't', '--once'], { env: { STRESSRUN_HTTP_CLIENT: '' } });
  };
  for (const [setting, where] of [
    [', expect_continue: true', 'expect_continue'],
    [', headers: { Expect: 100-continue }', 'headers.Expect'],
  ] as const) {
    const { exitCode, stderr } = await run(setting, '');
    expect(exitCode).toBe(104);
    expect(stderr).toContain(`environments.t.${where}: expected none with http_client: undici, which cannot wait for an answer 100`);
  }
  for (const options of ['expectContinue: true', "headers: { expect: '100-continue' }"]) {
    const { exitCode, stdout, stderr } = await run('', options);
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toMatch(
      /http: (expectContinue|headers\.expect): undici \(http_client of the environment\) cannot wait for an answer 100/,
    );
  }
  expect(seen).toEqual([]);
});
