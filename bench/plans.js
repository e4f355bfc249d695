// node bench/plans.js [--groups iterations,users,rate,ramp] [--workers 1,2,4] [--no-k6]: the plans of test/fixtures/plans on 1, 2 and 4 workers and on k6 where one
// is on PATH or BENCH_K6 says where, by the target's own record (recorder.js). Compared: iterations begun; begun in each half second; users at work at each
// quarter. What a plan allows: a start within TOLERANCE_MS of an edge may lie on either side of it. Ends with 1 when something differs by more, or k6 is
// missing and --no-k6 does not say that this is known. Wants a machine that is not overloaded.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: 'iterations,users,rate,ramp' },
    workers: { type: 'string', default: '1,2,4' },
    'no-k6': { type: 'boolean', default: false },
  },
});
const FOLDER = resolve(import.meta.dirname, '../test/fixtures/plans');
const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const WORK = readFileSync(join(FOLDER, 'work.js'), 'utf8');
const WORKERS = values.workers.split(',').map(Number);
/** Says when the run began. */
const ZERO = { executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '10s' };
/** What a start may be off by on a machine that has other things to do. */
const TOLERANCE_MS = 100;
/** Of iterations that are interrupted: the target does not hear of their end. */
const NEVER_SECONDS = 20;
const HALF_MS = 500;
const QUARTER_MS = 250;
/** Options that k6 does not have, with what is the same there; null: such a plan is not compared. */
const OWN = { onBusy: 'drop', spawnRate: null, arrivals: null };
const k6 = values['no-k6'] ? undefined : [process.env.BENCH_K6 ?? 'k6'].find((command) => spawnSync(command, ['version']).status === 0);

const folder = mkdtempSync(join(tmpdir(), 'stressrun-plans-'));
const server = spawn(process.execPath, [join(import.meta.dirname, 'recorder.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
const url = `http://127.0.0.1:${String((await once(server.stdout, 'data'))[0]).trim()}`;
const each = (plans, what) => Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, what(plan)]));

const scriptOf = (plans, { scenarios, head, work }) => `${head}
export const options = { scenarios: ${JSON.stringify({ ...scenarios, zero: ZERO })} };
const works = ${JSON.stringify(each(plans, ({ work }) => work))};
${work}
export default iteration;`;

/** Runs a command. @returns by plan: what it visited, with the time since the run began */
async function visits(command, args) {
  await fetch(`${url}/record`);
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'ignore'] });
  await once(child, 'exit');
  const record = await (await fetch(`${url}/record`)).json();
  const byPlan = {};
  const zeroUs = record.find(([, path]) => path.includes('of=zero&'))[0];
  for (const [atUs, path] of record) {
    const { pathname, searchParams } = new URL(path, url);
    const visit = { atMs: (atUs - zeroUs) / 1000, what: pathname.slice(1), user: searchParams.get('vu') };
    const plan = searchParams.get('of');
    byPlan[plan] ??= [];
    byPlan[plan].push(visit);
  }
  return byPlan;
}

function ofStressrun(plans, workers) {
  writeFileSync(join(folder, 'config.yaml'), `environments: { t: { base_url: "${url}" } }\nwarm_up: { requests: 0 }\n`);
  const head = `import { http, pace, scenario, sleep, vu } from 'stressrun';
const [visit, rest, keepPace] = [(path) => http.get(path), (seconds) => sleep(seconds), (seconds) => pace(seconds)];
const place = () => ({ name: scenario.name, index: scenario.iterationInTest, turn: vu.iteration, user: vu.id });`;
  const script = join(folder, 'plans.js');
  writeFileSync(script, scriptOf(plans, { scenarios: each(plans, ({ scenario }) => scenario), head, work: WORK }));
  const flags = ['--env', 't', '--workers', String(workers), '--seed', '7', '--quiet', '--run-dir', folder];
  return visits(process.execPath, [MAIN, script, ...flags]);
}

/** The scenario as k6 takes it; undefined where it has no such thing. */
function k6Scenario({ scenario, work }) {
  const own = Object.entries(scenario).filter(([key]) => key in OWN);
  if (work?.pace !== undefined || own.some(([key, value]) => OWN[key] !== value)) return undefined;
  return Object.fromEntries(Object.entries(scenario).filter(([key]) => !(key in OWN)));
}

function ofK6(plans) {
  const scenarios = Object.fromEntries(Object.entries(each(plans, k6Scenario)).filter(([, scenario]) => scenario !== undefined));
  const head = `import http from 'k6/http';
import { sleep } from 'k6';
import exec from 'k6/execution';
const [visit, rest] = [(path) => http.get('${url}' + path), (seconds) => sleep(seconds)];
const place = () => ({ name: exec.scenario.name, index: exec.scenario.iterationInTest, turn: exec.vu.iterationInScenario, user: exec.vu.idInTest });`;
  const script = join(folder, 'k6.js');
  // an iteration of k6 is one call; what it leaves of an async function that it interrupts disturbs the next scenario of that user
  const work = WORK.replaceAll('await ', '').replace('async ', '');
  writeFileSync(script, scriptOf(plans, { scenarios, head, work }));
  return visits(k6, ['run', '--quiet', '--no-usage-report', '--no-summary', script]);
}

