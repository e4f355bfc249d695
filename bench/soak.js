// npm run soak [-- --minutes 30]: a steady load on a target that fails on a schedule. Memory, file descriptors and totals are looked at;
// ends with 1 when one of them is not as it should be. `--users N`; each asks ten times a second.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stressrun } from './loopback.js';
import { processesOf } from './process-tree.js';
import { CYCLE_S, SoakTarget } from './soak-target.js';

const given = (name, value) => {
  const at = process.argv.findIndex((each) => each === `--${name}` || each.startsWith(`--${name}=`));
  return at < 0 ? value : Number(process.argv[at].split('=')[1] ?? process.argv[at + 1]);
};
const MINUTES = given('minutes', 30);
const USERS = given('users', 20);
/** What is compared begins there: until then heaps and pools grow to their size. */
const SETTLED_S = Math.min(60, (MINUTES * 60) / 3);
const GROWTH_MAX = 0.05;
const DESCRIPTORS_GROWTH_MAX = 2;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

function descriptorsOf(pid) {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    return { all: links.length, sockets: links.filter((link) => link.startsWith('socket:')).length };
  } catch {
    return { all: 0, sockets: 0 };
  }
}

/** One look at the program and its workers. */
function lookAt(root, atS) {
  const processes = processesOf(root);
  const descriptors = processes.map(({ pid }) => descriptorsOf(pid));
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  return {
    atS,
    rssBytes: sum(processes.map(({ rssBytes }) => rssBytes)),
    descriptors: sum(descriptors.map(({ all }) => all)),
    sockets: sum(descriptors.map(({ sockets }) => sockets)),
  };
}

/** Looks in the calm end of each cycle, when every user is connected again. */
async function watch(child, beganAt) {
  const looks = [];
  while (child.exitCode === null && child.signalCode === null) {
    await pause(500);
    const atS = (performance.now() - beganAt) / 1_000;
    const second = atS % CYCLE_S;
    if (atS >= SETTLED_S && (second >= CYCLE_S - 2 || second < 4) && atS < MINUTES * 60 - 1) looks.push(lookAt(child.pid, atS));
  }
  return looks;
}

function compare(looks, of) {
  const third = Math.max(1, Math.floor(looks.length / 3));
  return [median(looks.slice(0, third).map(of)), median(looks.slice(-third).map(of))];
}

function totalsOf(run) {
  const last = run.requests.at(-1);
  const counted = (kind) => run.errors.filter((row) => row.kind === kind).reduce((sum, { count }) => sum + count, 0);
  const [status, timeout, reset, refused] = ['status', 'timeout', 'reset', 'connect-failed'].map(counted);
  return { ok: last.count - last.failed, status, timeout, reset, refused, interrupted: last.interrupted, all: last.count };
}

const folder = mkdtempSync(join(tmpdir(), 'stressrun-soak-'));
const target = new SoakTarget();
const problems = [];
const judge = (isGood, text) => {
  console.log(`${isGood ? '✓' : '✗'} ${text}`);
  if (!isGood) problems.push(text);
};
try {
  await target.start();
  const json = join(folder, 'soak.json');
  const [command, args] = stressrun(
    'soak.ts',
    target.url,
    '--users',
    USERS,
    '--duration',
    `${MINUTES * 60}s`,
    '--workers',
    2,
    '--json',
    json,
  );
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  while (target.counts.ok === 0 && child.exitCode === null) await pause(50);
  const beganAt = performance.now();
  target.beginFaults();
  const calm = setTimeout(() => target.endFaults(), (MINUTES * 60 - 8) * 1_000);
  const looks = await watch(child, beganAt);
  clearTimeout(calm);

  const run = JSON.parse(readFileSync(json, 'utf8'));
  const totals = totalsOf(run);
  const [rssFirst, rssLast] = compare(looks, ({ rssBytes }) => rssBytes);
  const [fdFirst, fdLast] = compare(looks, ({ descriptors }) => descriptors);
  const [socketsFirst, socketsLast] = compare(looks, ({ sockets }) => sockets);
  console.log(
    `\n${MINUTES} min, ${USERS} users, ${target.restarts} restarts of the target, ${looks.length} looks after the first ${SETTLED_S} s`,
  );
  const growth = rssLast / rssFirst - 1;
  judge(
    growth <= GROWTH_MAX,
    `memory of the process tree: ${megabytes(rssFirst)}, at the end ${megabytes(rssLast)} (${(growth * 100).toFixed(1)} %)`,
  );
  judge(
    fdLast - fdFirst <= DESCRIPTORS_GROWTH_MAX,
    `file descriptors: ${fdFirst}, at the end ${fdLast}; of them sockets ${socketsFirst} and ${socketsLast}`,
  );
  for (const kind of ['ok', 'status', 'timeout'])
    judge(totals[kind] === target.counts[kind], `${kind}: ${totals[kind]} reported, ${target.counts[kind]} at the target`);
  // a restart closes idle connections: a request that is on its way over one is reset, and the target never sees it
  const unseen = totals.reset - target.counts.reset;
  judge(
    unseen >= 0 && unseen <= target.restarts,
    `reset: ${totals.reset} reported, ${target.counts.reset} at the target; ${unseen} met a connection that a restart closed (at most ${target.restarts})`,
  );
  const sum = totals.ok + totals.status + totals.timeout + totals.reset + totals.refused + totals.interrupted;
  judge(
    sum === totals.all,
    `all ${totals.all} requests have an outcome (${totals.refused} found no server, ${totals.interrupted} were cut short)`,
  );
} finally {
  target.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = problems.length === 0 ? 0 : 1;
