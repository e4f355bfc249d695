// node bench/first-hour.js: what a newcomer meets on a machine that is not idle. Each kind is run ten times and judged by its own gate:
//   hogs      the first command of the README beside two CPU hogs: never blames the script nor the built-in target; a 111 leaves nothing open that was met by more
//             than the generator's error
//   starved   the generator with a twentieth of a core (a quota; without one a core shared with 20 hogs), a target of its own: says that it had no processor
//   burning   a script that computes between its requests: says that it is the script's code
//   slow-…    the same three against a target that is slower than its limit: 99, by the target's own record
//   own       an own first script, 3 users for 4 s, p95 far under its limit: passes
//   idle      the first command on an idle machine: passes, twenty times
// --only=hogs,own --runs 3 for some of it. --seconds 30: of hogs and idle (30 is the profile's own length; less is a quick look), --short 8: of the rest.
// Ends with 1 when a gate is not held. Linux; root for the quota. `own` and `idle` want an idle machine.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { given, table } from './known.js';

const here = import.meta.dirname;
const TOP = resolve(here, '..');
const MAIN = join(TOP, 'dist/main.js');
const ONLY = process.argv
  .find((each) => each.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const SECONDS = given('seconds', 30);
const SHORT = given('short', 8);
const FAST_MS = 20;
const SLOW_MS = 700;
const LIMIT_MS = 500;
const HOGS_OF_A_SHARED_CORE = 20;
/** What tells the reader to change his script. */
const BLAMES_SCRIPT = /less work in the script|keep less in the script|fewer users/;
const NO_PROCESSOR = /had work and no processor/;
const SCRIPTS_CODE = /code of the script ran up to .+ in one piece/;

const hogs = [];
function hog(...wrapper) {
  const [command, ...args] = [...wrapper, process.execPath, '-e', 'for (;;);'];
  hogs.push(spawn(command, args, { stdio: 'ignore' }));
}

/** A control group with a twentieth of a core; undefined where none can be made. */
function quotaGroup() {
  const v1 = '/sys/fs/cgroup/cpu';
  const isV1 = existsSync(join(v1, 'cpu.cfs_quota_us'));
  const folder = join(isV1 ? v1 : '/sys/fs/cgroup', `stressrun-first-hour-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    if (isV1) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), '100000');
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), '5000');
    } else writeFileSync(join(folder, 'cpu.max'), '5000 100000');
    return folder;
  } catch {
    return undefined;
  }
}

/** Processes that were killed are in it for a moment longer. */
async function leave(group) {
  for (let left = 50; ; left--) {
    try {
      return rmdirSync(group);
    } catch (error) {
      if (left === 0) throw error;
      await pause(100);
    }
  }
}

async function startTarget(delayMs) {
  const env = { ...process.env, DELAY_MS: String(delayMs) };
  const child = spawn(process.execPath, [join(here, 'known-server.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { child, url: `http://127.0.0.1:${String(port).trim()}` };
}

const PLAIN =
  "import { check, http } from 'stressrun';\nexport default async () => { check(await http.get('/items'), { ok: (r) => r.status === 200 }); };\n";
const BURNS = `import { http } from 'stressrun';
let sum = 0;
export default async () => {
  await http.get('/items');
  for (let i = 0; i < 40_000_000; i++) sum += i % 7;
};
`;
const CONFIG = `environments: { own: { base_url: "http://127.0.0.1:1" } }\nthresholds: { max_p95: ${LIMIT_MS}ms, max_failure_rate: 1% }\n`;
const load = (users, seconds) => ['--users', String(users), '--duration', `${seconds}s`];
const first = {
  args: ['scripts/predict.ts', '--env', 'demo', '--profile', 'smoke', ...(SECONDS === 30 ? [] : ['--duration', `${SECONDS}s`])],
};

/** `script`: of its own, against a target of its own; `begin`: before it starts; `isStarved`: in a group of its own. */
const KINDS = {
  hogs: { ...first, begin: () => [hog(), hog()], judge: isFairToScript },
  starved: { script: PLAIN, args: load(3, SHORT), isStarved: true, judge: (run) => says(run, NO_PROCESSOR) },
  burning: { script: BURNS, args: load(5, SHORT), judge: (run) => says(run, SCRIPTS_CODE) },
  'slow-hogs': { script: PLAIN, args: load(3, SHORT), delayMs: SLOW_MS, begin: () => [hog(), hog()], judge: isMissed },
  'slow-starved': { script: PLAIN, args: load(3, SHORT), delayMs: SLOW_MS, isStarved: true, judge: isMissed },
  'slow-burning': { script: BURNS, args: load(5, SHORT), delayMs: SLOW_MS, judge: isMissed },
  own: { script: PLAIN, args: load(3, 4), delayMs: 70, judge: isPassed },
  idle: { ...first, runs: 20, judge: isPassed },
};

/** What the run says of the generator, as whoever reads it gets it. */
const saidOf = ({ result, text }) => [...(result?.notes ?? []), ...(result?.verdict.reasons ?? []), text].join('\n');

function isFairToScript(run) {
  const { result, exitCode } = run;
  const blame = BLAMES_SCRIPT.exec(saidOf(run));
  if (blame !== null) return `blames the script: "${blame[0]}"`;
  if (![0, 111].includes(exitCode)) return `exit ${exitCode}`;
  if (exitCode === 0) return undefined;
  if (!/other processes used|the machine was busy|throttled|steal/.test(saidOf(run))) return '111, and nobody is named';
  const { overheadMs } = result.generator;
  const clear = result.thresholds.find(
    ({ outcome, unit, actual, limit }) => outcome === 'undecided' && unit === 'ms' && limit - actual > Math.max(overheadMs, 0),
  );
  return clear === undefined
    ? undefined
    : `111, and ${clear.expression} was met by ${(clear.limit - clear.actual).toFixed(0)} ms: ${clear.detail}`;
}

function says(run, cause) {
  const { record, exitCode } = run;
  if (![0, 111].includes(exitCode)) return `exit ${exitCode}, and the target's own p95 is ${record.p95.toFixed(0)} ms`;
  const said = saidOf(run);
  if (!cause.test(said)) return 'does not say so';
  const blame = cause === NO_PROCESSOR ? BLAMES_SCRIPT.exec(said) : null; // a machine that is busy beside a script that computes is named as well
  return blame === null ? undefined : `names something else: "${blame[0]}"`;
}

function isMissed({ exitCode, record }) {
  if (record.p95 <= LIMIT_MS) return undefined; // not the case that this is about
  return exitCode === 99
    ? undefined
    : `exit ${exitCode}, and the target's own p95 is ${record.p95.toFixed(0)} ms over a limit of ${LIMIT_MS} ms`;
}

function isPassed(run) {
  return run.exitCode === 0
    ? undefined
    : `exit ${run.exitCode}: ${run.result?.verdict.reasons.join('; ') ?? ''} ${run.result?.notes.join('; ') ?? ''}`;
}

/** One run from beginning to end. */
async function runOnce({ script, args, delayMs = FAST_MS, begin, isStarved = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-first-'));
  const target = script === undefined ? undefined : await startTarget(delayMs);
  const group = isStarved ? quotaGroup() : undefined;
  const json = join(folder, 'result.json');
  let own = args;
  if (script !== undefined) {
    writeFileSync(join(folder, 'main.ts'), script);
    writeFileSync(join(folder, 'config.yaml'), CONFIG);
    own = [join(folder, 'main.ts'), '--base-url', target.url, ...args];
  }
  const shared = isStarved && group === undefined ? ['taskset', '-c', '0'] : [];
  try {
    if (shared.length > 0) for (let i = 0; i < HOGS_OF_A_SHARED_CORE; i++) hog(...shared);
    begin?.();
    const inGroup = group === undefined ? [] : ['sh', '-c', `echo $$ > ${group}/cgroup.procs; exec "$0" "$@"`];
    const [command, ...rest] = [...inGroup, ...shared, process.execPath, MAIN, ...own, '--run-dir', folder, '--json', json];
    const child = spawn(command, rest, { cwd: TOP, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
    const [exitCode] = await once(child, 'close');
    const record = target === undefined ? undefined : await (await fetch(`${target.url}/record`)).json();
    return { exitCode, text, record, result: existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : undefined };
  } finally {
    target?.child.kill('SIGKILL');
    const ends = hogs.splice(0).map((each) => {
      const ended = once(each, 'exit');
      each.kill('SIGKILL');
      return ended;
    });
    await Promise.all(ends);
    if (group !== undefined) await leave(group);
    rmSync(folder, { recursive: true, force: true });
  }
}

const kinds = Object.keys(KINDS).filter((kind) => ONLY === undefined || ONLY.includes(kind));
if (kinds.length === 0) throw new Error(`--only: expected some of ${Object.keys(KINDS).join(', ')}`);
if (spawnSync('taskset', ['--version']).status !== 0) console.log('without taskset and a quota, what is starved is not');
const rows = [];
const problems = [];
for (const kind of kinds) {
  const runs = given('runs', KINDS[kind].runs ?? 10);
  const exits = new Map();
  let held = 0;
  let saturated = 0;
  for (let i = 0; i < runs; i++) {
    const run = await runOnce(KINDS[kind]);
    const problem = KINDS[kind].judge(run);
    exits.set(run.exitCode, (exits.get(run.exitCode) ?? 0) + 1);
    if (run.result?.generator.saturated === true) saturated++;
    if (problem === undefined) held++;
    else {
      problems.push(`${kind}, run ${i + 1}: ${problem}`);
      console.log(`${problems.at(-1)}\n${run.text}\n`);
    }
  }
  rows.push([kind, runs, held, saturated, [...exits].map(([code, count]) => `${count} × ${code}`).join(', ')]);
  console.log(rows.at(-1).join('  '));
}
console.log('');
table(['kind', 'runs', 'as they should be', 'saturated', 'exit codes'], rows);
for (const problem of problems) console.log(`NOT AS IT SHOULD BE: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
