// Many virtual users: 10,000 that sleep (memory each, time to start), and a ramp from 0 to 5,000 active ones (the longest stall of a loop).
// node bench/vus.js [--only=asleep|ramp] [--workers=2]
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startServer, stressrun } from './loopback.js';
import { rssBytesOf } from './process-tree.js';

const SLEEPERS = 10_000;
/** Every hundredth asks once when it has started. */
const ASKING = SLEEPERS / 100;
const LIMITS = { rssKiB: 40, startS: 5, stallMs: 100 };
/** Garbage of the start is gone by then. */
const SETTLE_MS = 12_000;

const { values } = parseArgs({ options: { only: { type: 'string' }, workers: { type: 'string', default: '2' } } });
const { only, workers } = values;

async function whileRunning(command, during) {
  const child = spawn(...command, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    return await during(child, ended);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
}

const until = async (holds, child) => {
  while (!(await holds())) {
    if (child.exitCode !== null) throw new Error(`stressrun ended with ${child.exitCode}`);
    await pause(10);
  }
  return performance.now();
};

async function settledRss(server, profile) {
  const command = stressrun('sleepers.ts', server.url, '--profile', profile, '--workers', workers);
  return await whileRunning(command, async (child) => {
    await pause(SETTLE_MS);
    return rssBytesOf(child.pid);
  });
}

/** From the first user's start to the last one's, and from the start of the program. */
async function startTimes(server) {
  const before = await server.count();
  const begunAt = performance.now();
  const command = stressrun('sleepers.ts', server.url, '--profile', 'asleep', '--workers', workers, '-e', 'ASK=hundredth');
  return await whileRunning(command, async (child) => {
    // a health check comes before the users
    const firstAt = await until(async () => (await server.count()) > before + 1, child);
    const lastAt = await until(async () => (await server.count()) >= before + ASKING, child);
    return { usersS: (lastAt - firstAt) / 1000, programS: (lastAt - begunAt) / 1000 };
  });
}

async function benchAsleep(server) {
  const { usersS, programS } = await startTimes(server);
  const alone = await settledRss(server, 'alone');
  const rssKiB = ((await settledRss(server, 'asleep')) - alone) / SLEEPERS / 1024;
  console.log(`${SLEEPERS} sleeping users: ${rssKiB.toFixed(1)} KiB each (at most ${LIMITS.rssKiB}), RSS of the tree less that at 2 users`);
  console.log(`started in ${usersS.toFixed(2)} s (at most ${LIMITS.startS}), ${programS.toFixed(2)} s after the program was called`);
  return { rssKiB, usersS, programS };
}

async function benchRamp(server) {
  const runs = join(import.meta.dirname, 'results/ramp-runs');
  rmSync(runs, { recursive: true, force: true });
  const [command, args] = stressrun('get.ts', server.url, '--profile', 'ramp', '--workers', workers);
  const exitCode = await whileRunning([command, [...args.slice(0, -1), runs]], (_, ended) => ended);
  const folder = readdirSync(runs, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '';
  const { generator, requests } = JSON.parse(readFileSync(join(runs, folder, 'run.json'), 'utf8'));
  const { count, failed } = requests.at(-1);
  const stallMs = generator.loopLagMs?.max ?? null;
  rmSync(runs, { recursive: true, force: true });
  console.log(
    `0 to 5,000 active users in 20 s: longest stall of a worker's loop ${stallMs?.toFixed(1) ?? '?'} ms (at most ${LIMITS.stallMs})`,
  );
  console.log(`${count} requests, ${failed} failed, exit code ${exitCode}, generator saturated: ${generator.saturated}`);
  return { stallMs, requests: count, failed, exitCode, generator };
}

const server = await startServer();
try {
  const asleep = only === 'ramp' ? undefined : await benchAsleep(server);
  const ramp = only === 'asleep' ? undefined : await benchRamp(server);
  const results = join(import.meta.dirname, 'results');
  mkdirSync(results, { recursive: true });
  const file = join(results, `vus-${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ limits: LIMITS, workers: Number(workers), asleep, ramp }, undefined, 2)}\n`);
} finally {
  server.close();
}
