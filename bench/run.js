// npm run bench: CPU per request of stressrun beside undici alone, autocannon and wrk, and memory per virtual user.
// Alternating rounds against one loopback server; medians; results are kept by date in bench/results/.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { measure, median } from './cpu-per-request.js';
import { startServer, stressrun } from './loopback.js';
import { rssBytesOf } from './process-tree.js';

const here = import.meta.dirname;
const option = (name, value) => Number(process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1] ?? value);
const ROUNDS = option('rounds', 5);
const WARM_REQUESTS = option('warm', 50_000);
const REQUESTS = option('requests', 200_000);
const USERS = option('users', 5_000);

function tools(url) {
  const hasWrk = spawnSync('wrk', ['--version']).error === undefined;
  return {
    stressrun: stressrun('get.ts', url, '--users', 32, '--workers', 1, '--duration', '1h'),
    'undici dispatch': [process.execPath, [join(here, 'undici-alone.js'), `${url}/health`]],
    autocannon: [
      process.execPath,
      [resolve(here, '../node_modules/autocannon/autocannon.js'), '-c', '32', '-d', '3600', '--no-progress', `${url}/health`],
    ],
    ...(hasWrk ? { wrk: ['wrk', ['-t1', '-c32', '-d3600', `${url}/health`]] } : {}),
  };
}

async function benchCpu(server) {
  const all = tools(server.url);
  const rounds = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, command] of Object.entries(all)) {
      rounds[name].push(await measure(server, command, { warmRequests: WARM_REQUESTS, requests: REQUESTS }));
      process.stderr.write(`round ${round}/${ROUNDS} ${name}: ${rounds[name].at(-1).cpuUs.toFixed(1)} µs\n`);
    }
  }
  const result = Object.fromEntries(
    Object.entries(rounds).map(([name, values]) => [
      name,
      {
        cpuUs: median(values.map((v) => v.cpuUs)),
        perSecond: median(values.map((v) => v.perSecond)),
        rssMb: median(values.map((v) => v.rssMb)),
      },
    ]),
  );
  console.log(
    `\nGET of a small JSON body, 32 connections, ${REQUESTS} requests after ${WARM_REQUESTS}, median of ${ROUNDS} alternating rounds`,
  );
  console.log('tool               CPU µs/request   × autocannon   requests/s   peak RSS MB');
  for (const [name, { cpuUs, perSecond, rssMb }] of Object.entries(result)) {
    const ratio = (cpuUs / result.autocannon.cpuUs).toFixed(2);
    console.log(
      `${name.padEnd(18)} ${cpuUs.toFixed(1).padStart(14)} ${ratio.padStart(14)} ${perSecond.toFixed(0).padStart(12)} ${rssMb.toFixed(0).padStart(13)}`,
    );
  }
  return result;
}

async function settledRss(server, users, extra) {
  const [command, args] = stressrun('sleepers.ts', server.url, '--users', users, '--workers', 2, '--duration', '1h', ...extra);
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    await pause(users > 100 ? 22_000 : 14_000); // users spread over 10 s, then the garbage of their start is gone
    return rssBytesOf(child.pid);
  } finally {
    child.kill('SIGKILL');
    await pause(300);
  }
}

async function benchMemory(server) {
  const result = {};
  for (const [name, extra] of Object.entries({ sleeping: [], 'after one request': ['-e', 'ASK=yes'] })) {
    const none = await settledRss(server, 2, extra);
    const many = await settledRss(server, USERS, extra);
    result[name] = (many - none) / USERS / 1024;
    console.log(`memory per user, ${name}: ${result[name].toFixed(1)} KiB (RSS of the tree at ${USERS} users minus at 2, over ${USERS})`);
  }
  return result;
}

const server = await startServer();
try {
  const only = process.argv.find((each) => each.startsWith('--only='))?.split('=')[1];
  const cpu = only === 'memory' ? undefined : await benchCpu(server);
  const memoryKiB = only === 'cpu' ? undefined : await benchMemory(server);
  mkdirSync(join(here, 'results'), { recursive: true });
  const machine = { node: process.versions.node, cores: availableParallelism(), cpu: cpus()[0]?.model };
  const file = join(here, 'results', `${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, rounds: ROUNDS, requests: REQUESTS, cpu, memoryKiB }, undefined, 2)}\n`);
} finally {
  server.close();
}
