import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { constants, cpus, setPriority } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { startCli } from '../support/cli.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { descendantsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** With work before each request, about 1 ms a million: what sleeps most of the time is let in before the hogs by the scheduler. */
const scriptOf = (millions: number): string => `import { http, sleep } from 'stressrun';
let sum = 0;
export default async () => {
  for (let i = 0; i < ${millions}_000_000; i++) sum += i % 7;
  await http.get('/x');
  await sleep(0.05);
};
`;
const HOGS = 8;
const LAST_CORE = cpus().length - 1;
const canPin = LAST_CORE > 0 && !isLeftOutWithout('util-linux');

/** The target is in this process: it keeps to the other cores, for one that had no processor either would be slow in truth. */
function keepOffCore0(): void {
  const pin = (cores: string) => spawnSync('taskset', ['-a', '-p', '-c', cores, String(process.pid)]);
  pin(`1-${LAST_CORE}`);
  onTestFinished(() => void pin(`0-${LAST_CORE}`));
}

/** On those cores it goes before all others, where that may be asked for: whatever else this machine does makes no target of 5 ms a slow one. */
function goBeforeOthers(): void {
  try {
    setPriority(process.pid, constants.priority.PRIORITY_HIGHEST);
    onTestFinished(() => setPriority(process.pid, constants.priority.PRIORITY_NORMAL));
  } catch {
    // who is not root shares them
  }
}

/** Puts the worker of a program on core 0, beside programs that do nothing but use it. */
function choke(pid: number): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const workers = children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('worker.cjs'));
  expect(workers).toHaveLength(1);
  spawnSync('taskset', ['-a', '-p', '-c', '0', workers[0] as string]);
  const hogs = Array.from({ length: HOGS }, () => spawn('taskset', ['-c', '0', process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
  onTestFinished(() => {
    for (const hog of hogs) hog.kill('SIGKILL');
  });
}

/** A run of 6 s with 10 users, choked from its first request on. */
async function chokedRun(behaviour: Parameters<typeof startTarget>[0], thresholds: string, millions: number): Promise<RunJson> {
  const target = await startTarget(behaviour);
  keepOffCore0();
  const runDir = temporaryFolder();
  const jsonPath = join(runDir, 'result.json');
  const main = project({ 'main.ts': scriptOf(millions), 'config.yaml': `thresholds: ${thresholds}\n` }).at('main.ts');
  const cli = startCli([
    ...[main, '--base-url', target.url, '--users', '10', '--workers', '1', '--duration', '6s'],
    ...['--run-dir', runDir, '--json', jsonPath],
  ]);
  while (target.seen.every(({ path }) => path !== '/x')) await new Promise((resolve) => setTimeout(resolve, 20));
  choke(cli.pid);
  goBeforeOthers();
  const { stdout, stderr } = await cli.ended;
  try {
    return JSON.parse(readFileSync(jsonPath, 'utf8')) as RunJson;
  } catch {
    throw new Error(`no run.json:\n${stdout}${stderr}`);
  }
}

/** Two for each processor: whatever shares them has a third of one. */
function hogMachine(): void {
  const all = Array.from({ length: 2 * cpus().length }, () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  onTestFinished(() => {
    for (const hog of all) hog.kill('SIGKILL');
  });
}

/** How nice each thread of a process is; 10 gives way to nearly all others. @see proc_pid_stat(5) */
function nicenessesOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const text = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

/** Of the built-in target of a short run, when the load is about to begin. */
async function nicenessesOfTarget(): Promise<number[]> {
  const run = startCli(['scripts/predict.ts', '--env', 'demo', '--users', '2', '--duration', '2s', '--run-dir', temporaryFolder()], {
    env: { NODE_DEBUG: 'stressrun' },
  });
  await run.printed(/preparing users/);
  const targets = descendantsOf(run.pid).filter(({ command }) => command.includes('target.js'));
  const found = targets.flatMap(({ pid }) => nicenessesOf(pid));
  await run.ended;
  return found;
}

test.skipIf(!existsSync('/proc/self/stat'))(
  'on a machine that others keep busy the built-in target does not give way to them, or its slowness would be theirs',
  async () => {
    hogMachine();
    expect(new Set(await nicenessesOfTarget())).toEqual(new Set([0]));
  },
);

test.skipIf(!existsSync('/proc/self/stat'))(
  'a built-in target that gives way to the generator does so with all its threads: those that decode pictures have a priority of their own',
  async () => {
    const found = await nicenessesOfTarget();
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found).size, 'all as nice as each other').toBe(1);
  },
);

test.skipIf(!canPin)(
  'pinned beside 8 programs that use its core, a generator says that it had no processor and who had; a limit of 80 ms on a target of 5 ms, missed for that alone, exits 111',
  async () => {
    const { run, generator, notes } = await chokedRun({ '/x': { delayMs: 5 } }, '{ max_p95: 80ms }', 2);
    expect(generator.saturated, JSON.stringify({ generator, notes })).toBe(true);
    expect(generator.overheadMs).toBeGreaterThan(5);
    expect(notes.join('\n')).toMatch(
      /the generator was saturated: the workers had work and no processor, up to .+, in \d of \d s \([\d–, s]+\): other processes used [\d.]+ of \d cores?, stressrun [\d.]+;/,
    );
    expect(notes.join('\n')).not.toContain('less work in the script');
    expect(run.exitCode).toBe(111);
  },
);

test.skipIf(!canPin)(
  'as choked, a script that computes for 50 ms and more before each request is named beside who had the core',
  async () => {
    const { generator, notes } = await chokedRun({ '/x': { delayMs: 5 } }, '{ max_p95: 20ms }', 60);
    expect(generator.saturated, JSON.stringify({ generator, notes })).toBe(true);
    expect(notes.join('\n')).toMatch(/the workers had work and no processor, .+other processes used/);
    expect(notes.join('\n')).toMatch(
      /code of the script ran up to .+ in one piece, whoever else used the machine, in \d of \d s .+: less work in the script/,
    );
  },
);

test.skipIf(!canPin)('as choked, a p95 of 2 s over 100 ms and every second answer a 500 are the target’s doing: 99', async () => {
  const { run, generator, thresholds } = await chokedRun(
    { '/x': { delayMs: 2_000, failEveryNth: 2 } },
    '{ max_p95: 100ms, max_failure_rate: 1% }',
    40,
  );
  expect(generator.saturated).toBe(true);
  expect(thresholds.map(({ outcome }) => outcome)).toEqual(['missed', 'missed']);
  expect(run.exitCode).toBe(99);
});