const begunIn = (seen) => seen.filter(({ what }) => what === 'begun');
const countBetween = (seen, fromMs, toMs) => seen.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).length;

/** Users that have begun and not ended. */
function usersAt(seen, atMs) {
  const last = new Map();
  for (const visit of seen) if (visit.atMs <= atMs) last.set(visit.user, visit.what);
  return [...last.values()].filter((what) => what === 'begun').length;
}

/** Fewest and most users that there are about a moment. */
function usersAbout(seen, atMs) {
  const changes = seen.filter((visit) => Math.abs(visit.atMs - atMs) <= TOLERANCE_MS).map((visit) => visit.atMs);
  const counts = [atMs - TOLERANCE_MS, ...changes].map((at) => usersAt(seen, at));
  return [Math.min(...counts), Math.max(...counts)];
}

/** What of two records is not the same, in words. @param lastMs - what was begun from there on does not count @param knowsUsers - the target hears of each end */
function differences(a, b, { lastMs, knowsUsers }) {
  const found = [];
  const [begunA, begunB] = [begunIn(a), begunIn(b)];
  /** Moments near an edge may lie on either side of it. */
  const compare = (fromMs, toMs, what) => {
    const fewest = countBetween(begunA, fromMs + TOLERANCE_MS, toMs - TOLERANCE_MS);
    const most = countBetween(begunA, fromMs - TOLERANCE_MS, toMs + TOLERANCE_MS);
    const count = countBetween(begunB, fromMs, toMs);
    if (count < fewest || count > most) found.push(`${what}: ${fewest} to ${most} and ${count}`);
  };
  compare(Number.NEGATIVE_INFINITY, lastMs, 'begun');
  const endMs = Math.max(a.at(-1)?.atMs ?? 0, b.at(-1)?.atMs ?? 0);
  for (let atMs = 0; atMs <= endMs && atMs + HALF_MS <= lastMs; atMs += HALF_MS)
    compare(atMs, atMs + HALF_MS, `begun from ${atMs / 1000} s on`);
  for (let atMs = QUARTER_MS / 2; knowsUsers && atMs <= endMs; atMs += QUARTER_MS) {
    const [[fewestA, mostA], [fewestB, mostB]] = [usersAbout(a, atMs), usersAbout(b, atMs)];
    if (mostA < fewestB || mostB < fewestA) found.push(`users at ${atMs / 1000} s: ${fewestA} to ${mostA} and ${fewestB} to ${mostB}`);
  }
  return found;
}

const msOf = (text) => Number.parseFloat(text) * (text.endsWith('ms') ? 1 : text.endsWith('m') ? 60_000 : 1000);

/** When the last start of an arrival rate may be due; infinite for what is none. */
function openEndMs({ scenario: { executor, startTime = '0s', duration, stages } }) {
  if (!executor.endsWith('arrival-rate')) return Number.POSITIVE_INFINITY;
  const parts = duration === undefined ? stages.map((stage) => stage.duration) : [duration];
  return parts.reduce((sum, part) => sum + msOf(part), msOf(startTime));
}

let isSame = true;
let compared = 0;
try {
  for (const group of values.groups.split(',')) {
    const plans = JSON.parse(readFileSync(join(FOLDER, `${group}.json`), 'utf8'));
    const records = [];
    for (const workers of WORKERS) records.push([`${workers} workers`, await ofStressrun(plans, workers)]);
    if (k6 !== undefined) records.push(['k6', await ofK6(plans)]);
    const [[, reference], ...others] = records;
    for (const [name, plan] of Object.entries(plans))
      for (const [who, record] of others) {
        if (who === 'k6' && k6Scenario(plan) === undefined) continue;
        compared++;
        // of a start that is due at the very end two timers of k6 race
        const lastMs = who === 'k6' ? openEndMs(plan) - TOLERANCE_MS / 2 : Number.POSITIVE_INFINITY;
        const found = differences(reference[name] ?? [], record[name] ?? [], { lastMs, knowsUsers: plan.work?.usual !== NEVER_SECONDS });
        if (found.length > 0) console.log(`${name} (${plan.says}): ${WORKERS[0]} workers and ${who} differ: ${found.join('; ')}`);
        isSame &&= found.length === 0;
      }
  }
  console.log(`${compared} comparisons; ${isSame ? 'all the same' : 'not all the same'}`);
  if (k6 === undefined) console.log('k6: not found on PATH, nor by BENCH_K6: nothing was compared with it');
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isSame && (k6 !== undefined || values['no-k6']) ? 0 : 1;
