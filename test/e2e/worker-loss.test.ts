import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { type CliProcess, type CliResult, startCli } from '../support/cli.ts';
import { type CountingTarget, startCountingTarget } from '../support/counting-target.ts';
import { drivenRun } from '../support/driven-run.ts';
import { printTable } from '../support/print-table.ts';
import { descendantsOf, type ListedProcess, survivorsOf } from '../support/processes.ts';
import { type Project, project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const GONE_WITHIN_MS = 2_000;
/** A worker's numbers come once a second; the rest is for a busy machine. */
const UNREPORTED_S = 1.5;
const rows: (string | number)[][] = [];
afterAll(() => printTable('Workers lost', [['run', 'exit code', 'counted', 'answered', 'what the verdict says'], ...rows]));

const scripted = (text: string): Project =>
  project({ 'test.ts': text, 'config.yaml': 'warm_up: { requests: 0 }\nthresholds: { max_failure_rate: 1% }\n' });

const ASKING = scripted(`import { http } from 'stressrun';
export default async () => { await http.get('/'); };
`);

interface Begun {
  readonly program: CliProcess;
  readonly target: CountingTarget;
  readonly runDir: string;
}

async function begin({ at }: Project, ...args: string[]): Promise<Begun> {
  const target = await startCountingTarget();
  const runDir = temporaryFolder();
  const program = startCli([at('test.ts'), '--base-url', target.url, '--workers', '2', '--run-dir', runDir, ...args]);
  while (target.asked() < 5) await pause(10);
  return { program, target, runDir };
}

const workersOf = (pid: number): ListedProcess[] => descendantsOf(pid).filter(({ command }) => command.includes('worker.cjs'));

/** Ends the worker that was started as the first, or since then as the last. */
function killWorker({ program }: Begun, which: 'first' | 'last'): number {
  const workers = workersOf(program.pid).sort((a, b) => Number(a.startedAt) - Number(b.startedAt) || a.pid - b.pid);
  process.kill((which === 'first' ? workers[0] : (workers.at(-1) as ListedProcess))?.pid ?? 0, 'SIGKILL');
  return Date.now();
}

async function resultOf(name: string, { program, target, runDir }: Begun): Promise<CliResult & { run: RunJson; count: number }> {
  const ended = await program.ended;
  const folder = readdirSync(runDir, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '';
  const run = JSON.parse(readFileSync(join(runDir, folder, 'run.json'), 'utf8')) as RunJson;
  const count = run.requests.at(-1)?.count ?? 0;
  rows.push([name, ended.exitCode ?? '', count, target.answered(), run.verdict.reasons[0] ?? '']);
  expect(ended.stderr).not.toMatch(/internal error/);
  return { ...ended, run, count };
}

test('200/s for 8 s: a worker killed at about 3 s is back within 2 s, the rate with it, and all but its last second is counted: 112', async () => {
  const begun = await begin(ASKING, '--rate', '200/s', '--users', '20', '--duration', '8s');
  const { program, target } = begun;
  await pause(3_000);
  const killedAtMs = killWorker(begun, 'last');
  await program.printed(/worker 2 is there again/);
  await pause(1_000);
  const backAtMs = Date.now();
  const processes = descendantsOf(program.pid);
  expect(processes.filter(({ command }) => command.includes('worker.cjs'))).toHaveLength(2);
  const { exitCode, run, count } = await resultOf('200/s for 8 s', begun);
  expect([exitCode, run.verdict.outcome]).toEqual([112, 'degraded']);
  const reason = run.verdict.reasons[0] ?? '';
  expect(reason).toMatch(
    /^planned load was lost: worker 2 was lost at [\d.]+ s and replaced at [\d.]+ s: about [\d.]+ s of its share of the load \(\d+%\), \d+ starts?, \d+ requests? in flight and numbers of up to [\d.]+ s \(worker 2 died \(SIGKILL\)\)$/,
  );
  const [lostS = 0, backS = 0] = [...reason.matchAll(/at ([\d.]+) s/g)].map(([, seconds]) => Number(seconds));
  expect(backS - lostS).toBeLessThan(2);
  // the first worker alone would do 100/s
  expect(target.answered(backAtMs + 1_500) - target.answered(backAtMs)).toBeGreaterThan(225);
  const { due, begun: starts, dropped } = run.starts;
  expect([due, starts + dropped]).toEqual([1_600, 1_600]);
  expect(dropped).toBe(Number(/(\d+) starts?,/.exec(reason)?.[1]));
  expect(run.metrics['dropped_iterations']?.values['count']).toBe(dropped);
  expect(count).toBeLessThanOrEqual(target.answered());
  expect(target.answered() - count).toBeLessThanOrEqual(200 * UNREPORTED_S);
  expect(target.answered(killedAtMs)).toBeGreaterThan(200);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test('300 iterations of 10 users each with its own: those that the dead worker had not begun are made up, to the last', async () => {
  const counted = scripted(`import { http, sleep } from 'stressrun';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 10, iterations: 30 } } };
export default async () => { await http.get('/'); await sleep(0.1); };
`);
  const begun = await begin(counted);
  await pause(1_500);
  killWorker(begun, 'last');
  const { exitCode, run, count } = await resultOf('300 iterations', begun);
  expect(exitCode).toBe(112);
  const { due, begun: starts, dropped, interrupted } = run.starts;
  expect([due, starts, dropped]).toEqual([300, 300, 0]);
  expect(interrupted).toBeGreaterThan(0);
  expect(run.metrics['iterations']?.values['count']).toBe(300 - interrupted);
  expect(count).toBeLessThanOrEqual(begun.target.answered());
});

test('the first worker killed: setup() is not called again, its data and vuSetup() reach the new one, and teardown() is called there', async () => {
  const hooks = scripted(`import { check, http, log, sleep } from 'stressrun';
let isSetUp = false;
export const setup = () => { log.info('set up'); return { answer: 42 }; };
export const vuSetup = (data) => { isSetUp = data.answer === 42; };
export default async (data) => { check(data, { 'has data': (d) => d.answer === 42, 'is set up': () => isSetUp }); await http.get('/'); await sleep(0.02); };
export const teardown = (data) => { log.info('torn down ' + data.answer); };
export const handleSummary = () => ({ stdout: 'own summary\\n' });
`);
  const begun = await begin(hooks, '--users', '8', '--duration', '5s');
  await pause(1_500);
  killWorker(begun, 'first');
  const { exitCode, run, stdout, stderr } = await resultOf('hooks', begun);
  expect(exitCode).toBe(112);
  expect(run.verdict.reasons[0]).toMatch(/worker 1 was lost at .* and replaced at /);
  expect(stderr.match(/set up/g)).toHaveLength(1);
  expect(stderr.match(/torn down 42/g)).toHaveLength(1);
  expect(stdout).toBe('own summary\n');
  expect(run.checks.map(({ name, fails }) => [name, fails])).toEqual([
    ['has data', 0],
    ['is set up', 0],
  ]);
});

test('users raised from 4 to 12 while the run goes on: the new worker has its share of the added ones too, set up and at once', async () => {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': `
      environments: { here: { base_url: ${target.url}, max_users: 30 } }
      warm_up: { requests: 0 }
      test_profiles: { users: { users: 4, duration: 9s, pace: 100ms } }`,
    'test.ts': `import { http, vu } from 'stressrun';
      let name = '';
      export async function vuSetup() { name = 'u' + vu.id; }
      export default async () => { await http.get('/work', { query: { who: name } }); };`,
  });
  const running = drivenRun({ script: at('test.ts'), environment: 'here', profile: 'users', workers: '2' }, [
    { atS: 1, adjust: { users: 12 } },
  ]);
  while (target.seen.every(({ query }) => !query['who']?.startsWith('u1000'))) await pause(10); // an added user is at work
  await pause(1_000);
  const [worker] = workersOf(process.pid).slice(-1);
  process.kill(worker?.pid ?? 0, 'SIGKILL');
  const killedAtMs = performance.now();
  const { exitCode, run, events } = await running;
  expect([exitCode, run.verdict.outcome]).toEqual([112, 'degraded']);
  expect(run.verdict.reasons[0]).toMatch(/worker 2 was lost at .* and replaced at/);
  const worked = () => target.seen.filter(({ path }) => path === '/work');
  const before = new Set(
    worked()
      .filter(({ atMs }) => atMs < killedAtMs)
      .map(({ query }) => query['who']),
  );
  const after = new Set(
    worked()
      .filter(({ atMs }) => atMs > killedAtMs + 2_500)
      .map(({ query }) => query['who']),
  );
  expect(before.size).toBe(12);
  expect(after).toEqual(before);
  const users = events.flatMap((event) => (event.type === 'second' && event.stage === 'measuring' ? [event.users] : []));
  expect(Math.max(...users)).toBe(12);
  expect(users.at(-1)).toBe(12);
});

test('a worker that dies four times ends the run early, degraded: 112, with four losses told', async () => {
  const begun = await begin(ASKING, '--rate', '100/s', '--users', '20', '--duration', '40s');
  const processes: ListedProcess[] = [];
  let printed = 0;
  begun.program.ended.catch(() => undefined);
  for (let death = 1; death <= 4; death++) {
    await pause(1_200);
    processes.push(...descendantsOf(begun.program.pid));
    killWorker(begun, 'last');
    if (death < 4) await begun.program.printed(new RegExp(`(worker 2 is there again[^]*){${++printed}}`));
  }
  const { exitCode, run, count } = await resultOf('four deaths', begun);
  expect([exitCode, run.verdict.outcome]).toEqual([112, 'degraded']);
  expect(run.run.durationS).toBeLessThan(25);
  const reason = run.verdict.reasons[0] ?? '';
  expect(reason.match(/worker 2 was lost at [\d.]+ s and replaced at/g)).toHaveLength(3);
  expect(reason).toMatch(/worker 2 was lost at [\d.]+ s, one too many: the run ended early/);
  expect(count).toBeGreaterThan(50);
  expect(count).toBeLessThanOrEqual(begun.target.answered());
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});
