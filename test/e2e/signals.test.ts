import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { cli, startCli } from '../support/cli.ts';
import { countBy, journalOf } from '../support/journal.ts';
import { descendantsOf, survivorsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startAtTerminal } from '../support/pseudo-terminal.ts';
import { startTarget, type TargetServer } from '../support/target-server.ts';

const CTRL_C = '\x03';
/** From a kill to the end of the last process. */
const GONE_WITHIN_MS = 2_000;

/** Iterations of 300 ms that say when they end. */
const STEADY = `import { http, log, sleep } from 'stressrun';
export default async () => { await http.get('/a'); await sleep(0.3); await http.get('/b'); };
export const teardown = () => { log.info('torn down'); };
`;

/** The built-in server, measured from the first request on. */
const DEMO = 'environments: { demo: { target: embedded, truth: shapes } }\nwarm_up: { requests: 0 }\n';

function argsFor(target: TargetServer, script: string, runDir: string): string[] {
  const { at } = project({ 'script.ts': script });
  return [at('script.ts'), '--base-url', target.url, '--users', '3', '--duration', '60s', '--run-dir', runDir];
}

/** The folder of the only run. */
function folderIn(runDir: string): string {
  const folders = readdirSync(runDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders).toHaveLength(1);
  return join(runDir, folders[0]?.name ?? '');
}

/** Waits for the run's folder, and for so many seconds of its journal in which something was recorded. */
async function recorded(runDir: string, seconds: number): Promise<string> {
  while (!existsSync(join(runDir, 'latest'))) await pause(50);
  const folder = folderIn(runDir);
  const journal = join(folder, 'journal.ndjson');
  const recordedLines = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('"told":[{').length - 1 : 0);
  while (recordedLines() < seconds) await pause(50);
  return folder;
}

const runJsonOf = (folder: string): RunJson => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson;

async function requestsSeen(target: TargetServer, count: number): Promise<void> {
  while (target.seen.length < count) await pause(20);
}

