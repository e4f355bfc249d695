import { expect, test } from 'vitest';
import { cli, load, notesOf } from '../support/cli.ts';
import { countBy } from '../support/journal.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test.concurrent('an exception ends its iteration alone: 3 of 9 fail, with the TypeScript line in the report', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'throws.ts': `import { http, vu } from 'stressrun';
interface Body { status: string }
export default async (): Promise<void> => {
  const res = await http.get('/');
  if (vu.iteration === 1) throw new TypeError(\`no luck with \${res.json<Body>().status}\`);
};
`,
  });
  const { exitCode, run, stdout } = await load([at('throws.ts'), '--base-url', url, '--users', '3', '--iterations', '9']);
  expect(exitCode).toBe(0);
  expect(run.metrics['iterations']?.values['count']).toBe(9);
  expect(run.metrics['iteration_errors']?.values['count']).toBe(3);
  expect(run.errors).toMatchObject([
    { name: 'TypeError: no luck with ok', kind: 'script', count: 3, sample: expect.stringMatching(/throws\.ts:5:\d+/) },
  ]);
  expect(stdout).toMatch(/3 × [^\n]*TypeError: no luck with ok/);
});

test.concurrent('metrics of the script: NaN is refused with a warning, 4 numbers are 4 samples, and each type has its values', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'metrics.ts': `import { metrics } from 'stressrun';
const size = metrics.trend('size', { unit: 'data' }), good = metrics.rate('good'), made = metrics.counter('made'), depth = metrics.gauge('depth', { unit: 'time' });
export default () => {
  for (const value of [10, 20, Number.NaN, 30, 40]) size.add(value);
  good.add(true);
  good.add(false);
  good.add(Number.NaN);
  made.add(3);
  made.add(Number.POSITIVE_INFINITY);
  depth.add(7);
};
`,
  });
  const { exitCode, run, stdout } = await load([at('metrics.ts'), '--base-url', url, '--once']);
  expect(exitCode).toBe(0);
  expect(run.metrics['size']).toMatchObject({ type: 'trend', values: { count: 4, min: 10, max: 40, avg: 25 } });
  expect(run.metrics['good']).toMatchObject({ type: 'rate', values: { rate: 0.5, passes: 1, fails: 1 } });
  expect(run.metrics['made']).toMatchObject({ type: 'counter', values: { count: 3 } });
  expect(run.metrics['depth']).toMatchObject({ type: 'gauge', values: { value: 7 } });
  const left = 'left out, being no finite number (such as text, null, NaN)';
  expect(notesOf(run)).toEqual([
    `size: 1 value was ${left}`,
    'good: 1 value was left out, being neither true, false nor a number',
    `made: 1 value was ${left}`,
  ]);
  expect(stdout).toContain(`- size: 1 value was ${left}`);
});

test.concurrent('groups follow awaits, also two at the same time: requests and checks have the tag of their own', async () => {
  const { url } = await startTarget({ '/slow': { delayMs: 50 } });
  const { at } = project({
    'groups.ts': `import { check, group, http, sleep } from 'stressrun';
export default async () => {
  await Promise.all([
    group('left', async () => { await http.get('/slow'); check(await http.get('/l'), { seen: (r) => r.ok }); }),
    group('right', async () => { await sleep('10ms'); await http.get('/r'); await group('inner', () => http.get('/i')); }),
  ]);
  await http.get('/none');
};
`,
  });
  const { run, folder } = await load([at('groups.ts'), '--base-url', url, '--iterations', '4', '--users', '2', '--tag', 'team=blue']);
  expect(countBy(folder, 'http_reqs', ({ tags }) => `${tags['group'] ?? ''} ${tags['name']} ${tags['team']}`)).toEqual({
    '::left /slow blue': 4,
    '::left /l blue': 4,
    '::right /r blue': 4,
    '::right::inner /i blue': 4,
    ' /none blue': 4,
  });
  expect(run.checks).toMatchObject([{ name: 'seen', group: '::left', passes: 4 }]);
  expect(countBy(folder, 'group_duration', ({ tags }) => tags['group'])).toEqual({ '::left': 4, '::right': 4, '::right::inner': 4 });
});

