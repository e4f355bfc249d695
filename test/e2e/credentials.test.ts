import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startSink } from '../support/sink.ts';
import { type SeenRequest, startTarget, type TargetServer } from '../support/target-server.ts';

/** One of each kind; each a word that stands nowhere else. */
const KIND = {
  bearer: 'Zr7QwK2mVt9XbLc4NdPfHs6GyJaEuRo3TiWkMq8Bv1CxDz5F',
  password: 'Pw4/ kYq+Hn"7uTz=Lx2%Rb9',
  apiKey: 'kAm3ZpT7vQx9LwR2yNc5',
  envCookie: 'cV8nB3mQz6XtLk1JhGfD',
  secret: 'sT5wYq/8+Rz2=Kx"7 Vn4%Jb',
  otherName: 'Qx7vN2kLp9RtZw4YbHs6MdGc', // a header whose value alone looks like one
  ownBearer: 'oW9eRt3YuIp5AsDf7GhJkLz1',
  ownKey: 'xCv6BnM2qWe8RtY4uIoP',
  ownQuery: 'mNb1VcX9zLk3JhG7fDsA',
  ownCookie: 'pLo5KiJ8uHy2GtF6rDeS',
  jarCookie: 'wSx4EdC7rFv1TgB9yHnU',
  variable: 'jMk6NhB3gVf8CdX2sZaQ',
} as const;

/** Everything that a request brought, as a careless server answers it: as it is, encoded, decoded, in headers. */
function echo({ headers, query }: SeenRequest): { status: number; headers: Record<string, string>; body: string } {
  const said = { ...headers, ...query, basic: decodedBasic(headers.authorization) };
  const one = headers.authorization ?? String(headers['x-api-key'] ?? '');
  return {
    status: 403,
    headers: {
      'set-cookie': `sid=${KIND.jarCookie}; Path=/`,
      'x-request-id': one.replace(/[^\x21-\x7e]/g, ''),
      'server-timing': `${one.replace(/[^\w]/g, '')};dur=3`,
      'x-echo': encodeURIComponent(JSON.stringify(said)).slice(0, 4_000),
    },
    body: JSON.stringify({ refused: said, form: new URLSearchParams(query as Record<string, string>).toString(), b64: btoa(one) }),
  };
}

function decodedBasic(authorization = ''): string {
  return authorization.startsWith('Basic ') ? Buffer.from(authorization.slice(6), 'base64').toString() : '';
}

/** Parts of six characters: nothing so long of a credential may be seen. */
function parts(value: string): string[] {
  const spellings = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), btoa(value).replace(/=+$/, '')];
  return spellings.flatMap((text) => Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6)));
}

function expectNone(outputs: readonly (readonly [where: string, text: string])[], values: readonly string[]): void {
  const found = outputs.flatMap(([where, text]) =>
    values.filter((value) => parts(value).some((part) => text.includes(part))).map((value) => `${value} in ${where}`),
  );
  expect(found).toEqual([]);
}

