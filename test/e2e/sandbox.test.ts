import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startWorkerProcess } from '../../runtime/cluster/worker-process.ts';
import { cli, load, REPOSITORY } from '../support/cli.ts';
import { probe } from '../support/escaped-probe.ts';
import { firstMessage, liar } from '../support/fake-worker.ts';
import { buildWithWorker } from '../support/other-build.ts';
import { linkPackages, project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const WORKER_FILE = resolve(REPOSITORY, 'dist/worker.cjs');

test.concurrent('4 VUs of 2 workers keep their module state, and what one of them pollutes reaches no other', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'pollution.ts': `import { check, http, vu } from 'stressrun';
export const options = { scenarios: { each: { executor: 'per-vu-iterations', vus: 4, iterations: 10 } } };
let iterations = 0;
const attempt = (pollute: () => void): void => { try { pollute(); } catch { /* refused, which is as good */ } };
export default async () => {
  iterations++;
  const res = await http.get('/');
  if (vu.id === 1) {
    attempt(() => { (Object.prototype as { polluted?: number }).polluted = 1; });
    attempt(() => { JSON.stringify = () => 'polluted'; });
    attempt(() => { Array.prototype.map = () => ['polluted'] as never; });
    attempt(() => { Promise.prototype.then = () => Promise.reject('polluted') as never; });
    attempt(() => { (http.get as unknown as { polluted: number }).polluted = 1; });
    attempt(() => { Object.getPrototypeOf(res).json = () => 'polluted'; });
    (globalThis as { polluted?: number }).polluted = 1;
    return;
  }
  check(res, {
    'counts its own iterations': () => iterations === vu.iteration + 1,
    'plain objects are plain': () => !('polluted' in {}),
    'JSON is JSON': () => JSON.stringify([1].map((x) => x)) === '[1]',
    'promises resolve': async () => (await Promise.resolve(2).then((x) => x)) === 2,
    'answers are read': (r) => r.json('status') === 'ok',
    'functions of the API are clean': () => !('polluted' in http.get),
    'the global object is its own': () => !('polluted' in globalThis),
  });
};
`,
  });
  const { exitCode, run } = await load([at('pollution.ts'), '--base-url', url, '--workers', '2']);
  expect(exitCode).toBe(0);
  expect(run.checks.map(({ passes, fails }) => [passes, fails])).toEqual(Array(7).fill([30, 0]));
  expect(run.metrics['iteration_errors']?.values['count']).toBe(0);
});

test.concurrent('packages from npm run in the sandbox: a schema, an address parser and an edit distance', async () => {
  const { url } = await startTarget();
  const scripts = project({
    'packages.ts': `import { check, http } from 'stressrun';
import { distance } from 'fastest-levenshtein';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
const answer = z.strictObject({ status: z.enum(['ok', 'busy']) });
export default async () => {
  const res = await http.get('/');
  check(res, {
    'fits its schema': (r) => answer.safeParse(r.json()).success,
    'another does not': () => !answer.safeParse({ status: 1, more: 2 }).success,
    'an address has its range': () => ipaddr.parse('10.1.2.3').range() === 'private',
    'two words are 3 edits apart': () => distance('kitten', 'sitting') === 3,
  });
};
`,
  });
  linkPackages(scripts);
  const { exitCode, run } = await load([scripts.at('packages.ts'), '--base-url', url, '--users', '2', '--iterations', '4']);
  expect(exitCode).toBe(0);
  expect(run.checks.map(({ passes, fails }) => [passes, fails])).toEqual(Array(4).fill([4, 0]));
});

