import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { linkPackages, project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const CHECKED = `import { check, http } from 'stressrun';
export default async () => {
  const res = await http.get('/work');
  check(res, { 'is up': (r) => r.status === 200 });
};
`;

test.concurrent('check scripts/predict.ts runs each of its 4 tasks once, prints the plan and ends in 0', async () => {
  const { exitCode, stdout } = await cli(['check', 'scripts/predict.ts', '--env', 'demo', '--profile', 'smoke', '--seed', '5']);
  expect(exitCode).toBe(0);
  for (const line of [
    /^Types {7}good \(TypeScript \d+\.\d+\.\d+\)$/m,
    /^Target {6}http:\/\/127\.0\.0\.1:\d+ \(environment demo\)$/m,
    /^Scenario {4}default: 5 users for 30s$/m,
    /^Warm-up {5}10 iterations$/m,
    /^Tasks {7}health, predict_no_image, predict_with_image, predict_large_image$/m,
    /^Thresholds {2}http_req_response_time: p\(95\)<2s {2}\(thresholds\.max_p95\)$/m,
    /^Seed {8}5$/m,
    /^Health {6}good$/m,
    /^Task {8}✓ predict_large_image$/m,
    /^All good\.$/m,
  ])
    expect(stdout).toMatch(line);
  expect(stdout.match(/✓/g)).toHaveLength(4);
});

test.concurrent('check of a script with a type error is a 104 with the line, and still says how its tasks went', async () => {
  const { url } = await startTarget();
  const scripts = project({ 'typed.ts': CHECKED.replace('r.status === 200', 'r.statos === 200 || r.ok') });
  linkPackages(scripts);
  const { exitCode, stdout } = await cli(['check', scripts.at('typed.ts'), '--base-url', url]);
  expect(exitCode).toBe(104);
  expect(stdout).toMatch(/typed\.ts:4:34: TS2551: Property 'statos' does not exist on type 'Response'\. Did you mean 'status'\?/);
  expect(stdout).toContain('Task        ✓ default');
  expect(stdout).toContain('Not good yet: types.');
});

test.concurrent('check finds a sleep that nobody awaits by its type', async () => {
  const { url } = await startTarget();
  const scripts = project({ 'lost.ts': `import { sleep } from 'stressrun';\nexport default async () => {\n  sleep(1);\n};\n` });
  linkPackages(scripts);
  const { exitCode, stdout } = await cli(['check', scripts.at('lost.ts'), '--base-url', url]);
  expect(exitCode).toBe(104);
  expect(stdout).toMatch(/lost\.ts:3:3: floating-promise/);
});

test.concurrent('check of a script whose check fails is a 107 that names the task; without a TypeScript in reach it says how to add one', async () => {
  const target = await startTarget({ '/work': { status: 503 } });
  const { exitCode, stdout } = await cli(['check', project({ 'wrong.ts': CHECKED }).at('wrong.ts'), '--base-url', target.url]);
  expect(exitCode).toBe(107);
  expect(stdout).toContain('Task        ✗ default: 1 failed request, 1 failed check');
  expect(stdout).toMatch(/Types {7}not checked: .*npm install -D typescript/);
  expect(target.counts()).toEqual({ '/health': 1, '/work': 1 });
});

test.concurrent('check of a task that throws shows the line and frame of the script', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'throws.ts': `export default () => {\n  throw new Error('no');\n};\n` });
  const { exitCode, stdout } = await cli(['check', at('throws.ts'), '--base-url', url]);
  expect(exitCode).toBe(107);
  expect(stdout).toMatch(/Task {8}✗ default: it threw\n[\s\S]*Error: no[\s\S]*throws\.ts:2:\d+/);
});

test.concurrent('check logs each user in by vuSetup(), and out by vuTeardown(); of what failed it shows status, address, body and check', async () => {
  const target = await startTarget({ '/me': { status: 503, body: 'the model is loading' } });
  const text = `import { check, http, vu } from 'stressrun';
const users = ['ann', 'bob'];
let name = '';
export const options = { vus: 2, iterations: 2 };
export const vuSetup = async () => { name = users[vu.id - 1].toUpperCase(); await http.post('/login', { query: { name } }); };
export default async () => { check(await http.get('/me', { query: { name } }), { 'is up': (r) => r.status === 200 }); };
export const vuTeardown = async () => { await http.post('/logout', { query: { name } }); };
`;
  const { exitCode, stdout } = await cli(['check', project({ 'users.js': text }).at('users.js'), '--base-url', target.url]);
  expect(exitCode).toBe(107);
  expect(target.seen.slice(1).map(({ path, query }) => [path, query['name']])).toEqual([
    ['/login', 'ANN'],
    ['/me', 'ANN'],
    ['/logout', 'ANN'],
  ]);
  expect(stdout).toMatch(/Hook {8}✓ vuSetup\(\)\nTask {8}✗ default: 1 failed request, 1 failed check \(is up\)\n/);
  expect(stdout).toMatch(/ {2}> GET http:\/\/127\.0\.0\.1:\d+\/me\?name=ANN\n[\s\S]* {2}< 503 HTTP\/1\.1\n[\s\S]*the model is loading/);
  expect(stdout).toMatch(/Hook {8}✓ vuTeardown\(\)\n\nNot good yet: default\.\n$/);
});