function filesIn(folder: string): [string, string][] {
  return readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

function configOf(target: TargetServer, elsewhere: TargetServer, auth: string): string {
  return `environments:
  it:
    base_url: ${target.url}
    allow_hosts: ["${elsewhere.url.replace('http://', '')}"]
    secrets: { TOKEN: ${JSON.stringify(KIND.secret)} }
    auth: ${auth}
    headers: { x-api-key: ${KIND.apiKey}, cookie: "sid=${KIND.envCookie}", x-tenant: ${KIND.otherName}, x-holds: ${JSON.stringify(`v1 ${KIND.secret}`)}, x-plain: shown }
`;
}

const AUTHS = {
  bearer: `{ bearer: ${KIND.bearer} }`,
  basic: `{ basic: { user: somebody, password: ${JSON.stringify(KIND.password)} } }`,
} as const;

const SCRIPT = (elsewhere: string): string => `import { check, env, http, log } from 'stressrun';
export const options = { vus: 1, iterations: 1 };
export default async () => {
  const own = { headers: { 'x-api-key': '${KIND.ownKey}' }, auth: { token: '${KIND.ownBearer}' }, cookies: { own: '${KIND.ownCookie}' } };
  const echoed = await http.get('/echo', { query: { api: env.TOKEN } });
  await http.get('/echo/' + encodeURIComponent(env.TOKEN));
  await http.get('/echo?api_key=${KIND.ownQuery}', { ...own, name: 'own' });
  await http.get('/echo', { name: 'named ' + env.TOKEN, tags: { with: env.TOKEN } });
  await http.get('/gone', { ...own, name: 'redirected' });
  await http.post('/gone', { json: { secret: env.TOKEN }, name: 'posted' });
  await http.get('${elsewhere}/direct', { name: 'elsewhere' });
  await http.get('${elsewhere}/back', { name: 'back' });
  log.info(echoed.text, env.TOKEN, env.API_TOKEN);
  log.warn(echoed.headers['x-echo']);
  check(echoed, { 'is let in': () => { throw new Error(echoed.text); } });
  try { (await http.get('/no-json')).json(); } catch (error) { log.error(error); }
  throw new Error('refused: ' + echoed.text + env.API_TOKEN);
};
export function handleSummary(data) {
  return { stdout: 'said ' + env.TOKEN + JSON.stringify(data), 'sum.json': JSON.stringify({ token: env.TOKEN, data }) };
}
`;

test.each(Object.entries(AUTHS))(
  'a target that echoes everything, under %s auth: no credential in any output, and none at another origin, along redirects neither',
  { timeout: 120_000 },
  async (_, auth) => {
    const elsewhere = await startTarget({
      '/back': { answer: () => ({ status: 302, headers: { location: `${target.url}/echo?from=there` } }) },
    });
    const target: TargetServer = await startTarget({
      '/echo': { answer: echo },
      [`/echo/${encodeURIComponent(KIND.secret)}`]: { answer: echo },
      '/gone': { answer: ({ method }) => ({ status: method === 'GET' ? 302 : 303, headers: { location: `${elsewhere.url}/landed` } }) },
      '/no-json': { answer: ({ headers }) => ({ status: 403, body: `${'n'.repeat(66)} ${headers['x-api-key']} ${'n'.repeat(80)}` }) },
    });
    const sink = await startSink({ status: 204 });
    const { at, folder: cwd } = project({ 'config.yaml': configOf(target, elsewhere, auth), 'secret.ts': SCRIPT(elsewhere.url) });
    const { folder, stdout, stderr } = await load(
      [
        at('secret.ts'),
        '--http-debug=all',
        ...['-e', `API_TOKEN=${KIND.variable}`],
        ...['-o', `csv=${at('out.csv')}`, '-o', `json=${at('out.json')}`, '-o', `influxdb=${sink.url}/db`, '-o', `otlp=${sink.url}`],
      ],
      { cwd, env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: at('step.md') } },
    );
    sink.close();

    // they were sent where they belong
    const first = target.seen.find(({ path }) => path === '/echo');
    expect(first?.headers).toMatchObject({ 'x-api-key': KIND.apiKey, 'x-tenant': KIND.otherName, 'x-plain': 'shown' });
    expect(first?.headers['authorization']).toMatch(/^(Bearer|Basic) \S+$/);
    expect(target.seen.some(({ headers }) => headers['x-api-key'] === KIND.ownKey)).toBe(true);

    const outputs: [string, string][] = [
      ...filesIn(folder),
      ['stdout', stdout],
      ['stderr', stderr],
      ...['out.csv', 'out.json', 'sum.json', 'step.md'].map((name): [string, string] => [name, readFileSync(at(name), 'utf8')]),
      ...sink.seen.map(({ url, body }): [string, string] => [url, body.toString('latin1')]),
    ];
    const isBearer = auth === AUTHS.bearer;
    expectNone(
      outputs,
      Object.values(KIND).filter((value) => value !== (isBearer ? KIND.password : KIND.bearer)),
    );
    // what is hidden was there: the rest of the echo is
    expect(stderr).toContain('[redacted]');
    expect(stderr).toMatch(/> authorization: \[redacted\]/i);
    expect(stderr).toMatch(/> x-plain: shown/);
    expect(stderr).toMatch(/> x-api-key: \[redacted\]/);

    // nothing of them at another origin
    expect(elsewhere.counts()).toMatchObject({ '/landed': 2, '/direct': 1, '/back': 1 });
    for (const { headers, path } of elsewhere.seen) {
      expect(headers['x-plain'], path).toBe('shown');
      expectNone(
        [[path, JSON.stringify(headers)]],
        Object.values(KIND).filter((value) => value !== KIND.jarCookie),
      ); // cookies know no ports
      expect(Object.keys(headers)).not.toContain('authorization');
    }
  },
);

