import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { load, REPOSITORY } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** A script of one request and what follows it, against the target at BASE. */
function script(body: string, thresholds = '{}'): string {
  return `import { check, http, test } from 'stressrun';
export const options = { vus: 2, duration: '1s', thresholds: ${thresholds} };
export default async () => { const res = await http.get('/'); ${body} };
`;
}

test.concurrent('predict.ts with max_p95: 1ms ends in 99 and says which threshold and by how much', async () => {
  const config = readFileSync(join(REPOSITORY, 'config.yaml'), 'utf8').replace('max_p95: 2s', 'max_p95: 1ms');
  const { at } = project({ 'config.yaml': config });
  const { exitCode, run, stdout } = await load([
    ...['scripts/predict.ts', '--config', at('config.yaml'), '--env', 'demo', '--profile', 'smoke', '--duration', '2s'],
  ]);
  expect([exitCode, run.verdict.outcome]).toEqual([99, 'failed']);
  const missed = run.thresholds.filter(({ outcome }) => outcome === 'missed');
  expect(missed).toMatchObject([{ source: 'thresholds.max_p95', expression: 'http_req_response_time: p(95)<1ms', limit: 1, unit: 'ms' }]);
  // a machine that others use may leave the rest undecided
  const reasons = run.verdict.reasons.filter((reason) => !reason.includes('but the load generator was saturated'));
  expect(reasons).toEqual([`thresholds.max_p95: ${missed[0]?.detail}`]);
  expect(missed[0]?.detail).toMatch(/^p95 \S+, limit 1\.00ms: missed by \S+ \(\+[\d,.]+%\)$/);
  expect(stdout).toContain('✗ FAIL - 1 of 7 thresholds missed');
  expect(stdout).toMatch(/- thresholds\.max_p95: p95 \S+, limit 1\.00ms: missed by \S+ \(\+[\d,.]+%\)/);
});

test.concurrent('a wrong check ends in 99, with 100 % of it failed', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'wrong.ts': script(`check(res, { 'is a teapot': (r) => r.status === 418 });`, '{ max_failed_checks: 0.01 }') });
  const { exitCode, run, stdout } = await load([at('wrong.ts'), '--base-url', url]);
  expect(exitCode).toBe(99);
  expect(run.checks).toMatchObject([{ name: 'is a teapot', passes: 0 }]);
  expect(run.verdict.reasons).toEqual([
    'options.thresholds.max_failed_checks: failed checks 100%, limit 1%: missed by 99 percentage points (+9,900%)',
  ]);
  expect(stdout).toContain('is a teapot');
});

test.concurrent('a threshold on what never came is no pass: 111, and with --on-inconclusive warn 0', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'none.ts': script('', `{ 'http_req_duration{name:/never}': ['p(95)<1s'] }`) });
  const strict = await load([at('none.ts'), '--base-url', url, '--iterations', '3']);
  expect([strict.exitCode, strict.run.verdict.outcome]).toEqual([111, 'inconclusive']);
  expect(strict.run.thresholds).toMatchObject([{ outcome: 'no-data' }]);
  expect(strict.stdout).toContain('? UNDECIDED - 1 of 1 threshold cannot be judged');
  const lenient = await load([at('none.ts'), '--base-url', url, '--iterations', '3', '--on-inconclusive', 'warn']);
  expect([lenient.exitCode, lenient.run.run.exitCode, lenient.run.verdict.outcome]).toEqual([0, 0, 'inconclusive']);
});

test.concurrent('test.abort() ends the run at once with 108 and its reason', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'abort.ts': script(`if (res.ok) test.abort('that is enough');`) });
  const { exitCode, run, tookMs } = await load([at('abort.ts'), '--base-url', url, '--duration', '30s']);
  expect([exitCode, run.verdict]).toEqual([108, { outcome: 'aborted', reasons: ['test.abort(): that is enough'] }]);
  expect(tookMs).toBeLessThan(20_000);
});

test.concurrent('test.fail() lets the run go on to its end and then fails it with 110', async () => {
  const { url, seen } = await startTarget();
  const { at } = project({ 'fail.ts': script(`test.fail('no good');`) });
  const { exitCode, run } = await load([at('fail.ts'), '--base-url', url, '--iterations', '10']);
  expect([exitCode, run.verdict]).toEqual([110, { outcome: 'failed', reasons: ['test.fail(): no good'] }]);
  expect(run.starts.begun).toBe(10);
  expect(seen.filter(({ path }) => path === '/')).toHaveLength(10);
});

test.concurrent('every 4th answer a 500 is a failure rate of 25 %, missed by 24 points, the first thing the report says', async () => {
  const { url } = await startTarget({ '/': { failEveryNth: 4 } });
  const { at } = project({ 'some.ts': script('', `{ max_failure_rate: '1%' }`) });
  const { exitCode, run, stdout } = await load([at('some.ts'), '--base-url', url, '--iterations', '40', '--users', '4']);
  expect(exitCode).toBe(99);
  expect(run.requests.at(-1)).toMatchObject({ count: 40, failed: 10 });
  expect(run.errors).toMatchObject([{ name: '/', kind: 'status', code: 1500, count: 10 }]);
  expect(run.verdict.reasons).toEqual([
    'options.thresholds.max_failure_rate: failure rate 25%, limit 1%: missed by 24 percentage points (+2,400%)',
  ]);
  expect(stdout).toContain('Success rate: 75.00%');
});
