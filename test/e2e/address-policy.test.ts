import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { printTable } from '../support/print-table.ts';
import { project, temporaryFolder } from '../support/project.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** A server on one address of this machine; `?to=` redirects. Whoever reaches it is counted. */
async function serverOn(address: string): Promise<{ port: number; url: string; reached: string[] }> {
  const reached: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    reached.push(request.url ?? '');
    const to = new URL(request.url ?? '', 'http://x').searchParams.get('to');
    if (to === null) response.end('{"status":"ok"}');
    else response.writeHead(302, { location: to }).end();
  });
  await new Promise<void>((done) => server.listen(0, address, done));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://${address}:${port}`, reached };
}

const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '127.0.0.1.',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '%31%32%37.0.0.1',
  '１２７。０。０。１',
  '①②⑦.0.0.1',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[64:ff9b::7f00:1]',
  '[::1]',
  '[::]',
  '0.0.0.0',
  '0',
  'localhost',
  'LOCALHOST.',
  'me:secret@127.0.0.1',
];
const METADATA = [
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '[fd20:ce::254]',
  '[fd00:c1::a9fe:a9fe]',
];
/** The environment's own address, 127.0.0.2. */
const OWN = ['127.0.0.2', '127.2', '2130706434', '0x7f000002', '[::ffff:127.0.0.2]', '１２７.0.0.2'];

const VISITOR = `import { env, http } from 'stressrun';
export default async () => {
  for (const [i, url] of (JSON.parse(env.URLS) as string[]).entries()) await http.get(url, { name: env.KIND + ' ' + i, timeout: '5s' });
};
`;

/** Asks for each URL once in one run. @returns for each the kind of its failure; '' when it was answered */
async function visit(base: string, urls: readonly string[], more = ''): Promise<string[]> {
  const { at } = project({
    'visitor.ts': VISITOR,
    'config.yaml': `warm_up: { requests: 0 }\nenvironments: { own: { base_url: "${base}"${more} } }\n`,
  });
  const { run, exitCode } = await load([
    at('visitor.ts'),
    '--iterations',
    '1',
    '--users',
    '1',
    '-e',
    `URLS=${JSON.stringify(urls)}`,
    '-e',
    'KIND=url',
  ]);
  expect(exitCode).toBe(0);
  expect(run.requests.at(-1)?.count).toBe(urls.length);
  return urls.map((_, i) => run.errors.find(({ name }) => name === `url ${i}`)?.kind ?? '');
}

test(`${LOOPBACK.length} spellings of this machine, and ${METADATA.length} of metadata addresses, are refused and counted; ${OWN.length} of the environment's own host are not`, async () => {
  const [own, forbidden] = [await serverOn('127.0.0.2'), await serverOn('127.0.0.1')];
  const strangers = [...LOOPBACK, ...METADATA].map((host) => `http://${host}:${forbidden.port}/direct`);
  const ours = OWN.map((host) => `http://${host}:${own.port}/direct`);
  const kinds = await visit(own.url, [...strangers, ...ours]);
  printTable(
    'Where a script may go',
    [...strangers, ...ours].map((url, i) => [url, kinds[i] === '' ? 'answered' : (kinds[i] ?? '')]),
  );
  expect(kinds).toEqual([...Array<string>(strangers.length).fill('blocked-address'), ...Array<string>(ours.length).fill('')]);
  expect(forbidden.reached).toEqual([]);
  expect(own.reached.filter((path) => path === '/direct')).toHaveLength(OWN.length);
});

test('every hop of a redirect is judged: 9 ways to this machine and to metadata are refused at the second hop', async () => {
  const [own, forbidden] = [await serverOn('127.0.0.2'), await serverOn('127.0.0.1')];
  const to = [...LOOPBACK.slice(0, 6), ...METADATA.slice(0, 2)].map((host) => `http://${host}:${forbidden.port}/redirected`);
  const twice = `${own.url}/?to=${encodeURIComponent(`http://127.1:${forbidden.port}/redirected`)}`;
  const kinds = await visit(
    own.url,
    [...to, twice].map((url) => `/?to=${encodeURIComponent(url)}`),
  );
  expect(kinds).toEqual(Array(9).fill('blocked-address'));
  expect(forbidden.reached).toEqual([]);
  expect(own.reached.filter((path) => path.startsWith('/?to='))).toHaveLength(10);
});

test('an address that allow_hosts names is asked, at its own port and no other', async () => {
  const [own, listed, other] = [await serverOn('127.0.0.2'), await serverOn('127.0.0.3'), await serverOn('127.0.0.3')];
  const more = `, allow_hosts: ["127.0.0.3:${listed.port}"]`;
  expect(await visit(own.url, [`${listed.url}/`, `${other.url}/`, `http://0x7f.3:${listed.port}/`], more)).toEqual([
    '',
    'blocked-address',
    '',
  ]);
  expect(other.reached).toEqual([]);
});