test('a credential that stands where a text is cut, at each of its 40 places: nothing of it is seen', { timeout: 120_000 }, async () => {
  const length = 40;
  const token = KIND.bearer.slice(0, length);
  // the start of an answer in an error is 200 characters long, that of a debugged one 1,000
  const target = await startTarget({
    '/cut': {
      answer: ({ query }) => ({ status: 403, body: `${'n'.repeat(200 - Number(query['at']))}${token}${'n'.repeat(50)}` }),
    },
    '/debug': {
      answer: ({ query }) => ({ status: 403, body: `${'n'.repeat(1_000 - Number(query['at']))}${token}${'n'.repeat(50)}` }),
    },
  });
  const { at, folder: cwd } = project({
    'config.yaml': `environments:\n  it: { base_url: "${target.url}", auth: { bearer: ${token} } }\n`,
    'cut.ts': `import { http, log } from 'stressrun';
export const options = { vus: 1, iterations: 1 };
export default async () => {
  for (let at = 1; at <= ${length}; at++) {
    await http.get('/cut?at=' + at, { name: 'cut ' + at });
    await http.get('/debug?at=' + at, { name: 'debug ' + at, expect: 403 });
    log.info('n'.repeat(16384 - at) + '${token}');
  }
};
`,
  });
  const { folder, run, stdout, stderr } = await load([at('cut.ts'), '--http-debug=all'], { cwd });
  expect(run.errors).toHaveLength(length);
  expectNone([...filesIn(folder), ['stdout', stdout], ['stderr', stderr]], [token]);
});

test('the web UI and its API show no credential of a target that echoes them', { timeout: 120_000 }, async () => {
  const elsewhere = await startTarget();
  const target = await startTarget({ '/echo': { answer: echo } });
  const { at, folder: cwd } = project({
    'config.yaml': configOf(target, elsewhere, AUTHS.basic),
    'ui.ts': `import { env, http, log } from 'stressrun';
export const options = { vus: 1, duration: '3s' };
export default async () => {
  const { text } = await http.get('/echo', { name: 'at ' + env.TOKEN });
  log.info(text);
  throw new Error(text);
};
`,
  });
  const ui = startCli([at('ui.ts'), '--ui=0', '--autoquit', '20', '--run-dir', temporaryFolder()], { cwd, timeoutMs: 110_000 });
  const [, base = ''] = await ui.printed(/web UI: (http:\S+?)\/?(?:\?\S*)?\s/);
  const { id } = (await until(
    async () => (await fetch(`${base}/api/v1/status`)).json(),
    (status) => (status as { id: unknown }).id !== null,
  )) as {
    id: string;
  };
  const texts: [string, string][] = [];
  const take = async (path: string): Promise<string> => {
    const text = await (await fetch(`${base}${path}`)).text();
    texts.push([path, text]);
    return text;
  };
  await until(
    () => take('/metrics'),
    (text) => text.includes('http_req'),
  );
  await take('/stats/requests');
  await until(
    () => take(`/api/v1/runs/${id}`),
    (text) => (JSON.parse(text) as { state: string }).state === 'ended',
  );
  await take(`/api/v1/runs/${id}/events`);
  await take('/api/v1/runs');
  await take('/api/v1/options');
  ui.signal('SIGTERM');
  const { stdout, stderr } = await ui.ended;
  expect(texts.some(([, text]) => text.includes('[redacted]'))).toBe(true);
  const used = [KIND.password, KIND.apiKey, KIND.envCookie, KIND.secret, KIND.otherName];
  expectNone([...texts, ['stdout', stdout], ['stderr', stderr]], used);
});

async function until<Value>(ask: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    const value = await ask().catch(() => undefined);
    if (value !== undefined && isThere(value)) return value;
    await new Promise((next) => setTimeout(next, 200));
  }
}