test.concurrent.each([1, 4])(
  'a script that does everything wrong fails its own iterations, and the run comes to its end, with %i users',
  async (users) => {
    const { url } = await startTarget();
    const { at } = project({
      'hostile.ts': `import { check, group, http, log, metrics, random, sleep, test, vu } from 'stressrun';
// What TypeScript would forbid: a script may be JavaScript.
const made = metrics.counter('made') as unknown as { add(...values: unknown[]): boolean };
const long = 'x'.repeat(100_000);
const wrongs: (() => unknown)[] = [
  () => made.add(1, { n: 1, o: {}, long, none: undefined }),
  () => made.add(1, { [long]: 'x' }),
  () => made.add(Symbol('s')),
  () => made.add(1e308) && made.add(1e308),
  () => http.get('/' + long),
  () => http.get('/', { name: long, tags: { long } }),
  () => http.get('/', { headers: { 'bad\\nname': 'bad\\nvalue' } }),
  () => http.get('http://'),
  () => http.get('/\\uD800'),
  () => check(1, { [long]: () => true, 'throws': () => { throw Object.create(null); } }),
  () => group(long, () => group(long, () => group(long, () => group(long, () => group(long, () => check(1, { deep: () => true })))))),
  () => { throw Symbol('thrown'); },
  () => { const e = new Error(long); Object.defineProperty(e, 'name', { value: Symbol('n') }); throw e; },
  () => { void Promise.reject(Object.assign(new Error('nobody handles it'), { name: Symbol('n') })); },
  () => { void (async () => { await sleep(0.01); throw Symbol('later'); })(); },
  () => { setTimeout(() => { throw null; }, 1); return sleep(0.02); },
  () => log.info(long, { get a() { throw 1; } }, new Uint8Array(1e7)),
  () => { for (let i = 0; i < 20_000; i++) log.info(i); },
  () => { for (let i = 0; i < 2_000; i++) test.fail('again ' + i); },
  () => random.item([]),
  () => { const f = (): number => f() + 1; return f(); },
  () => { for (let i = 0; i < 1_500; i++) setInterval(() => undefined, 1e6); },
  () => Promise.all(Array.from({ length: 500 }, () => sleep(0.001))),
  () => structuredClone(() => 1),
  () => { (globalThis as { Error: unknown }).Error = 1; (Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = () => { throw 1; }; throw new Error('formatted badly'); },
];
export const options = { scenarios: { each: { executor: 'per-vu-iterations', vus: ${users}, iterations: 25 } } };
export default async () => { await wrongs[vu.iteration % wrongs.length]?.(); };
`,
    });
    const { exitCode, run, stderr } = await load([at('hostile.ts'), '--base-url', url, '--workers', '2']);
    expect(run.verdict.outcome).toBe('failed'); // by test.fail
    expect(exitCode).toBe(110);
    expect(run.metrics['iterations']?.values['count']).toBe(25 * users);
    const errors = run.metrics['iteration_errors']?.values['count'] ?? 0;
    if (users === 1) expect(errors).toBe(11);
    // three of a user's errors are handled by nobody; until the first is lost, those of users that woke in one turn may change places (DECISIONS)
    else expect(Math.abs(errors - 11 * users)).toBeLessThanOrEqual(3 * (users - 1));
    expect(run.verdict.reasons.join()).not.toMatch(/worker/);
    expect(stderr).not.toMatch(/internal error|died/);
  },
);

test.concurrent('4 iterations that are cut short leave no errors behind, whatever they had not awaited', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'cut-short.ts': `import { check, http, sleep } from 'stressrun';
export const options = { scenarios: { short: { executor: 'constant-vus', vus: 4, duration: '1s', gracefulStop: '0s' } } };
export default async () => {
  void sleep(50);
  void http.get('/').then(() => sleep(40));
  void check(1, { later: async () => { await sleep(30); return true; } });
  await Promise.all([sleep(20), (async () => { await sleep(25); })()]);
};
`,
  });
  const { exitCode, run } = await load([at('cut-short.ts'), '--base-url', url]);
  expect([exitCode, run.starts.begun, run.starts.interrupted]).toEqual([0, 4, 4]);
  expect([run.errors, run.checks]).toEqual([[], []]);
});

test('a worker that was built without a protection of vm2 runs no script, and says what is missing: no fault of the script, exit code 1', async () => {
  const target = await startTarget();
  const { at } = project({ 'any.ts': "import { http } from 'stressrun';\nhttp.url('/');\nexport default () => http.get('/');\n" });
  const args = [at('any.ts'), '--base-url', target.url, '--iterations', '1', '--users', '1', '--run-dir', temporaryFolder()];
  const { exitCode, stderr } = await cli(args, { main: await buildWithWorker({ plugins: [] }) });
  expect(stderr).toContain(
    'stressrun: worker 1 runs no script: its sandbox must have all protections of vm2; these are not in place: what comes out of async generators',
  );
  expect(stderr).toContain('hint: this is a fault of the installation');
  expect([exitCode, target.seen.length]).toEqual([1, 0]);
});

test('code that broke out of a worker finds one readable file and no door: no process, no thread, no add-on, no code from texts', async () => {
  const result = await probe(temporaryFolder(), false);
  for (const attempt of [
    'read a file',
    'list a folder',
    'write a file',
    'start a process',
    'start a thread',
    'load an add-on',
    'reach internals',
    'make code from a text',
    'evaluate a text',
    'open the inspector',
    'write a report',
    'write to a database',
  ])
    expect([attempt, result[attempt]]).toEqual([attempt, expect.stringMatching(/^!/)]);
  expect(result['read its own file']).toBe('true');
});

