import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, type RunResult } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Every third answer of a path has no predictions; `/b` answers 503 with good ones. */
async function runOf(body: string, flags: readonly string[] = []) {
  const target = await startTarget({
    '/a': { answer: ({ serial }) => ({ body: JSON.stringify({ predictions: serial % 3 === 0 ? [] : [serial] }) }) },
    '/b': { status: 503, body: '{"predictions":[1]}' },
  });
  const path = project({
    'config.yaml': 'thresholds: { max_failure_rate: 1% }\n',
    'it.ts': `import { http, image, sleep } from 'stressrun';\nexport default async () => {\n${body}\n};\n`,
  }).at('it.ts');
  return { target, ...(await load([path, '--base-url', target.url, '--users', '2', '--iterations', '30', ...flags])) };
}

const rowOf = ({ run }: RunResult, path: string) => run.requests.find(({ name }) => name === path);
const csvOf = ({ folder }: RunResult, file: string) => readFileSync(join(folder, file), 'utf8');

test.each([
  [
    'expect as a function',
    `await http.get('/a', { expect: (r) => r.json('predictions').length > 0 || r.fail('empty predictions') || false });`,
  ],
  [
    'an async expect',
    `await http.get('/a', { expect: async (r) => { await image.inspect(r); if (r.json('predictions').length === 0) r.fail('empty predictions'); return true; } });`,
  ],
  [
    'res.fail()',
    `const r = await http.get('/a'); await image.inspect(r); if (r.json('predictions').length === 0) r.fail('empty predictions'); await sleep('1ms');`,
  ],
])('%s: 10 of 30 answers of status 200 are failed requests in rows, metrics, threshold, CSV, errors and kept requests', async (_, body) => {
  const result = await runOf(body);
  const { run, exitCode, target } = result;
  expect(target.counts()['/a']).toBe(30);
  expect(rowOf(result, '/a')).toMatchObject({ count: 30, failed: 10 });
  expect(run.metrics['http_reqs']?.values['count']).toBe(30);
  expect(run.metrics['http_req_failed']?.values).toMatchObject({ passes: 10, fails: 20 });
  expect(run.errors).toEqual([
    expect.objectContaining({ name: '/a', kind: 'unexpected', code: 0, count: 10, sample: 'empty predictions' }),
  ]);
  expect([exitCode, run.thresholds.map(({ outcome }) => outcome)]).toEqual([99, ['missed']]);
  expect(csvOf(result, 'failures.csv')).toMatch(/empty predictions.*,10\b/);
  expect(csvOf(result, 'stats.csv')).toMatch(/"?\/a"?,30,10,/);
  const kept = run.kept?.filter(({ why }) => why === 'failed') ?? [];
  expect(kept.length).toBeGreaterThan(0);
  for (const request of kept) expect(request).toMatchObject({ kind: 'unexpected', status: 200, error: 'empty predictions' });
});

test('expect decides over the status too: a 503 that is wanted is no failure, one that is not keeps its status', async () => {
  const result = await runOf(
    `await http.get('/b', { name: 'wanted', expect: (r) => r.status === 503 });
    await http.get('/b', { name: 'not', expect: (r) => r.status === 200 });`,
    ['--iterations', '4'],
  );
  expect(rowOf(result, 'wanted')).toMatchObject({ count: 4, failed: 0 });
  expect(rowOf(result, 'not')).toMatchObject({ count: 4, failed: 4 });
  expect(result.run.errors.map(({ name, kind, code, count }) => [name, kind, code, count])).toEqual([['not', 'status', 1503, 4]]);
});

test('an answer that was held when its user was cut short is counted once, by its status', async () => {
  const target = await startTarget();
  const path = project({
    'config.yaml': '{}\n',
    'it.ts': `import { http, sleep } from 'stressrun';
export const options = { scenarios: { it: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } };
export default async () => { await http.get('/a', { expect: async () => { await sleep('1h'); return false; } }); };\n`,
  }).at('it.ts');
  const { run } = await load([path, '--base-url', target.url]);
  expect(run.requests.at(-1)).toMatchObject({ count: 1, failed: 0 });
  expect(run.starts).toMatchObject({ begun: 1, interrupted: 1 });
});