test('8 ways around the production guard end with 104 or as counted refusals; named with --allow-production the load may go there', async () => {
  const [staging, prod] = [await serverOn('127.0.0.2'), await serverOn('127.0.0.1')];
  const { at } = project({
    'visitor.ts': VISITOR,
    'config.yaml': `warm_up: { requests: 0 }
defaults: { environment: staging }
environments:
  staging: { base_url: "${staging.url}" }
  opened: { base_url: "${staging.url}", allow_hosts: ["127.0.0.0/8"] }
  prod: { base_url: "${prod.url}", production: true, max_users: 2, max_rps: 50 }
`,
  });
  const run = (urls: string[], ...args: string[]) => {
    const variables = ['-e', `URLS=${JSON.stringify(urls)}`, '-e', 'KIND=url'];
    return cli([at('visitor.ts'), '--iterations', '3', ...variables, '--run-dir', temporaryFolder(), ...args]);
  };
  const ways: [way: string, result: ReturnType<typeof cli>][] = [
    ['--env prod', run(['/'], '--env', 'prod')],
    ['--base-url with its address', run(['/'], '--base-url', prod.url)],
    ['--base-url with its address spelled otherwise', run(['/'], '--base-url', `http://0x7f.1:${prod.port}`)],
    ['--base-url with a name that resolves to it', run(['/'], '--base-url', `http://localhost:${prod.port}`)],
    ['allow_hosts of another environment', run([`${prod.url}/`], '--env', 'opened')],
    ['another name with --allow-production', run(['/'], '--env', 'prod', '--allow-production', 'staging')],
  ];
  const codes = await Promise.all(ways.map(async ([way, result]) => [way, (await result).exitCode, (await result).stderr] as const));
  for (const [way, exitCode, stderr] of codes) {
    expect([way, exitCode]).toEqual([way, 104]);
    expect(stderr).toMatch(/--allow-production: expected "prod", because/);
  }
  const inScript = await visitFrom(at('visitor.ts'), [`${prod.url}/absolute`, `/?to=${encodeURIComponent(`${prod.url}/redirected`)}`]);
  printTable('Ways around the production guard', [
    ...codes.map(([way, exitCode]) => [way, exitCode ?? '']),
    ['an absolute URL in the script', inScript[0] ?? ''],
    ['a redirect', inScript[1] ?? ''],
  ]);
  expect(inScript).toEqual(['blocked-address', 'blocked-address']);
  expect(prod.reached).toEqual([]);

  expect((await run(['/'], '--env', 'prod', '--allow-production', 'prod')).exitCode).toBe(0);
  expect(prod.reached).not.toEqual([]);
  const tooMany = await run(['/'], '--env', 'prod', '--allow-production', 'prod', '--users', '3');
  expect([tooMany.exitCode, tooMany.stderr]).toEqual([
    104,
    expect.stringContaining('environments.prod.max_users: expected at most 2 users'),
  ]);
});

async function visitFrom(script: string, urls: readonly string[]): Promise<string[]> {
  const { run } = await load([script, '--iterations', '1', '--users', '1', '-e', `URLS=${JSON.stringify(urls)}`, '-e', 'KIND=url']);
  return urls.map((_, i) => run.errors.find(({ name }) => name === `url ${i}`)?.kind ?? '');
}

test('max_rps of 20 holds a run of 4 busy users to at most 20 requests a second, and what they waited for it is in no latency', async () => {
  const own = await serverOn('127.0.0.2');
  const { at } = project({
    'busy.ts': "import { http } from 'stressrun';\nexport default async () => { await http.get('/busy'); };\n",
    'config.yaml': `warm_up: { requests: 0 }\nenvironments: { own: { base_url: "${own.url}", max_rps: 20 } }\n`,
  });
  const { exitCode, run } = await load([at('busy.ts'), '--users', '4', '--duration', '3s', '--workers', '2']);
  expect(exitCode).toBe(0);
  expect(run.notes).toContainEqual(expect.stringMatching(/^max_rps: 20 of environments\.own held the load back/));
  expect(run.requests[0]?.responseTimeMs?.p50, 'with the wait it would be 200 ms').toBeLessThan(100);
  const seen = own.reached.filter((path) => path === '/busy').length;
  expect(seen).toBeGreaterThan(20);
  expect(seen).toBeLessThanOrEqual(3 * 20 + 4);
});
