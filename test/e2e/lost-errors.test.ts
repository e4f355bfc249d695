import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** A script whose iterations, hooks and module level are the test's; the options forbid errors of iterations. */
function script(text: string, options = 'vus: 1, iterations: 3'): string {
  return project({
    'lost.ts': `import { group, http, sleep, vu } from 'stressrun';
export const options = { ${options}, thresholds: { max_iteration_errors: 0 } };
${text}
`,
  }).at('lost.ts');
}

/** Ways to lose an error: nobody awaits what threw it. */
const WAYS = {
  'an async callback of forEach': `['/a', '/b'].forEach(async (path) => { const res = await http.get(path); res.json('not.there').length; });`,
  'a then() that nobody awaits': `http.get('/a').then((res) => res.json('not.there').length);`,
  'a promise that is made and rejected': `new Promise((_, reject) => setTimeout(() => reject(new TypeError('made')), 5));`,
  'a timer': `setTimeout(() => { throw new TypeError('of a timer'); }, 5);`,
  'an async timer': `setTimeout(async () => { await http.get('/a'); throw new TypeError('of an async timer'); }, 5);`,
  'a microtask': `queueMicrotask(() => { throw new TypeError('of a microtask'); });`,
  'a group that nobody awaits': `group('shop', async () => { await http.get('/a'); throw new TypeError('in a group'); });`,
  'a chain of two requests': `(async () => { await http.get('/a'); await http.get('/b'); throw new TypeError('late'); })();`,
};

test.concurrent.each(Object.entries(WAYS))('%s: each of 3 iterations fails, and the error has its line', async (_way, lines) => {
  const target = await startTarget();
  const { exitCode, run } = await load([
    script(`export default async () => { ${lines} await sleep('100ms'); };`),
    '--base-url',
    target.url,
  ]);
  expect(run.thresholds).toMatchObject([{ outcome: 'missed', actual: 3 }]);
  expect(exitCode).toBe(99);
  const [error] = run.errors;
  expect(error).toMatchObject({ kind: 'script', name: expect.stringMatching(/^TypeError: .*\(nobody handled it: a missing await\?\)/) });
  expect(error?.sample).toMatch(/lost\.ts:3/);
});

test.concurrent('errors of 20 users in one turn fail 20 iterations, in the scenario whose they are', async () => {
  const target = await startTarget();
  const path = project({
    'lost.ts': `import { http } from 'stressrun';
export const options = { scenarios: {
  good: { executor: 'per-vu-iterations', vus: 20, iterations: 5, exec: 'good' },
  bad: { executor: 'per-vu-iterations', vus: 4, iterations: 5, exec: 'bad' } } };
export const good = async () => { await http.get('/good'); };
export const bad = async () => { http.get('/bad').then(() => { throw new Error('nobody sees me'); }); };
`,
  }).at('lost.ts');
  const { run } = await load([path, '--base-url', target.url, '--workers', '1']);
  expect(run.errors).toMatchObject([{ kind: 'script', count: 20, name: expect.stringContaining('nobody sees me') }]);
  expect(run.metrics['iteration_errors']).toMatchObject({ values: { count: 20 } });
});

test.concurrent('an error that is handled later than a turn, or by whoever awaits the group, is none', async () => {
  const target = await startTarget();
  const path = script(`export default async () => {
  await group('shop', async () => { throw new Error('seen'); }).catch(() => undefined);
  await Promise.allSettled([Promise.reject(new Error('settled')), http.get('/a').then(() => { throw new Error('settled too'); })]);
  try { await new Promise((_, reject) => setTimeout(() => reject(new Error('awaited')), 5)); } catch {}
};`);
  const { exitCode, run } = await load([path, '--base-url', target.url]);
  expect([exitCode, run.errors]).toEqual([0, []]);
});

test.concurrent('what an interrupted iteration breaks in is no error of the script', async () => {
  const target = await startTarget({ '/slow': { delayMs: 30_000 } });
  const path = script(
    `export default async () => { http.get('/slow').then((res) => res.json('a')); await sleep('20s'); };`,
    `scenarios: { default: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '0s' } }`,
  );
  const { run } = await load([path, '--base-url', target.url]);
  expect(run.errors).toEqual([]);
});

const HOOKS = {
  'setup()': `export const setup = async () => { ['/a'].forEach(async (path) => { await http.get(path); throw new Error('in vain'); }); };`,
  'teardown()': `export const teardown = () => { Promise.reject(new Error('in vain')); };`,
  'module level': `(async () => { throw new Error('in vain'); })();`,
  'VU 1 could not be prepared': `export const vuSetup = () => { setTimeout(() => undefined, 1); (async () => { throw new Error('in vain'); })(); };`,
};

test.concurrent.each(Object.entries(HOOKS))('%s that loses an error is a 107 with the line', async (where, text) => {
  const target = await startTarget();
  const path = script(`${text}\nexport default async () => { await http.get('/iteration'); };`);
  const { exitCode, stdout, stderr } = await cli([path, '--base-url', target.url]);
  expect(exitCode).toBe(107);
  expect(stdout + stderr).toContain(where);
  expect(stdout + stderr).toMatch(/Error: in vain \(nobody handled it: a missing await\?\)[\s\S]*lost\.ts:3/);
});

test.concurrent("a timer that setup() leaves behind, and that throws, ends the run: the error is setup()'s", async () => {
  const target = await startTarget();
  const path = script(
    `export const setup = () => { setTimeout(() => { throw new Error('too late'); }, 400); };
export default async () => { await sleep('50ms'); };`,
    `vus: 1, duration: '20s'`,
  );
  const { exitCode, run } = await load([path, '--base-url', target.url]);
  expect([exitCode, run.verdict.reasons[0]]).toEqual([107, expect.stringMatching(/^setup\(\) left work behind[\s\S]*too late/)]);
});

test.concurrent.each(['http.get("/token")', 'sleep(1)'])(
  '%s at module level is a 107 at once, with the line and the remedy',
  async (call) => {
    const target = await startTarget();
    const path = script(`const token = ${call};\nexport default async () => { await token; };`);
    const [run, check] = await Promise.all([cli([path, '--base-url', target.url]), cli(['check', path, '--base-url', target.url])]);
    for (const { exitCode, stderr } of [run, check]) {
      expect(exitCode).toBe(107);
      expect(stderr).toMatch(/at module level: use setup\(\)[\s\S]*lost\.ts:3/);
    }
    expect(target.counts()).toEqual({});
  },
);

test.concurrent('using gives back at the end of its block, await using too', async () => {
  const target = await startTarget();
  const path = script(
    `class Lease { [Symbol.dispose]() { console.log('given back'); } async [Symbol.asyncDispose]() { await http.get('/back'); } }
export default async () => { { using lease = new Lease(); console.log('in', typeof lease); } { await using later = new Lease(); void later; } };`,
    'vus: 1, iterations: 1',
  );
  const { exitCode, stderr } = await cli([path, '--base-url', target.url]);
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/in object[\s\S]*given back/);
  expect(target.counts()).toMatchObject({ '/back': 1 });
});

test.concurrent.each(['https://127.0.0.1:9/pick.js', '//cdn.invalid/pick.js', 'npm:lodash'])(
  'import from %s is a 104 that says what to do',
  async (name) => {
    const { exitCode, stderr } = await cli([script(`import { pick } from '${name}';\nexport default () => { pick(); };`)]);
    expect(exitCode).toBe(104);
    expect(stderr).toMatch(/lost\.ts:3:\d+: cannot import ".+": scripts cannot import over the network/);
    expect(stderr).toContain('keep a copy');
  },
);
