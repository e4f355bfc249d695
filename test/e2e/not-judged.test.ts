import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

async function runOf(script: string, behaviour: Parameters<typeof startTarget>[0], ...flags: string[]) {
  const target = await startTarget(behaviour);
  const { at } = project({ 'main.ts': `import { http, sleep } from 'stressrun';\n${script}`, 'config.yaml': 'warm_up: { requests: 0 }\n' });
  return load([at('main.ts'), '--base-url', target.url, ...flags]);
}

const NOTHING_FINISHED = `export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '0s' } } };
export default async () => { await sleep('3s'); };`;

test.concurrent('2 iterations that were cut off and nothing else are not judged: 0, with --strict 111, and the notes say why', async () => {
  const { exitCode, run, stdout } = await runOf(NOTHING_FINISHED, {});
  expect([exitCode, run.verdict.outcome]).toEqual([0, 'not-judged']);
  expect(run.notes.join('\n')).toContain('no iteration was finished (2 begun, 2 interrupted)');
  expect(stdout).toContain('Verdict: – NOT JUDGED, exit code 0');
  expect(stdout).not.toContain('PASS');
  expect((await runOf(NOTHING_FINISHED, {}, '--strict')).exitCode).toBe(111);
});

test.concurrent('of 2 users with 50 iterations of 300 ms in 2 s it is said how many never began', async () => {
  const script = `export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 50, maxDuration: '2s', gracefulStop: '0s' } } };
export default async () => { await http.get('/x'); };`;
  const { run } = await runOf(script, { '/x': { delayMs: 300 } });
  expect(run.verdict.outcome).toBe('not-judged');
  expect(run.notes.join('\n')).toMatch(/\d\d of 100 planned starts were never begun/);
});

test.concurrent('requests that all failed are no pass though the only threshold, on errors of iterations, was met', async () => {
  const script = `export const options = { thresholds: { iteration_errors: ['count<1'] } };
export default async () => { await http.get('/x'); };`;
  const { exitCode, run } = await runOf(script, { '/x': { status: 500 } }, '--users', '1', '--iterations', '5');
  expect([exitCode, run.verdict.outcome]).toEqual([0, 'not-judged']);
  expect(run.verdict.reasons).toEqual(['none of 5 requests succeeded, and no threshold asks for that']);
});

test.concurrent('a target that refuses every connection is under no limit of time: no data, 111, and neither console nor run.json call it met', async () => {
  const script = `export const options = { thresholds: { http_req_duration: ['p(95)<500', 'avg<100'], http_req_waiting: ['max<1000'] } };
export default async () => { await http.get('/x'); };`;
  const target = await startTarget();
  await target.close();
  const { at } = project({ 'main.ts': `import { http } from 'stressrun';\n${script}`, 'config.yaml': 'warm_up: { requests: 0 }\n' });
  const { exitCode, run, stdout } = await load([at('main.ts'), '--base-url', target.url, '--users', '1', '--iterations', '5']);
  expect(run.requests.at(-1)).toMatchObject({ count: 5, failed: 5 });
  expect(run.thresholds.map(({ outcome, because }) => [outcome, because])).toEqual(Array(3).fill(['no-data', 'nothing was answered']));
  expect([exitCode, run.verdict.outcome]).toEqual([111, 'inconclusive']);
  expect(stdout).toContain('Left open, because nothing was answered:');
  expect(stdout).not.toMatch(/[:,] met/);
});

test.concurrent('a rate that the plan itself does not ask for is missed, and nobody blames the target', async () => {
  const script = `const load = { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 4 };
export const options = {
  scenarios: { first: load, second: { ...load, startTime: '3s' } },
  thresholds: { 'http_reqs{scenario:first}': ['rate>9'] },
};
export default async () => { await http.get('/x'); };`;
  const { exitCode, run } = await runOf(script, {});
  expect(exitCode).toBe(99);
  expect(run.thresholds[0]?.detail).toContain('every start that was due began in time');
  expect(run.thresholds[0]?.detail).not.toContain('target');
});
