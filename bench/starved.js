// node bench/starved.js: a generator that is starved in ten ways, open and closed, with a limit just above and far above the truth, and a target that is truly
// slow under the same. The target runs beside it at a higher priority and keeps its own record, which is the judge: no run may fail whose target was in time by
// that record, none may pass whose target was not, and of those with the slow target at least half must be decided.
// --only=hog1,stop-all --runs 5 for some of it (kinds of starving; at most so many runs); --seconds 6. Ends with 1 when something is not as it should be.
// Linux; root for the target's priority, real-time hogs and the quota: what is not permitted is told and left out.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { given, table } from './known.js';
import { childrenOf } from './process-tree.js';

const here = import.meta.dirname;
const FAST_MS = 20;
const SLOW_MS = 400;
const LIMITS = { near: 26, far: 250 };
const SLOW_LIMIT = 100;
const SECONDS = given('seconds', 6);
const RUNS_MAX = given('runs', Number.POSITIVE_INFINITY);
const ONLY = process.argv
  .find((each) => each.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',');
const SPIN = 'const to = Date.now() + Number(process.argv[1]) * 1000; while (Date.now() < to);';
const FILL = `const all = []; const to = Date.now() + Number(process.argv[1]) * 1000;
  while (Date.now() < to) { if (all.length < 24) all.push(Buffer.alloc(32 << 20)); for (const each of all) each.fill(Math.random() * 256); }`;

const hogs = [];
/** A process that takes what it can for the length of a run. */
function hog(code, ...wrapper) {
  const command = [...wrapper, process.execPath, '-e', code, String(SECONDS + 6)];
  hogs.push(spawn(command[0], command.slice(1), { stdio: 'ignore' }));
}

function twice(code) {
  hog(code);
  hog(code);
}

