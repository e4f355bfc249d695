// One tool at one piece of work: first shown to do it, on the port that logs, then measured on the other.
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOf, peakRssBytesOf } from '../process-tree.js';
import { commandOf } from './tools.js';

/** A tool that has not sent this many after START_LIMIT_MS does not do the work. */
const STARTED_REQUESTS = 64;
const START_LIMIT_MS = 40_000;

const running = new Set();

/** Ends what still runs when the bench itself is ended. */
export function killAll() {
  for (const child of running) killTree(child);
}

function killTree(child) {
  running.delete(child);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended by itself
  }
}

/** Runs the tool while `during` does; what it says on stderr is kept for the case that it fails. */
async function whileRunning({ tool, found, job }, during) {
  const { command, args, env } = commandOf(tool, found, job);
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  running.add(child);
  let said = '';
  let hasEnded = false;
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-2000);
  });
  child.once('error', (error) => {
    said += error.message;
    hasEnded = true;
  });
  child.once('exit', () => {
    hasEnded = true;
  });
  const assertRuns = () => {
    if (hasEnded) throw new Error(`ended by itself: ${said.trim().split('\n').at(-1) ?? ''}`);
  };
  try {
    return await during(child.pid, assertRuns);
  } finally {
    killTree(child);
    await pause(300); // its sockets are closed, its memory is free
  }
}

async function started(count, assertRuns) {
  const [before, begunAt] = [await count(), performance.now()];
  while ((await count()) < before + STARTED_REQUESTS) {
    assertRuns();
    if (performance.now() - begunAt > START_LIMIT_MS) throw new Error(`no ${STARTED_REQUESTS} requests within ${START_LIMIT_MS / 1000} s`);
    await pause(20);
  }
}

/** @throws {Error} that says what of the work the tool does not do */
export async function prove(task, server) {
  const { work } = task.job;
  const log = await whileRunning({ ...task, job: { ...task.job, url: server.proofUrl(work.over) } }, async (_, assertRuns) => {
    const asked = () => server.log().filter((line) => line.path === work.path); // a health check is not the work
    server.clearLog();
    await started(async () => asked().length, assertRuns);
    await pause(500);
    return asked();
  });
  const bad = log.filter((line) => line.status !== 200 || line.upBytes < work.upBytes || line.downBytes < work.downBytes);
  if (bad.length > 0) throw new Error(`${bad.length} of ${log.length} requests not as asked, such as ${JSON.stringify(bad[0])}`);
}

/** CPU µs per request over the process tree, requests a second and peak memory, from after the warm-up on. */
export async function measure(task, server, { warmMs, measuredMs }) {
  return await whileRunning(task, async (pid, assertRuns) => {
    await started(async () => (await server.counts()).requests, assertRuns);
    await pause(warmMs);
    const [cpuBefore, timeBefore, before] = [cpuSecondsOf(pid), performance.now(), await server.counts()];
    await pause(measuredMs);
    const [cpuAfter, timeAfter, after] = [cpuSecondsOf(pid), performance.now(), await server.counts()];
    assertRuns();
    const requests = after.requests - before.requests;
    return {
      requests,
      perSecond: (requests * 1000) / (timeAfter - timeBefore),
      cpuUs: ((cpuAfter - cpuBefore) * 1e6) / requests,
      peakRssMb: peakRssBytesOf(pid) / 2 ** 20,
      connections: after.open,
      newConnections: after.accepted - before.accepted,
    };
  });
}
