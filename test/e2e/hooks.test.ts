import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Two users do one iteration each; what the hooks are is the test's. */
function script(hooks: string): string {
  return project({
    'hooks.ts': `import { http, vu } from 'stressrun';
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

test.concurrent('vuTeardown() that never yields ends in 115, and the load before it is in the report all the same', async () => {
  const target = await startTarget();
  const { exitCode, run } = await load([script(`export function vuTeardown() { for (;;) {} }`), '--base-url', target.url]);
  expect([exitCode, run.run.exitCode]).toEqual([115, 115]);
  expect(run.requests.at(-1)?.count).toBe(2);
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