const QUOTA_V1 = '/sys/fs/cgroup/cpu';
const QUOTA_V2 = '/sys/fs/cgroup';
/** A control group with a twentieth of a core; undefined where none can be made. */
function quotaGroup() {
  const isV1 = existsSync(join(QUOTA_V1, 'cpu.cfs_quota_us'));
  const folder = join(isV1 ? QUOTA_V1 : QUOTA_V2, `stressrun-starved-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    if (isV1) {
      writeFileSync(join(folder, 'cpu.cfs_period_us'), '100000');
      writeFileSync(join(folder, 'cpu.cfs_quota_us'), '10000');
    } else writeFileSync(join(folder, 'cpu.max'), '10000 100000');
    return folder;
  } catch {
    return undefined;
  }
}

const workersOf = (pid) => childrenOf(pid).filter((each) => readFileSync(`/proc/${each}/cmdline`, 'latin1').includes('worker'));

/** Stops workers a second into the load. @param how - all of them, or one */
async function stopFor({ pid, url }, ms, how) {
  while ((await (await fetch(`${url}/record`)).json()).count === 0) await pause(100);
  await pause(1_000);
  const workers = workersOf(pid).slice(0, how === 'one' ? 1 : undefined);
  for (const each of workers) process.kill(each, 'SIGSTOP');
  await pause(ms);
  for (const each of workers) process.kill(each, 'SIGCONT');
}

/** `wrap`: before the command; `begin`: before it starts; `beside`: while it runs; `needs`: a command that must be permitted; `group`: one to run in. */
const KINDS = {
  nice19: { wrap: ['nice', '-n', '19'], begin: () => twice(SPIN) },
  shared: { wrap: ['taskset', '-c', '0'], begin: () => hog(SPIN, 'taskset', '-c', '0') },
  hog1: { begin: () => hog(SPIN) },
  hog2: { begin: () => twice(SPIN) },
  realtime: { needs: ['chrt', '-f', '1', 'true'], begin: () => hog(SPIN, 'chrt', '-f', '1', 'taskset', '-c', '0') },
  'stop-one': { beside: (run) => stopFor(run, 3_000, 'one') },
  'stop-short': { beside: (run) => stopFor(run, 500, 'all') },
  'stop-all': { beside: (run) => stopFor(run, 5_000, 'all'), seconds: 12 },
  quota: { group: quotaGroup },
  memory: { begin: () => twice(FILL) },
};

async function startTarget(delayMs) {
  const child = spawn(process.execPath, [join(here, 'known-server.js')], {
    env: { ...process.env, DELAY_MS: String(delayMs) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    setPriority(child.pid, -15);
    if (spawnSync('chrt', ['-f', '-p', '10', String(child.pid)]).status !== 0) throw new Error('no real-time priority');
  } catch {
    // its record then says what it took in truth, starved as well
  }
  const [port] = await once(child.stdout, 'data');
  return { child, url: `http://127.0.0.1:${String(port).trim()}` };
}

function configOf(model, limitMs, seconds) {
  const load = model === 'open' ? { arrival_rate: '50/s', max_users: 100, on_busy: 'queue' } : { users: 10 };
  const profile = { ...load, duration: `${seconds}s`, graceful_stop: '5s', thresholds: { max_p95: `${limitMs}ms` } };
  return JSON.stringify({
    environments: { bench: { base_url: 'http://127.0.0.1:1' } },
    warm_up: { requests: 0 },
    test_profiles: { starved: profile },
  });
}

async function runOnce(kind, { model, delayMs, limitMs }) {
  const { wrap = [], begin, beside, group, seconds = SECONDS } = KINDS[kind];
  const target = await startTarget(delayMs);
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-starved-'));
  const groupFolder = group?.();
  try {
    const [config, json] = [join(folder, 'config.yaml'), join(folder, 'run.json')];
    writeFileSync(config, configOf(model, limitMs, seconds));
    const command = [...wrap, process.execPath, resolve(here, '../dist/main.js'), join(here, 'scripts/items.ts')];
    const flags = [
      '--config',
      config,
      '--profile',
      'starved',
      '--base-url',
      target.url,
      '--run-dir',
      folder,
      '--json',
      json,
      '--workers',
      '2',
      '--quiet',
    ];
    begin?.();
    const inGroup = groupFolder === undefined ? [] : ['sh', '-c', `echo $$ > ${groupFolder}/cgroup.procs; exec "$0" "$@"`];
    const [first, ...rest] = [...inGroup, ...command, ...flags];
    const run = spawn(first, rest, { stdio: ['ignore', 'ignore', 'inherit'] });
    const ended = once(run, 'exit');
    await Promise.all([ended, beside?.({ pid: run.pid, url: target.url })]);
    const [exitCode] = await ended;
    const record = await (await fetch(`${target.url}/record`)).json();
    const result = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : undefined;
    return { exitCode, record, result };
  } finally {
    target.child.kill('SIGKILL');
    for (const each of hogs.splice(0)) each.kill('SIGKILL');
    await pause(200);
    if (groupFolder !== undefined) rmdirSync(groupFolder);
    rmSync(folder, { recursive: true, force: true });
  }
}

function isPossible(kind) {
  const { needs, group } = KINDS[kind];
  if (needs !== undefined && spawnSync(needs[0], needs.slice(1)).status !== 0) return false;
  if (group === undefined) return true;
  const folder = group();
  if (folder !== undefined) rmdirSync(folder);
  return folder !== undefined;
}

const kinds = Object.keys(KINDS).filter((kind) => ONLY === undefined || ONLY.includes(kind));
const possible = kinds.filter(isPossible);
for (const kind of kinds.filter((each) => !possible.includes(each))) console.log(`left out, not permitted here: ${kind}`);
const plans = possible.flatMap((kind) =>
  ['open', 'closed'].flatMap((model) => [
    { kind, model, name: 'near', delayMs: FAST_MS, limitMs: LIMITS.near },
    { kind, model, name: 'far', delayMs: FAST_MS, limitMs: LIMITS.far },
    { kind, model, name: 'slow', delayMs: SLOW_MS, limitMs: SLOW_LIMIT },
  ]),
);
const rows = [];
const problems = [];
const slow = { all: 0, decided: 0 };
for (const plan of plans.slice(0, RUNS_MAX)) {
  const { kind, model, name, limitMs } = plan;
  const { exitCode, record, result } = await runOnce(kind, plan);
  const what = `${kind}, ${model}, limit ${limitMs} ms (${name})`;
  const measured = result?.requests.at(-1).responseTimeMs?.p95;
  const isSlow = record.p95 >= limitMs;
  const isFalse = (exitCode === 99 && !isSlow) || (exitCode === 0 && isSlow);
  if (isFalse) problems.push(`${what}: exit ${exitCode}, and the target's own p95 is ${record.p95.toFixed(1)} ms`);
  if (![0, 99, 111].includes(exitCode)) problems.push(`${what}: exit ${exitCode}, ${result?.verdict.reasons.join('; ') ?? 'no run.json'}`);
  if (name === 'slow') {
    slow.all++;
    if (exitCode === 99) slow.decided++;
  }
  const shown = [record.p95, measured].map((value) => (value === undefined ? '-' : value.toFixed(1)));
  rows.push([kind, model, name, limitMs, ...shown, exitCode, result?.generator.saturated ? 'yes' : 'no', isFalse ? 'FALSE' : 'ok']);
  console.log(rows.at(-1).join('  '));
}
console.log('');
table(['starved by', 'model', 'case', 'limit ms', 'target p95', 'measured p95', 'exit', 'saturated', ''], rows);
if (slow.decided * 2 < slow.all) problems.push(`only ${slow.decided} of ${slow.all} runs against the slow target were decided`);
console.log(
  `\n${rows.length} runs, ${rows.filter((row) => row.at(-1) === 'FALSE').length} false; slow target decided in ${slow.decided} of ${slow.all}`,
);
for (const problem of problems) console.log(`NOT AS IT SHOULD BE: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;