test.concurrent('Ctrl-C at a terminal: iterations under way end, teardown runs, the report is printed, exit code 105', async () => {
  const target = await startTarget();
  const runDir = temporaryFolder();
  const program = startAtTerminal([...argsFor(target, STEADY, runDir), '--workers', '2']);
  await requestsSeen(target, 20);
  const processes = descendantsOf(program.pid);
  program.press(CTRL_C);
  const { exitCode, output } = await program.ended;
  expect(exitCode).toBe(105);
  expect(output).toContain('torn down');
  expect(output).toContain('BENCHMARK RESULTS');
  expect(output).toMatch(/INTERRUPTED.*, exit code 105/);
  const { verdict, run, requests, starts } = runJsonOf(folderIn(runDir));
  expect([verdict.outcome, run.exitCode]).toEqual(['interrupted', 105]);
  const begun = target.counts()['/a'] ?? 0;
  expect(requests.map(({ name, count, failed, interrupted }) => [name, count, failed, interrupted])).toEqual([
    ['/a', begun, 0, 0],
    ['/b', begun, 0, 0],
    ['Aggregated', 2 * begun, 0, 0],
  ]);
  expect(starts.interrupted).toBe(0);
  expect(processes.length).toBeGreaterThan(2);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent('the embedded target outlives Ctrl-C until the last iteration has ended: no request fails', async () => {
  const runDir = temporaryFolder();
  const { at } = project({ 'config.yaml': DEMO, 'demo.ts': STEADY.replaceAll(/'\/[ab]'/g, "'/health'") });
  const program = startAtTerminal([at('demo.ts'), '--env', 'demo', '--users', '3', '--duration', '60s', '--run-dir', runDir]);
  await recorded(runDir, 3);
  const processes = descendantsOf(program.pid);
  expect(processes.filter(({ command }) => command.includes('target.js'))).toHaveLength(1);
  program.press(CTRL_C);
  expect((await program.ended).exitCode).toBe(105);
  const { requests } = runJsonOf(folderIn(runDir));
  expect(requests.at(-1)?.count).toBeGreaterThan(0);
  expect(requests.at(-1)?.failed).toBe(0);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent('Ctrl-C twice leaves at once, without a report, though iterations would go on for a minute', async () => {
  const target = await startTarget();
  const runDir = temporaryFolder();
  const program = startAtTerminal(argsFor(target, STEADY.replace('0.3', '60'), runDir));
  await requestsSeen(target, 2);
  const processes = descendantsOf(program.pid);
  program.press(CTRL_C);
  await program.shown(/once more leaves at once/);
  program.press(CTRL_C);
  const { exitCode, output } = await program.ended;
  expect(exitCode).toBe(105);
  expect(output).not.toContain('BENCHMARK RESULTS');
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent('Ctrl-C while module level runs ends the command with 105, and nothing is left', async () => {
  const target = await startTarget();
  const runDir = temporaryFolder();
  const program = startAtTerminal(
    argsFor(target, 'const end = Date.now() + 4_000; while (Date.now() < end) {}\nexport default () => 0;\n', runDir),
  );
  while (!descendantsOf(program.pid).some(({ command }) => command.includes('worker.cjs'))) await pause(20);
  await pause(1_500);
  const processes = descendantsOf(program.pid);
  program.press(CTRL_C);
  const { exitCode, output } = await program.ended;
  expect(exitCode).toBe(105);
  expect(output).toContain('interrupted before the load began: there is nothing to report');
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent('Ctrl-C that ends the bundler first is a 105 all the same: what died of it is told by nobody as an error', async () => {
  const target = await startTarget();
  const lines = Array.from({ length: 150_000 }, (_, i) => `export const word${i} = { index: ${i}, text: 'a word like ${i} others' };`);
  const { at } = project({
    'words.ts': lines.join('\n'),
    'script.ts': `import * as words from './words.ts';\nexport default () => words;\n`,
  });
  const program = startCli([at('script.ts'), '--base-url', target.url, '--run-dir', temporaryFolder()]);
  const bundlerOf = () => descendantsOf(program.pid).filter(({ command }) => /esbuild.*--service/.test(command));
  while (bundlerOf().length === 0) await pause(2);
  program.signal('SIGSTOP'); // both are sent the signal, the bundler has its processor first
  const bundlers = bundlerOf();
  for (const { pid } of bundlers) process.kill(pid, 'SIGINT');
  expect(await survivorsOf(bundlers, GONE_WITHIN_MS)).toEqual([]);
  program.signal('SIGINT');
  program.signal('SIGCONT');
  const { exitCode, stderr } = await program.ended;
  expect(stderr).not.toContain('internal error');
  expect(exitCode).toBe(105);
});

test.concurrent('Ctrl-C while check calls a task is a 105, and no error of its workers', async () => {
  const target = await startTarget();
  const text = "import { http, sleep } from 'stressrun';\nexport default async () => { await http.get('/a'); await sleep(60); };\n";
  const program = startCli(['check', project({ 'script.ts': text }).at('script.ts'), '--base-url', target.url]);
  while (target.counts()['/a'] !== 1) await pause(20);
  const processes = descendantsOf(program.pid);
  program.signal('SIGINT', 'group');
  const { exitCode, stderr } = await program.ended;
  expect([exitCode, stderr]).toEqual([105, expect.stringContaining('interrupted before the end: there is no result')]);
  expect(stderr).not.toContain('stressrun: ');
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent('Ctrl-C that ends a worker before it could ignore it is a 105: no hook is called, for there are no users yet', async () => {
  const target = await startTarget({ '/health': { delayMs: 3_000 } }); // before it has answered nobody makes users
  const hooks = 'export const handleSummary = () => ({});\nexport const teardown = () => {};\n';
  const program = startCli([
    ...argsFor(target, `${STEADY.replace(/export const teardown.*\n/, '')}${hooks}`, temporaryFolder()),
    '--workers',
    '2',
  ]);
  const workersOf = () => descendantsOf(program.pid).filter(({ command }) => command.includes('worker.cjs'));
  while (workersOf().length < 2) await pause(1);
  const processes = descendantsOf(program.pid);
  const booting = workersOf().reduce((last, each) =>
    Number(each.startedAt) * 1e7 + each.pid > Number(last.startedAt) * 1e7 + last.pid ? each : last,
  );
  process.kill(booting.pid, 'SIGKILL'); // as the signal does to a process that is not ready for it
  program.signal('SIGINT');
  const { exitCode, stderr } = await program.ended;
  expect([exitCode, stderr]).toEqual([
    105,
    expect.stringContaining('handleSummary() was not called: the run ended before there were users'),
  ]);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent.each(['SIGTERM', 'SIGINT'] as const)(
  '%s once: a graceful stop with its report; twice: gone at once; 105 both times',
  async (signal) => {
    const target = await startTarget();
    const [once, twice] = [temporaryFolder(), temporaryFolder()];
    const graceful = startCli(argsFor(target, STEADY, once));
    await requestsSeen(target, 10);
    graceful.signal(signal);
    const first = await graceful.ended;
    expect(first.exitCode).toBe(105);
    expect(first.stdout).toContain('Verdict: ? INTERRUPTED, exit code 105');
    expect(runJsonOf(folderIn(once)).verdict).toMatchObject({ outcome: 'interrupted', reasons: [expect.stringContaining(signal)] });

    const before = target.seen.length;
    const hasty = startCli(argsFor(target, STEADY.replace('0.3', '60'), twice));
    await requestsSeen(target, before + 2);
    const processes = descendantsOf(hasty.pid);
    hasty.signal(signal);
    await hasty.printed(/once more leaves at once/);
    hasty.signal(signal);
    const second = await hasty.ended;
    expect([second.exitCode, second.stdout]).toEqual([105, '']);
    expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
  },
);

test.concurrent.each([
  ['works', 'await http.get("/work");'],
  ['spins', 'if (vu.id === 2 && vu.iteration === 60) for (;;) {}'],
])('kill -9 while a VU %s leaves no process behind after 2 s, and report tells what the journal holds', async (_, code) => {
  const runDir = temporaryFolder();
  const { at } = project({
    'config.yaml': DEMO,
    'killed.ts': `import { http, sleep, vu } from 'stressrun';
export default async () => { await http.get('/health'); ${code.replace('/work', '/health')} await sleep(0.05); };
`,
  });
  const program = startCli([at('killed.ts'), '--env', 'demo', '--users', '4', '--workers', '2', '--duration', '60s', '--run-dir', runDir]);
  const folder = await recorded(runDir, 5);
  const processes = descendantsOf(program.pid);
  expect(processes.filter(({ command }) => command.includes('worker.cjs'))).toHaveLength(2);
  expect(processes.filter(({ command }) => command.includes('target.js'))).toHaveLength(1);
  program.signal('SIGKILL');
  expect((await program.ended).exitCode).toBeNull();
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);

  const inJournal = countBy(folder, 'http_reqs', ({ period }) => (period === 'measured' ? 'measured' : undefined))['measured'] ?? 0;
  expect(inJournal).toBeGreaterThan(0);
  const json = join(temporaryFolder(), 'killed.json');
  const report = await cli(['report', folder, '--json', json]);
  expect(report.exitCode).toBe(0);
  expect(report.stdout).toContain('the run was killed; this is what its journal holds');
  expect(report.stdout).toContain(`Total requests: ${inJournal}`);
  const result = JSON.parse(readFileSync(json, 'utf8')) as RunJson;
  expect(result.verdict.outcome).toBe('interrupted');
  expect(result.requests.at(-1)).toMatchObject({ name: 'Aggregated', count: inJournal, failed: 0 });
});

test.concurrent('after kill -9 the journal has at least what the target had answered 2.5 s before its last line', async () => {
  const target = await startTarget();
  const answeredAtMs: number[] = [];
  const { push } = target.seen;
  target.seen.push = (...items) => {
    answeredAtMs.push(...items.map(() => Date.now()));
    return push.apply(target.seen, items);
  };
  const runDir = temporaryFolder();
  const program = startCli([
    ...argsFor(target, STEADY.replace('0.3', '0.02'), runDir),
    '--config',
    project({ 'c.yaml': 'warm_up: { requests: 0 }\n' }).at('c.yaml'),
  ]);
  await requestsSeen(target, 1_200);
  program.signal('SIGKILL');
  await program.ended;
  const folder = folderIn(runDir);
  const lastLineAtMs = journalOf(folder).at(-1)?.atMs ?? 0;
  const answered = answeredAtMs.filter((atMs) => atMs < lastLineAtMs - 2_500).length;
  expect(answered).toBeGreaterThan(0);
  expect(countBy(folder, 'http_reqs', () => 'all')['all'] ?? 0).toBeGreaterThanOrEqual(answered);
});

test.concurrent('SIGTERM at any of 15 moments of the first second ends the command with 105, and nothing is left', async () => {
  const target = await startTarget();
  for (let delayMs = 350; delayMs < 1_250; delayMs += 60) {
    const program = startCli(argsFor(target, STEADY, temporaryFolder()));
    await pause(delayMs);
    const processes = descendantsOf(program.pid);
    program.signal('SIGTERM');
    const ended = await Promise.race([program.ended, pause(15_000)]);
    if (ended === undefined) program.signal('SIGKILL');
    // null: so early that nothing listened to signals yet
    expect([105, null], `${delayMs} ms after the start`).toContain(ended?.exitCode);
    expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
  }
});

test.concurrent('Ctrl-C while a vuSetup() of 60 s runs does not wait for it', async () => {
  const target = await startTarget();
  const text = "import { sleep } from 'stressrun';\nexport const vuSetup = async () => { await sleep(60); };\nexport default () => 0;\n";
  const program = startCli(argsFor(target, text, temporaryFolder()));
  await pause(4_000);
  program.signal('SIGINT');
  expect((await Promise.race([program.ended, pause(20_000)]))?.exitCode).toBe(105);
});
