import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { type Project, project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const target = await startTarget({ '/slow': { delayMs: 80 }, '/bad': { status: 500 } });

const scripted = (text: string, config = 'warm_up: { requests: 0 }'): Project => project({ 'config.yaml': config, 'test.ts': text });
const args = ({ at }: Project, ...more: string[]): string[] => [at('test.ts'), '--base-url', target.url, ...more];

test('a threshold that ends the run does so after its delay, with 99 and its name and time; teardown and summary still run', async () => {
  const it = scripted(`import { http } from 'stressrun';
    export const options = {
      vus: 4, duration: '30s',
      thresholds: { http_req_failed: [{ threshold: 'rate<0.1', abortOnFail: true, delayAbortEval: '2s' }] },
    };
    export default async () => { await http.get('/bad'); };
    export async function teardown() { await http.get('/teardown'); }
    export const handleSummary = (data) => ({ stdout: 'own summary ' + data.metrics.http_req_failed.thresholds['rate<0.1'].ok + '\\n' });`);
  const { run, exitCode, stdout } = await load(args(it));
  expect(exitCode).toBe(99);
  expect(run.verdict.outcome).toBe('failed');
  expect(run.verdict.reasons[0]).toMatch(/^options\.thresholds\.http_req_failed: .*rate<0\.1 was missed after ([6-9]|[12]\d) s$/);
  expect(run.run.durationS).toBeGreaterThan(5.9); // 20 % of 30 s: it misses twice over, whatever comes
  expect(run.run.durationS).toBeLessThan(30);
  expect(target.counts()['/teardown']).toBe(1);
  expect(stdout).toBe('own summary false\n');
});

test("handleSummary gets k6's data, and writes files inside of the project only; what it says for stdout replaces our report", async () => {
  const it = scripted(`import { check, group, http } from 'stressrun';
    export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 2, iterations: 6 } }, thresholds: { 'http_reqs': ['count>5'], 'checks{check:ok}': ['rate>0.99'], 'checks{check:not}': ['rate>0.5'] } };
    export const setup = () => ({ answer: 42 });
    export default () => group('outer', async () => { check(await http.get('/slow'), { ok: (r) => r.status === 200, not: () => false }); });
    export const handleSummary = (data) => ({
      stdout: 'mine\\n', stderr: 'to stderr',
      'summary.json': JSON.stringify(data), '../outside.json': 'x', 'package.json': '{}', 'run.sh': 'x', '.hidden/x.json': 'x', 'none/x.txt': 'x', number: 5,
    });`);
  const exported = it.at('export.json');
  const { exitCode, stdout, stderr } = await load(args(it, '--summary-export', exported), { cwd: it.folder });
  expect(stdout).toBe('mine\n');
  expect(stderr).toContain('to stderr');
  expect(stderr).toContain('failed, exit code 99');
  expect(exitCode).toBe(99);
  const data = JSON.parse(readFileSync(it.at('summary.json'), 'utf8'));
  expect(data.metrics.http_reqs).toMatchObject({
    type: 'counter',
    contains: 'default',
    values: { count: 6 },
    thresholds: { 'count>5': { ok: true } },
  });
  expect(data.metrics['checks{check:ok}']).toMatchObject({
    type: 'rate',
    values: { rate: 1, passes: 6, fails: 0 },
    thresholds: { 'rate>0.99': { ok: true } },
  });
  expect(Object.keys(data.metrics.http_req_duration.values)).toEqual(['avg', 'min', 'med', 'max', 'p(90)', 'p(95)']);
  expect(data.metrics.http_req_duration.contains).toBe('time');
  expect(data.metrics.http_req_duration.values.min).toBeGreaterThan(75);
  expect(data.root_group).toMatchObject({ name: '', path: '', id: 'd41d8cd98f00b204e9800998ecf8427e', checks: [] });
  expect(data.root_group.groups[0]).toMatchObject({ name: 'outer', path: '::outer' });
  expect(data.root_group.groups[0].checks).toMatchObject([
    { name: 'not', path: '::outer::not', passes: 0, fails: 6 },
    { name: 'ok', path: '::outer::ok', passes: 6, fails: 0 },
  ]);
  expect(data.setup_data).toEqual({ answer: 42 });
  expect(data.state).toMatchObject({ isStdOutTTY: false });
  expect(data.stressrun.verdict.outcome).toBe('failed');
  expect(existsSync(it.at('../outside.json'))).toBe(false);
  for (const name of ['package.json', 'run.sh', '.hidden']) expect(existsSync(it.at(name))).toBe(false);
  for (const what of [
    'package.json: expected a file of its own',
    'run.sh: expected a name that ends in',
    'none/x.txt: expected a folder that is there',
    'number: expected a text; got number',
  ])
    expect(stderr).toContain(`handleSummary: ${what}`);
  const old = JSON.parse(readFileSync(exported, 'utf8'));
  expect(old.metrics.http_reqs).toMatchObject({ count: 6, thresholds: { 'count>5': false } });
  expect(old.metrics.checks).toMatchObject({ value: 0.5, passes: 6, fails: 6 });
  expect(old.root_group.groups.outer.checks.ok).toMatchObject({ passes: 6 });
});

test.each([
  ['that throws', `export const handleSummary = () => { throw new Error('no summary today'); };`, 'no summary today'],
  ['that takes too long', `export const handleSummary = () => new Promise(() => {});`, 'handleSummary() did not end within 0.5 s'],
])('after a handleSummary %s comes the usual report, with the reason', async (_, hook, reason) => {
  const it = scripted(`export const options = { iterations: 1, handleSummaryTimeout: '500ms' };\nexport default () => {};\n${hook}`);
  const { stdout, stderr, exitCode, run } = await load(args(it));
  expect(stdout).toContain('BENCHMARK RESULTS');
  expect(stderr).toContain(reason);
  expect(run.notes.some((note) => note.startsWith('handleSummary() failed'))).toBe(true);
  expect(exitCode).toBe(0);
});

test.each([
  ['setup', `export function setup() { test.abort('not today'); }\nexport default () => {};`],
  ['an iteration', `export default () => { test.abort('not today'); };`],
  ['teardown', `export default () => {};\nexport function teardown() { test.abort('not today'); }`],
])('test.abort() in %s ends the run with 108 and its reason', async (_, body) => {
  const { run, exitCode } = await load(
    args(scripted(`import { test } from 'stressrun';\nexport const options = { iterations: 5 };\n${body}`)),
  );
  expect(exitCode).toBe(108);
  expect(run.verdict).toMatchObject({ outcome: 'aborted' });
  expect(run.verdict.reasons[0]).toBe('test.abort(): not today');
});

test.each([
  ['setup', 'StopVu', `export function setup() { throw bad; }\nexport default () => {};`],
  ['module level', 'MixError', 'throw bad;\nexport default () => {};'],
])('an error that %s throws is 107, also when it is called %s as one of ours is', async (_, name, body) => {
  const it = scripted(`const bad = Object.assign(new Error('mine'), { name: '${name}' });\n${body}`);
  const { stdout, stderr, exitCode } = await cli(args(it, '--users', '1', '--iterations', '1'));
  expect(exitCode).toBe(107);
  expect(stdout + stderr).toContain('mine');
});

test('test.abort() at module level ends it with 108 before anything runs', async () => {
  const it = scripted(`import { test } from 'stressrun';\ntest.abort('not here');\nexport default () => {};`);
  const { exitCode, stderr } = await cli(args(it));
  expect(exitCode).toBe(108);
  expect(stderr).toContain('test.abort() at module level: not here');
});

test.each([
  ['setup', `export function setup() { test.fail('half of it'); }\nexport default () => {};`],
  ['an iteration', `export default () => { test.fail('half of it'); };`],
])('test.fail() in %s lets the run go on and end with 110', async (_, body) => {
  const { run, exitCode } = await load(
    args(scripted(`import { test } from 'stressrun';\nexport const options = { iterations: 3 };\n${body}`)),
  );
  expect(exitCode).toBe(110);
  expect(run.metrics['iterations']?.values['count']).toBe(3);
  expect(run.verdict.reasons[0]).toBe('test.fail(): half of it');
});

test('fail() ends its iteration alone: 3 of 6 iterations threw, and the run goes on', async () => {
  const it = scripted(`import { fail, vu } from 'stressrun';
    export const options = { iterations: 6 };
    export default () => { if (vu.iteration % 2) fail('odd'); };`);
  const { run } = await load(args(it));
  expect(run.metrics['iterations']?.values['count']).toBe(6);
  expect(run.metrics['iteration_errors']?.values['count']).toBe(3);
});