test.concurrent('a check whose predicate throws is a failed check with its reason', async () => {
  const { url } = await startTarget({ '/': { body: 'no JSON' } });
  const { at } = project({
    'check.ts': `import { check, http } from 'stressrun';
export default async () => { check(await http.get('/'), { 'has a status': (r) => r.json('status') === 'ok' }); };
`,
  });
  const { exitCode, run } = await load([at('check.ts'), '--base-url', url, '--iterations', '2']);
  expect(exitCode).toBe(0);
  expect(run.checks).toMatchObject([{ name: 'has a status', passes: 0, fails: 2, reason: expect.stringContaining('is not JSON') }]);
});

test.concurrent('-e KEY=VALUE reaches env, log lines reach stderr, and rows of a CSV are dealt once each', async () => {
  const { url, seen } = await startTarget();
  const { at } = project({
    'rows.csv': 'name\nann\nbob\ncid\ndan\n',
    'data.ts': `import { data, env, http, log, vu } from 'stressrun';
const rows = data.csv('rows.csv');
export default async () => {
  if (vu.id === 1 && vu.iteration === 0) log.info('size is', env.SIZE);
  await http.get('/row', { query: { name: rows.next().name } });
};
`,
  });
  const { stderr } = await load([at('data.ts'), '--base-url', url, '--users', '2', '--iterations', '4', '-e', 'SIZE=small']);
  expect(stderr).toContain('[info VU 1] size is small');
  expect(seen.flatMap(({ query }) => query['name'] ?? []).sort()).toEqual(['ann', 'bob', 'cid', 'dan']);
});

test.concurrent('a promise that rejects and that nobody awaits is an error in the report, and its iteration goes on', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'lost.ts': `import { http } from 'stressrun';
const lost = async () => { throw new Error('lost'); };
export default async () => { lost(); await http.get('/'); };
`,
  });
  const { run } = await load([at('lost.ts'), '--base-url', url, '--iterations', '3']);
  expect(run.metrics['iterations']?.values['count']).toBe(3);
  expect(run.requests.at(-1)).toMatchObject({ count: 3, failed: 0 });
  expect(run.errors).toMatchObject([{ kind: 'script', count: 3, name: expect.stringContaining('nobody handled it') }]);
});

test.concurrent('scenarios run their own functions; --scenario picks one, and an exec that is not there is a 104', async () => {
  const target = await startTarget();
  const scenario = (exec: string): string => `{ executor: 'per-vu-iterations', exec: '${exec}', vus: 2, iterations: 3 }`;
  const scriptOf = (exec: string): string => `import { http, scenario } from 'stressrun';
export const options = { scenarios: { browse: ${scenario('look')}, order: ${scenario(exec)} } };
export const look = () => http.get('/look', { query: { scenario: scenario.name } });
export const buy = () => http.post('/buy', { json: { a: 1 }, query: { scenario: scenario.name } });
`;
  const { at } = project({ 'two.ts': scriptOf('buy'), 'wrong.ts': scriptOf('by') });
  await load([at('two.ts'), '--base-url', target.url]);
  expect(target.counts()).toEqual({ '/health': 1, '/look': 6, '/buy': 6 });
  expect(new Set(target.seen.map(({ path, query }) => `${path} ${query['scenario']}`))).toContain('/buy order');
  await load([at('two.ts'), '--base-url', target.url, '--scenario', 'browse']);
  expect(target.counts()).toEqual({ '/health': 2, '/look': 12, '/buy': 6 });
  const wrong = await cli([at('wrong.ts'), '--base-url', target.url]);
  expect([wrong.exitCode, wrong.stderr]).toEqual([
    104,
    'stressrun: options.scenarios.order.exec: expected an exported function, one of buy, look; got "by": did you mean "buy"?\n',
  ]);
});