test('after the worker has tamed itself not even its own file, its modules or a signal to its parent are left', async () => {
  const { 'find loaded modules': modules, fetch, 'see the environment': environment, ...others } = await probe(temporaryFolder(), true);
  expect([modules, fetch, environment]).toEqual(['none', 'absent', '{}']);
  expect(Object.entries(others).filter(([, result]) => !result.startsWith('!'))).toEqual([]);
});

test('a variable of the environment that is not on the list of 5 does not reach a worker', async () => {
  process.env['STRESSRUN_CANARY'] = 'a secret';
  const { 'see the environment': environment } = await probe(temporaryFolder(), false);
  delete process.env['STRESSRUN_CANARY'];
  const names = Object.keys(JSON.parse(environment ?? '') as object);
  const allowed = ['TZ', 'LANG', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'PWD', '_', 'SHLVL', 'OLDPWD'];
  expect(names.filter((name) => !allowed.includes(name) && !name.startsWith('NODE_CHANNEL'))).toEqual([]);
});

test('a worker leaves when its channel is closed, within 2 s', async () => {
  const worker = startWorkerProcess({ workerFile: WORKER_FILE, heapMb: 128, variables: {} });
  const { child, channel, release } = worker;
  expect(await firstMessage(worker)).toMatchObject({ type: 'ready', pid: child.pid });
  const exited = once(child, 'exit');
  channel.destroy();
  expect(await Promise.race([exited, pause(2_000, 'still there')])).toEqual([0, null]);
  release();
});

/** Of a snapshot all but its numbers. */
const SNAPSHOT_TEXT = `type: 'snapshot', second: 0, period: 'measured', errors: [], starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
  activeUsers: 0, inFlight: 0, generator: null, overflowed: 0, kept: [], startsByScenario: []`;
test.each([
  ['a message that is none', "send({ type: 'exec', command: 'ls' })", 'a worker sent a message that is none'],
  ['a log of the wrong level', "send({ type: 'log', vu: 0, level: 9, text: 'x' })", 'a worker sent a message that is none'],
  ['a text of 100,000 characters', "send({ type: 'abort', vu: 0, reason: 'x'.repeat(100_000) })", 'a worker sent a message that is none'],
  ['garbage of 4 KiB', "raw(require('crypto').randomBytes(4096).fill(0xff, 0, 8))", 'expected frames of at most'],
  // with an uncaught error in the coordinator: why workers do not speak over Node's IPC
  ["8 bytes that end a process with Node's own IPC", 'raw(Buffer.from([0, 0, 0, 4, 255, 255, 255, 255]))', 'expected frames of at most'],
  ['a frame that announces 4 GB', 'raw(Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]))', 'expected frames of at most'],
  ['JSON that is none', "frame(Buffer.from('{{{{'))", 'bytes that are no message'],
  ['20 MB of opening brackets', "frame(Buffer.alloc(20e6, '['))", 'or 64 levels'],
  [
    'a list of 5 million nothings',
    "send({ type: 'evaluated', needs: Array(5e6).fill(0), declaration: null, error: null })",
    'more than 2000000 values',
  ],
  [
    'bytes that belong to nothing',
    "send({ type: 'ready', pid: 1, tail: { field: '__proto__' } }, Buffer.from('x'))",
    'bytes that belong to nothing',
  ],
  [
    'a frame of another version',
    'raw(Buffer.from([6, 0, 0, 0, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0x30]))',
    'expected messages of version 1; got one of version 9',
  ],
  [
    'a snapshot that says a million buckets and has none',
    `send({ ${SNAPSHOT_TEXT}, series: [], tail: { field: 'numbers' } }, Buffer.from([1, 3, 1, 0, 0, 0, 0xc0, 0x84, 0x3d]))`,
    'a worker sent a snapshot that is none: expected at most 200000 buckets',
  ],
  ['60,000 messages at once', "for (let i = 0; i < 60_000; i++) send({ type: 'beat', rssBytes: 1 })", 'more than 5000 messages a second'],
])('a worker that sends %s is killed and lost: only a ClusterError comes of it', async (_, code, reason) => {
  const { error, heard, pid } = await liar(code);
  expect(error).toMatchObject({ code: 'SR_CLUSTER', message: expect.stringContaining(reason) });
  expect(error.message.length).toBeLessThan(500);
  expect(heard).toEqual(['ready']);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
