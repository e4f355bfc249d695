import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { descendantsOf } from '../support/processes.ts';
import { project } from '../support/project.ts';
import { spokenWorker } from '../support/spoken-worker.ts';
import { startTarget } from '../support/target-server.ts';
import { planOf } from '../unit/engine/scripted-host.ts';
import { environmentOf } from '../unit/net/servers.ts';

/** A loop is one when it has had seconds of a processor, which several of them share here. */
const PATIENT_MS = 110_000;
const PATIENT = { timeout: 120_000 };

/** Two users do one iteration each; what the hooks are is the test's. */
function script(hooks: string): string {
  return project({
    'hooks.ts': `import { http, sleep, vu } from 'stressrun';
export const options = { vus: 2, iterations: 2, setupTimeout: '1s', teardownTimeout: '1s' };
export default async (data) => { await http.get('/iteration', { query: { data: JSON.stringify(data) } }); };
${hooks}
`,
  }).at('hooks.ts');
}

test.concurrent("setup's data reaches iterations and teardown; vuSetup and vuTeardown run once for each of 2 users", async () => {
  const target = await startTarget();
  const path = script(`
export async function setup() { await http.get('/setup'); return { token: 7 }; }
export async function vuSetup(data) { await http.get('/vu-setup', { query: { token: data.token, vu: vu.id } }); }
export async function vuTeardown() { await http.get('/vu-teardown'); }
export async function teardown(data) { await http.get('/teardown', { query: { token: data.token } }); }`);
  const { exitCode, run } = await load([path, '--base-url', target.url]);
  expect(exitCode).toBe(0);
  expect(target.counts()).toEqual({ '/health': 1, '/setup': 1, '/vu-setup': 2, '/iteration': 2, '/teardown': 1, '/vu-teardown': 2 });
  const queries = (path: string) => target.seen.filter((request) => request.path === path).map(({ query }) => query);
  expect(queries('/iteration')).toEqual([{ data: '{"token":7}' }, { data: '{"token":7}' }]);
  expect(queries('/vu-setup')).toEqual(
    expect.arrayContaining([
      { token: '7', vu: '1' },
      { token: '7', vu: '2' },
    ]),
  );
  expect(queries('/teardown')).toEqual([{ token: '7' }]);
  // Only the iterations are load.
  expect(run.requests.map(({ name, count }) => [name, count])).toEqual([
    ['/iteration', 2],
    ['Aggregated', 2],
  ]);
});

test.concurrent('setup() that throws is a 107 with the line of the script, and no iteration begins', async () => {
  const target = await startTarget();
  const { exitCode, run, stdout } = await load([
    script(`export function setup() { throw new Error('no token'); }`),
    '--base-url',
    target.url,
  ]);
  expect([exitCode, run.verdict.outcome]).toEqual([107, 'error']);
  expect(run.verdict.reasons[0]).toMatch(/setup\(\) threw\nError: no token\n[\s\S]*hooks\.ts:4/);
  expect(stdout).toContain('no token');
  expect(target.counts()).toEqual({ '/health': 1 });
});

test.concurrent('setup() that takes longer than setupTimeout: 1s is a 100', async () => {
  const target = await startTarget({ '/slow': { delayMs: 10_000 } });
  const { exitCode, run } = await load([script(`export async function setup() { await http.get('/slow'); }`), '--base-url', target.url]);
  expect([exitCode, run.verdict.reasons[0]]).toEqual([100, expect.stringContaining('setup() did not end within 1 s')]);
  expect(target.counts()).toEqual({ '/health': 1, '/slow': 1 });
});

test.concurrent('teardown() that throws is a 107, and the load before it is in the report', async () => {
  const target = await startTarget();
  const { exitCode, run } = await load([
    script(`export function teardown() { throw new Error('cannot tidy up'); }`),
    '--base-url',
    target.url,
  ]);
  expect([exitCode, run.verdict.reasons[0]]).toEqual([107, expect.stringContaining('cannot tidy up')]);
  expect(run.requests.at(-1)).toMatchObject({ count: 2 });
});

