import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { descendantsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startAtTerminal } from '../support/pseudo-terminal.ts';
import { startTarget } from '../support/target-server.ts';
import { verdictTextsOf } from '../support/verdict-texts.ts';

const SCRIPT = `import { http } from 'stressrun';
export default async () => {
  await http.get('/x');
};
`;

interface Stop {
  /** Workers that are stopped, of {@link of}, and for how long. */
  readonly workers: number;
  readonly of?: number;
  readonly forS: number;
  /** They are stopped while they sleep for a moment between two looks at their sockets. */
  readonly inNap?: boolean;
  readonly target: NonNullable<Parameters<typeof startTarget>[0]>[string];
  readonly durationS: number;
  readonly rate?: number;
  readonly users?: number;
  readonly limitMs?: number;
  /** What still runs at the planned end has so long. */
  readonly gracefulS?: number;
}

interface StoppedRun extends RunJson {
  readonly folder: string;
  /** What a terminal wide enough for all of it was sent, as text. */
  readonly shown: string;
}

/** An open model of several workers, of which some are stopped a second after the first request. */
async function stoppedRun(stop: Stop): Promise<StoppedRun> {
  const { workers, of = 2, forS, inNap = false, durationS, rate = 40, users = 80, limitMs = 500, gracefulS = 30 } = stop;
  const target = await startTarget({ '/x': stop.target });
  const runDir = temporaryFolder();
  const profile = `{ arrival_rate: ${rate}/s, max_users: ${users}, duration: ${durationS}s, graceful_stop: ${gracefulS}s }`;
  const config = `thresholds: { max_p95: ${limitMs}ms }\nwarm_up: { requests: 0 }\ntest_profiles: { planned: ${profile} }\n`;
  const main = project({ 'main.ts': SCRIPT, 'config.yaml': config }).at('main.ts');
  const load = ['--profile', 'planned', '--workers', String(of)];
  const cli = startAtTerminal([main, '--base-url', target.url, ...load, '--run-dir', runDir], { size: { columns: 200, rows: 60 } });
  while (target.seen.every(({ path }) => path !== '/x')) await pause(20);
  await pause(1_000);
  const stopped = descendantsOf(cli.pid)
    .filter(({ command }) => command.includes('worker.cjs'))
    .slice(0, workers);
  expect(stopped).toHaveLength(workers);
  for (const { pid } of stopped) {
    if (inNap) await nap(pid);
    process.kill(pid, 'SIGSTOP');
  }
  await pause(forS * 1000);
  for (const { pid } of stopped) process.kill(pid, 'SIGCONT');
  const { output } = await cli.ended;
  const shown = stripVTControlCharacters(output);
  try {
    const folder = join(runDir, readlinkSync(join(runDir, 'latest')));
    return { ...(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson), folder, shown };
  } catch {
    throw new Error(`no run.json:\n${shown}`);
  }
}

/** Until the main thread waits on a futex (202: only for one does it wait so), or not at all for 2 s. */
async function nap(pid: number): Promise<void> {
  const untilMs = Date.now() + 2_000;
  for (let i = 1; !readFileSync(`/proc/${pid}/syscall`, 'utf8').startsWith('202 ') && Date.now() < untilMs; i++)
    if (i % 1_000 === 0) await immediate();
}

const p95Of = (run: RunJson): number => run.requests.at(-1)?.responseTimeMs?.p95 ?? 0;

test.concurrent('a worker that was stopped for 3 s measures a p95 of over 500 ms on a target of 5 ms, and blames nobody: 111', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, target: { delayMs: 5 }, durationS: 8 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', detail: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});

test.concurrent('a worker that was stopped for 3 s while it slept between two looks at its sockets blames nobody: 111', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, inNap: true, target: { delayMs: 5 }, durationS: 8 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', detail: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});

test.concurrent('all workers stopped for 8 s are not killed, the generator was saturated, and the target of 5 ms is not to blame: 111', async () => {
  const run = await stoppedRun({ workers: 2, forS: 8, target: { delayMs: 5 }, durationS: 14 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.generator.saturated).toBe(true);
  expect(run.notes.join('\n')).toContain('the workers had work and no processor');
  expect(run.run.exitCode).toBe(111);
  // why it is open reads alike wherever it is said, and while it runs as well
  const why = run.thresholds[0]?.because;
  expect(why).toContain("the load generator's own stalls");
  expect(run.shown).toContain(`undecided so far: ${why}`);
  for (const [report, text] of Object.entries(verdictTextsOf(run.folder, run.shown))) {
    expect(text, report).toContain(`Left open, because ${why}: `);
    expect(text, report).toMatch(/inconclusive/i);
  }
});

test.concurrent('starts that a stopped worker could not begin are begun by the other, which was never away; the target of 5 ms is not to blame: 111', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, target: { delayMs: 5 }, durationS: 8, users: 10 });
  expect(p95Of(run)).toBeGreaterThan(500);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', detail: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});

test.concurrent('what the other workers measure while the target works off the burst of one that was stopped is not held against a target that is in time at the planned rate: 111', async () => {
  const run = await stoppedRun({ workers: 1, of: 4, forS: 3, target: { turnMs: 4 }, durationS: 10, rate: 200, users: 400, limitMs: 100 });
  expect(p95Of(run)).toBeGreaterThan(100);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', detail: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});

test.concurrent('a target of 900 ms misses 500 ms though a worker was stopped for 3 s: 99', async () => {
  const run = await stoppedRun({ workers: 1, forS: 3, target: { delayMs: 900 }, durationS: 10 });
  expect(run.thresholds).toMatchObject([{ outcome: 'missed' }]);
  expect(run.run.exitCode).toBe(99);
});

test.concurrent('of 400 starts at 40/s most are never answered by a target that does 17/s: its own rate proves the miss, 99', async () => {
  const run = await stoppedRun({ workers: 0, forS: 0, target: { turnMs: 59 }, durationS: 10, users: 400, gracefulS: 1 });
  expect(run.starts.interrupted).toBeGreaterThan(100);
  expect(run.thresholds).toMatchObject([{ outcome: 'missed', detail: expect.stringContaining('never got an answer in time') }]);
  expect(run.run.exitCode).toBe(99);
});

test.concurrent('workers that were stopped up to the end leave starts without an answer on a target that does 200/s: 111', async () => {
  const run = await stoppedRun({ workers: 2, forS: 5, target: { turnMs: 5 }, durationS: 5, gracefulS: 0 });
  expect(run.starts.interrupted + run.starts.dropped).toBeGreaterThan(10);
  expect(run.thresholds).toMatchObject([{ outcome: 'undecided', because: expect.stringContaining("the load generator's own stalls") }]);
  expect(run.run.exitCode).toBe(111);
});
