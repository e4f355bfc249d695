// CPU per request of a program under load, over its whole process tree: what run.js and builds.js share.
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSecondsOf, rssBytesOf } from './process-tree.js';

async function waitFor(server, count, child) {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(' ')} ended with ${child.exitCode}`);
    if ((await server.count()) >= count) return server.count();
    await pause(20);
  }
}

/** µs per request from after warm-up on, while the program still runs. @param command - program and its arguments */
export async function measure(server, [command, args], { warmRequests, requests }) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const warm = await waitFor(server, (await server.count()) + warmRequests, child);
    const [cpuBefore, timeBefore] = [cpuSecondsOf(child.pid), performance.now()];
    const end = await waitFor(server, warm + requests, child);
    const cpuSeconds = cpuSecondsOf(child.pid) - cpuBefore;
    const seconds = (performance.now() - timeBefore) / 1000;
    return { cpuUs: (cpuSeconds * 1e6) / (end - warm), perSecond: (end - warm) / seconds, rssMb: rssBytesOf(child.pid) / 2 ** 20 };
  } finally {
    child.kill('SIGKILL');
    await pause(300);
  }
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