test.concurrent('teardown() that takes longer than teardownTimeout: 1s is a 101', async () => {
  const target = await startTarget({ '/slow': { delayMs: 10_000 } });
  const { exitCode, run } = await load([script(`export async function teardown() { await http.get('/slow'); }`), '--base-url', target.url]);
  expect([exitCode, run.verdict.reasons[0]]).toEqual([101, expect.stringContaining('teardown() did not end within 1 s')]);
});

test.concurrent('vuSetup() that throws is a 107 naming the user, and no iteration begins', async () => {
  const target = await startTarget();
  const path = script(`export function vuSetup() { if (vu.id === 2) throw new Error('no login'); }`);
  const { exitCode, run } = await load([path, '--base-url', target.url]);
  expect([exitCode, run.verdict.reasons[0]]).toEqual([107, expect.stringMatching(/VU 2[\s\S]*no login/)]);
  expect(target.counts()).toEqual({ '/health': 1 });
});

test.concurrent('module level that throws is a 107 with the line of the script', async () => {
  const { exitCode, stdout, stderr } = await cli([script(`throw new Error('not today');`), '--base-url', 'http://127.0.0.1:1']);
  expect([exitCode, stdout]).toEqual([107, '']);
  expect(stderr).toMatch(/^stressrun: the script threw at module level\nError: not today\n {4}at \S+hooks\.ts:4:\d+\n/);
});

test.concurrent.each([
  ['setup', 'for (;;) {}', 0],
  ['vuSetup', 'for (;;) {}', 0],
  ['teardown', 'for (;;) {}', 2],
  ['handleSummary', 'for (;;) {}', 2],
  ['vuTeardown', 'for (;;) {}', 2],
  ['vuTeardown', 'for (;;) await null;', 2],
  ['vuTeardown', 'for (const all = []; ; ) all.push(new Array(100_000).fill(all.length));', 2],
])(
  '%s() that never yields (%s) ends in 115, whatever its timeout, and the %i requests before it are in the report',
  async (hook, code, count) => {
    const target = await startTarget();
    const path = script(`export async function ${hook}() { ${code} }`);
    const { exitCode, run } = await load([path, '--base-url', target.url, '--workers', '1'], { timeoutMs: PATIENT_MS });
    expect([exitCode, run.run.exitCode, run.verdict.reasons[0]]).toEqual([115, 115, expect.stringContaining('runaway script: ')]);
    expect(run.requests.at(-1)?.count ?? 0).toBe(count);
  },
);

/** So long nobody waits for vuTeardown(). */
const FINISH_PATIENCE_MS = 15_000;

test.concurrent('vuTeardown() that never yields ends in 115, however long its workers get no processor meanwhile', PATIENT, async () => {
  const target = await startTarget();
  const hook = `export async function vuTeardown() { await http.get('/vu-teardown'); for (;;) {} }`;
  let pid = 0;
  const ended = load([script(hook), '--base-url', target.url, '--workers', '1'], {
    onStart: (started) => (pid = started),
    timeoutMs: PATIENT_MS,
  });
  while (target.seen.every(({ path }) => path !== '/vu-teardown')) await pause(20);
  const workers = descendantsOf(pid).filter(({ command }) => command.includes('worker.cjs'));
  expect(workers.length).toBeGreaterThan(0);
  for (const worker of workers) process.kill(worker.pid, 'SIGSTOP');
  await pause(FINISH_PATIENCE_MS + 1_000);
  for (const worker of workers) process.kill(worker.pid, 'SIGCONT');
  const { exitCode, run } = await ended;
  expect([exitCode, run.verdict.reasons[0]]).toEqual([115, expect.stringMatching(/^runaway script: VU \d .*in vuTeardown\(\)/)]);
});

