import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { startCli } from '../support/cli.ts';
import { descendantsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { http } from 'stressrun';
export default async () => {
  await http.get('/x');
};
`;

interface Stop {
  readonly workers: number;
  readonly forS: number;
  readonly delayMs: number;
  readonly durationS: number;
}

/** 40 starts a second for two workers, of which some are stopped a second after the first request; a limit of 500 ms. */
async function stoppedRun({ workers, forS, delayMs, durationS }: Stop): Promise<RunJson> {
  const target = await startTarget({ '/x': { delayMs } });
  const runDir = temporaryFolder();
  const jsonPath = join(runDir, 'result.json');
  const main = project({ 'main.ts': SCRIPT, 'config.yaml': 'thresholds: { max_p95: 500ms }\nwarm_up: { requests: 0 }\n' }).at('main.ts');
  const cli = startCli([
    ...[main, '--base-url', target.url, '--rate', '40/s', '--users', '80', '--workers', '2', '--duration', `${durationS}s`],
    ...['--run-dir', runDir, '--json', jsonPath],
  ]);
  while (target.seen.every(({ path }) => path !== '/x')) await pause(20);
  await pause(1_000);
  const stopped = descendantsOf(cli.pid)
    .filter(({ command }) => command.includes('worker.cjs'))
    .slice(0, workers);
  expect(stopped).toHaveLength(workers);
  for (const { pid } of stopped) process.kill(pid, 'SIGSTOP');
  await pause(forS * 1000);
  for (const { pid } of stopped) process.kill(pid, 'SIGCONT');
  const { stdout, stderr } = await cli.ended;
  try {
    return JSON.parse(readFileSync(jsonPath, 'utf8')) as RunJson;
  } catch {
    throw new Error(`no run.json:\n${stdout}${stderr}`);
  }
}

const p95Of = (run: RunJson): number => run.requests.at(-1)?.responseTimeMs?.p95 ?? 0;

test('a worker that was stopped for 3 s measures a p95 of over 500 ms on a target of 5 ms, and blames nobody: 111', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, delayMs: 5, durationS: 8 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', detail: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});

test('all workers stopped for 8 s are not killed, the generator was saturated, and the target of 5 ms is not to blame: 111', async () => {
  const run = await stoppedRun({ workers: 2, forS: 8, delayMs: 5, durationS: 14 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.generator.saturated).toBe(true);
  expect(run.notes.join('\n')).toContain('the workers had work and no processor');
  expect(run.run.exitCode).toBe(111);
});

test('a target of 900 ms misses 500 ms though a worker was stopped for 3 s: 99', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, delayMs: 900, durationS: 10 });
  expect(run.thresholds).toMatchObject([{ outcome: 'missed' }]);
  expect(run.run.exitCode).toBe(99);
});
