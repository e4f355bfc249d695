import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { type CliProcess, cli, startCli } from '../support/cli.ts';
import { type CountingTarget, startCountingTarget } from '../support/counting-target.ts';
import { journalOf } from '../support/journal.ts';
import { printTable } from '../support/print-table.ts';
import { descendantsOf, type ListedProcess, survivorsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';

/** 200 for the whole proof, which takes a quarter of an hour. */
const KILLS = Number(process.env['STRESSRUN_KILLS'] ?? 12);
const WORKER_KILLS = Math.ceil(KILLS / 4);
/** Runs side by side; each waits for most of its time. */
const AT_ONCE = 3;
const GONE_WITHIN_MS = 2_000;
/** A line tells what workers reported up to then, and they do so once a second; the rest is for a busy machine. */
const UNFLUSHED_MS = 2_000;
const STEADY = project({
  'steady.ts': `import { http, sleep } from 'stressrun';
export default async () => { await http.get('/'); await sleep(0.01); };
`,
  'config.yaml': 'warm_up: { requests: 0 }\n',
});

interface Killed {
  readonly seconds: number;
  readonly counted: number;
  readonly atLeast: number;
  readonly answered: number;
}

/** The test's own luck, from a seed, so that a moment that fails can be had again. */
function* momentsMs(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield 100 + (state / 2 ** 32) * 5_900;
  }
}

function begin(target: CountingTarget, runDir: string, duration = '60s'): CliProcess {
  return startCli([
    STEADY.at('steady.ts'),
    '--base-url',
    target.url,
    '--users',
    '4',
    '--workers',
    '2',
    '--duration',
    duration,
    '--run-dir',
    runDir,
  ]);
}

async function firstRequests(target: CountingTarget): Promise<void> {
  while (target.asked() < 5) await pause(10);
}

const folderIn = (runDir: string): string =>
  join(runDir, readdirSync(runDir, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '');

/** The total that `stressrun report` gives; 0 when the run was killed before its first second was written. */
async function reported(folder: string): Promise<number> {
  const json = join(temporaryFolder(), 'report.json');
  const report = await cli(['report', folder, '--json', json]);
  expect(report.stderr).not.toMatch(/\n {4}at /);
  if (report.exitCode !== 0) {
    expect(report.stderr).toMatch(/journal that can be read|at least one line/);
    return 0;
  }
  return (JSON.parse(readFileSync(json, 'utf8')) as RunJson).requests.at(-1)?.count ?? 0;
}

async function killOnce(afterMs: number): Promise<Killed> {
  const target = await startCountingTarget();
  const runDir = temporaryFolder();
  const program = begin(target, runDir);
  await firstRequests(target);
  await pause(afterMs);
  const processes = descendantsOf(program.pid);
  program.signal('SIGKILL');
  await program.ended;
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
  const folder = folderIn(runDir);
  const lines = existsSync(join(folder, 'journal.ndjson')) ? wholeLines(folder) : [];
  const counted = await reported(folder);
  const atLeast = target.answered((lines.at(-1)?.atMs ?? 0) - UNFLUSHED_MS);
  return { seconds: lines.length, counted, atLeast, answered: target.answered() };
}

/** A run of 8 s whose first or second worker is killed. */
async function killWorkerOnce(which: number, afterMs: number): Promise<void> {
  const target = await startCountingTarget();
  const runDir = temporaryFolder();
  const program = begin(target, runDir, '8s');
  await firstRequests(target);
  await pause(afterMs);
  const processes = descendantsOf(program.pid);
  const workers = processes.filter(({ command }) => command.includes('worker.cjs'));
  expect(workers).toHaveLength(2);
  const killedAtMs = Date.now();
  process.kill((workers[which] as ListedProcess).pid, 'SIGKILL');
  const { stdout, stderr } = await program.ended;
  const folder = folderIn(runDir);
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson;
  const count = run.requests.at(-1)?.count ?? 0;
  expect(stdout).toContain(`Total requests: ${count}`);
  expect(stderr).not.toMatch(/internal error/);
  expect(count).toBeGreaterThanOrEqual(target.answered(killedAtMs - UNFLUSHED_MS));
  expect(count).toBeLessThanOrEqual(target.answered());
  expect(journalOf(folder).length).toBeGreaterThan(0);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
}

/** Lines but the torn one, which only a kill in the middle of a write leaves. */
function wholeLines(folder: string): { atMs: number }[] {
  const text = readFileSync(join(folder, 'journal.ndjson'), 'utf8');
  return text.slice(0, text.lastIndexOf('\n') + 1) === ''
    ? []
    : text
        .slice(0, text.lastIndexOf('\n'))
        .split('\n')
        .map((line) => JSON.parse(line) as { atMs: number });
}

test(
  `${KILLS} times kill -9 at any moment: the journal reads back, has what the target answered up to its last second, and no process is left`,
  async () => {
    const moments = momentsMs(20_261_122);
    const found: Killed[] = [];
    for (let i = 0; i < KILLS; i += AT_ONCE)
      found.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, KILLS - i) }, () => killOnce(moments.next().value)))));
    printTable(`kill -9 of the coordinator, ${found.length} times`, [
      ['seconds in the journal', 'requests reported', 'at least', 'answered in all'],
      ...found.map(({ seconds, counted, atLeast, answered }) => [seconds, counted, atLeast, answered]),
    ]);
    for (const { counted, atLeast, answered } of found) {
      expect(counted).toBeGreaterThanOrEqual(atLeast);
      expect(counted).toBeLessThanOrEqual(answered);
    }
    expect(found.some(({ counted }) => counted > 0)).toBe(true);
  },
  60_000 + KILLS * 10_000,
);

