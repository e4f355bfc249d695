import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RequestRow } from '../../runtime/core/run-json.ts';
import { load, REPOSITORY, startCli } from '../support/cli.ts';
import { countBy, journalOf } from '../support/journal.ts';
import { project } from '../support/project.ts';

const PREDICT = join(REPOSITORY, 'scripts/predict.ts');
const TASKS = ['health', 'predict_large_image', 'predict_no_image', 'predict_with_image'];
const WEIGHTS: Record<string, number> = { health: 1, predict_no_image: 6, predict_with_image: 2, predict_large_image: 1 };
/** 10/60/20/10 in smallest whole numbers. */
const DECK = 10;

interface Stats {
  requests: Record<string, Record<string, number>>;
}

test('the smoke profile for 5 s against the demo target passes, with the mix 10/60/20/10 to within one deck of 10', async () => {
  const { exitCode, run, stdout, folder } = await load(['scripts/predict.ts', '--env', 'demo', '--profile', 'smoke', '--duration', '5s']);
  expect(exitCode).toBe(0);
  expect(run.verdict).toEqual({ outcome: 'passed', reasons: [] });
  expect(run.run).toMatchObject({ profile: 'smoke', environment: 'demo', durationS: 5, exitCode: 0 });

  const rows = run.requests.slice(0, -1);
  const all = run.requests.at(-1) as RequestRow;
  expect(rows.map(({ task }) => task)).toEqual(TASKS);
  expect(all).toMatchObject({ name: 'Aggregated', failed: 0, count: rows.reduce((sum, { count }) => sum + count, 0) });
  for (const { task, count } of rows) expect(Math.abs(count - (all.count * (WEIGHTS[task] as number)) / DECK), task).toBeLessThan(DECK);
  expect(run.starts.begun).toBe(all.count);

  // Every prediction was compared with what is in its picture.
  const found = run.checks.filter(({ name }) => name === 'finds every object');
  expect(found.map(({ task }) => task)).toEqual(TASKS.filter((task) => task !== 'health'));
  for (const { task, passes, fails } of found) expect([passes, fails]).toEqual([rows.find((row) => row.task === task)?.count, 0]);

  for (const line of [
    'BENCHMARK RESULTS',
    `Total requests: ${all.count}`,
    `Successful: ${all.count}`,
    'Failed: 0',
    'Success rate: 100.00%',
    `Requests/second: ${all.perSecond.toFixed(2)}`,
    'Threshold Checks:',
    '  ✓ PASS - All thresholds met',
    'Verdict: ✓ PASSED, exit code 0',
    `Run folder: ${folder}`,
  ])
    expect(stdout.split('\n')).toContain(line);
  expect(stdout).toMatch(/^ {2}P50: \d+\.\d{3}s\n {2}P95: \d+\.\d{3}s\n {2}P99: \d+\.\d{3}s$/m);

  const kept = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  expect(kept('run.json')).toEqual(run);
  expect(kept('plan.json')).toMatchObject({
    version: 1,
    runId: run.run.id,
    seed: run.run.seed,
    scriptSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(journalOf(folder).length).toBeGreaterThanOrEqual(5);
});

test("the target's own counts are the report's plus 10 requests of warm-up and one health check", async () => {
  const target = startCli(['target', '--port', '0']);
  const [url] = await target.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const { at } = project({ 'config.yaml': readFileSync(join(REPOSITORY, 'config.yaml'), 'utf8') });

  const { exitCode, run, folder } = await load([
    PREDICT,
    '--config',
    at('config.yaml'),
    '--base-url',
    url,
    '--users',
    '3',
    '--duration',
    '2s',
  ]);
  const stats = (await (await fetch(`${url}/stats`)).json()) as Stats;
  target.signal('SIGINT');
  expect(exitCode).toBe(0);

  const counted = (tags: Record<string, string>): number =>
    run.requests
      .filter((row) => Object.entries(tags).every(([key, value]) => row[key as 'name'] === value))
      .reduce((sum, { count }) => sum + count, 0);
  const warmUp = countBy(folder, 'http_reqs', ({ period, tags }) => (period === 'warm-up' ? tags['name'] : undefined));
  expect(warmUp['/health'] ?? 0).toBe(10 - (warmUp['/predict'] ?? 0));
  expect(stats.requests).toEqual({
    'GET /health': { 200: counted({ name: '/health' }) + (warmUp['/health'] ?? 0) + 1 },
    'POST /predict': { 200: counted({ name: '/predict' }) + (warmUp['/predict'] ?? 0) },
  });
});