test.concurrent('vuTeardown() that throws in both users is a 107 naming the first and its line, once each has had its turn', async () => {
  const target = await startTarget();
  const hook = `export async function vuTeardown() { await http.get('/vu-teardown'); throw new Error('cannot log out'); }`;
  const { exitCode, run, stdout } = await load([script(hook), '--base-url', target.url]);
  expect([exitCode, run.run.exitCode, run.verdict.outcome]).toEqual([107, 107, 'error']);
  expect(run.verdict.reasons[0]).toMatch(/^vuTeardown\(\) of VU 1, and of 1 more, threw\nError: cannot log out\n[\s\S]*hooks\.ts:4/);
  expect(stdout).toContain('cannot log out');
  expect(target.counts()).toMatchObject({ '/iteration': 2, '/vu-teardown': 2 });
});

test.concurrent('vuTeardown() that sleeps for hours is waited for 15 s, and that is said', async () => {
  const target = await startTarget();
  const { exitCode, run } = await load([script(`export const vuTeardown = () => sleep(1e4);`), '--base-url', target.url]);
  expect(exitCode).toBe(0);
  expect(run.notes).toContain('vuTeardown() had not ended in every user after 15 s, and was waited for no longer');
});

test.concurrent('a worker that is killed in vuTeardown() costs no verdict, for the load was over, and that is said', async () => {
  const target = await startTarget();
  const hook = `export async function vuTeardown() { await http.get('/vu-teardown'); await sleep(1e4); }`;
  let pid = 0;
  const ended = load([script(hook), '--base-url', target.url, '--workers', '1'], { onStart: (started) => (pid = started) });
  while (target.seen.every(({ path }) => path !== '/vu-teardown')) await pause(20);
  for (const { pid: worker, command } of descendantsOf(pid)) if (command.includes('worker.cjs')) process.kill(worker, 'SIGKILL');
  const { exitCode, run } = await ended;
  expect(exitCode).toBe(0);
  expect(run.notes).toContainEqual(
    expect.stringMatching(/^worker \d died \(SIGKILL\): the load was over, but not vuTeardown\(\) of its users$/),
  );
});

test.concurrent('teardown() is not called when setup() threw: there is nothing to tear down', async () => {
  const target = await startTarget();
  const hooks = `
export function setup() { throw new Error('no token today'); }
export async function teardown() { await http.get('/teardown'); }`;
  const { exitCode } = await load([script(hooks), '--base-url', target.url]);
  expect(exitCode).toBe(107);
  expect(target.counts()['/teardown']).toBeUndefined();
});

test.concurrent('a password in the URL of a request is sent, and is in no name', async () => {
  const target = await startTarget();
  const path = project({
    'login.ts': `import { env, http } from 'stressrun';
export default async () => { await http.get(env.URL); };`,
  }).at('login.ts');
  const url = target.url.replace('http://', 'http://bob:s3cret@');
  const { run, stdout } = await load([path, '--base-url', target.url, '--iterations', '1', '-e', `URL=${url}/private`]);
  expect(run.requests[0]?.name).toMatch(/\/private$/);
  expect(JSON.stringify(run) + stdout).not.toContain('s3cret@');
});

/** A whole collection that was asked for; V8 begins some by itself, when it likes. */
const FORCED = /Mark-Compact.*testing/;

test.concurrent('what is left behind when users are made is collected before they are ready, with vuSetup() and without', async () => {
  for (const vuSetup of [false, true]) {
    const worker = await spokenWorker('export const vuSetup = () => undefined; export default () => undefined;');
    try {
      const environment = environmentOf('http://127.0.0.1:1');
      const scenarios = [planOf({ users: 2 })];
      await worker.ask({ type: 'prepare', scenarios, hasVuTeardown: false, environment }, 'prepared');
      expect(worker.collections()).not.toMatch(FORCED);
      await worker.ask({ type: 'data', json: '', vuSetup }, 'prepared');
      await vi.waitFor(() => expect(worker.collections()).toMatch(FORCED), { timeout: 10_000 });
    } finally {
      worker.kill();
    }
  }
});