test(
  `${WORKER_KILLS} times kill -9 of a worker at any moment: the run ends by itself, with what both workers had reported`,
  async () => {
    const moments = momentsMs(7);
    for (let i = 0; i < WORKER_KILLS; i += AT_ONCE)
      await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, WORKER_KILLS - i) }, (_, j) => killWorkerOnce((i + j) % 2, moments.next().value)),
      );
  },
  60_000 + WORKER_KILLS * 15_000,
);

test.concurrent('a last line that is cut off anywhere is left out and said so; all before it count', async () => {
  const target = await startCountingTarget();
  const runDir = temporaryFolder();
  await begin(target, runDir, '3s').ended;
  const folder = folderIn(runDir);
  rmSync(join(folder, 'run.json'));
  const path = join(folder, 'journal.ndjson');
  const whole = readFileSync(path);
  const lastLineAt = whole.lastIndexOf('\n', whole.length - 2) + 1;
  const before = await reportOf(path, whole.subarray(0, lastLineAt), folder);
  for (const cut of [lastLineAt + 1, Math.floor((lastLineAt + whole.length) / 2), whole.length - 2]) {
    const torn = await reportOf(path, whole.subarray(0, cut), folder);
    expect(torn.stderr).toMatch(/journal\.ndjson:\d+: the last line is cut off and was left out/);
    expect(torn.total).toBe(before.total);
  }
  expect(before.stderr).not.toContain('cut off');
});

async function reportOf(path: string, journal: Buffer, folder: string): Promise<{ total: string | undefined; stderr: string }> {
  writeFileSync(path, journal);
  const { stdout, stderr, exitCode } = await cli(['report', folder]);
  expect(exitCode).toBe(0);
  return { total: /Total requests: \d+/.exec(stdout)?.[0], stderr };
}

/** The run went on to its end, said once what is wrong with its folder, and its result is on the console. */
function expectReportedAnyway({ stdout, stderr, exitCode }: Awaited<CliProcess['ended']>, target: CountingTarget, expected = 0): void {
  expect(exitCode).toBe(expected);
  expect(stderr.match(/cannot be written \(.*\); the run goes on, but may not be kept whole/g)).toHaveLength(1);
  const total = Number(/Total requests: (\d+)/.exec(stdout)?.[1]);
  expect(total).toBeGreaterThan(50);
  expect(total).toBe(target.answered());
}

test.concurrent('a disk that is full at 16 KiB a file: the run goes on, says so, its result reaches the console, and it is no 0', async () => {
  const target = await startCountingTarget();
  const args = [STEADY.at('steady.ts'), '--base-url', target.url, '--users', '4', '--duration', '4s', '--run-dir', temporaryFolder()];
  expectReportedAnyway(await startCli(args, { fileBlocksMax: 32 }).ended, target, 113);
});

test.concurrent('a folder of runs that cannot be made: the run goes on, says so, and its result reaches the console', async () => {
  const target = await startCountingTarget();
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  expectReportedAnyway(await begin(target, join(file, 'runs'), '3s').ended, target);
});

test.concurrent('a run folder that is deleted under way: the run goes on, says so, and its result reaches the console', async () => {
  const target = await startCountingTarget();
  const runDir = temporaryFolder();
  const program = begin(target, runDir, '4s');
  await firstRequests(target);
  await pause(1_500);
  rmSync(runDir, { recursive: true });
  expectReportedAnyway(await program.ended, target);
});
