// node bench/starts.js [--seconds 10] [--rates 10,200,2000] [--delay 0] [--old FOLDER]: how regularly starts of an arrival rate reach the target, by its own
// record (recorder.js), beside k6 where one is on PATH or BENCH_K6 says where, and beside another build. A row is a tool and a rate: standard deviation and
// 99th percentile of how far the times between requests are off, and CPU per request of the whole process tree. The first second counts nowhere. Poisson:
// the share of gaps below a millisecond beside what is to be expected. Ends with 1 when the deviation is more than k6's of the same rate, or without k6 over
// 0.6 ms at 200/s. Wants an idle machine, or its own priority: chrt -r 1 node bench/starts.js
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from './known.js';
import { cpuSecondsOf } from './process-tree.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rates: { type: 'string', default: '10,200,2000' },
    workers: { type: 'string', default: '1,4' },
    delay: { type: 'string', default: '0' },
    old: { type: 'string' },
  },
});
const SECONDS = Number(values.seconds);
const WARM_SECONDS = 1;
const list = (text) => text.split(',').map(Number);
const USERS = 40;
const SD_MS_MAX = 0.6;
/** A record is read off a clock that does not stand still: no garbage is collected while it grows. */
const NO_COLLECTIONS = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
const k6 = [process.env.BENCH_K6 ?? 'k6'].find((command) => spawnSync(command, ['version']).status === 0);
const builds = { stressrun: resolve(import.meta.dirname, '..'), ...(values.old === undefined ? {} : { old: resolve(values.old) }) };

const folder = mkdtempSync(join(tmpdir(), 'stressrun-starts-'));
const server = spawn(process.execPath, [...NO_COLLECTIONS, join(import.meta.dirname, 'recorder.js')], {
  env: { ...process.env, DELAY_MS: values.delay },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = `http://127.0.0.1:${String((await once(server.stdout, 'data'))[0]).trim()}`;

const optionsOf = (rate, arrivals) =>
  `export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: ${rate}, duration: '${SECONDS + WARM_SECONDS}s', preAllocatedVUs: ${USERS}${arrivals} } } };`;

/** Runs a command to its end. @returns times of requests in ms, and µs of CPU per request */
async function measured(command, args) {
  await fetch(`${url}/record`);
  const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const cpu = [];
  const look = setInterval(() => cpu.push([Number(process.hrtime.bigint() / 1000n), cpuSecondsOf(child.pid)]), 250);
  await once(child, 'exit');
  clearInterval(look);
  const record = await (await fetch(`${url}/record`)).json();
  const fromUs = record[0][0] + WARM_SECONDS * 1e6;
  const timesUs = record.map(([atUs]) => atUs).filter((atUs) => atUs >= fromUs);
  const inside = cpu.filter(([atUs]) => atUs >= fromUs && atUs <= timesUs.at(-1));
  const [first, last] = [inside[0], inside.at(-1)];
  const served = timesUs.filter((atUs) => atUs >= first[0] && atUs <= last[0]).length;
  return { timesMs: timesUs.map((atUs) => atUs / 1000), cpuUs: ((last[1] - first[1]) * 1e6) / served };
}

function ofStressrun(build, rate, workers, arrivals = '') {
  writeFileSync(join(folder, 'config.yaml'), `environments: { t: { base_url: "${url}" } }\nwarm_up: { requests: 0 }\n`);
  const script = join(folder, 'a.js');
  writeFileSync(
    script,
    `import { http } from 'stressrun';\n${optionsOf(rate, arrivals)}\nexport default async () => void (await http.get('/start'));`,
  );
  const flags = ['--env', 't', '--workers', String(workers), '--quiet', '--run-dir', folder];
  return measured(process.execPath, [join(builds[build], 'dist/main.js'), script, ...flags]);
}

function ofK6(rate) {
  const script = join(folder, 'k6.js');
  writeFileSync(script, `import http from 'k6/http';\n${optionsOf(rate, '')}\nexport default () => http.get('${url}/start');`);
  return measured(k6, ['run', '--quiet', '--no-usage-report', '--no-summary', script]);
}

const gapsOf = (timesMs) => timesMs.slice(1).map((atMs, i) => atMs - timesMs[i]);

function regularity({ timesMs, cpuUs }, rate) {
  const gaps = gapsOf(timesMs);
  const off = gaps.map((gap) => Math.abs(gap - 1000 / rate)).sort((a, b) => a - b);
  const sdMs = Math.sqrt(off.reduce((sum, each) => sum + each ** 2, 0) / off.length);
  return { sdMs, p99Ms: off[Math.floor(off.length * 0.99)], count: timesMs.length, cpuUs };
}

const rows = [];
let isGood = true;
try {
  for (const rate of list(values.rates)) {
    const peer = k6 && regularity(await ofK6(rate), rate);
    if (peer) rows.push(['k6', rate, peer]);
    for (const workers of list(values.workers))
      for (const build of Object.keys(builds)) {
        const own = regularity(await ofStressrun(build, rate, workers), rate);
        rows.push([`${build}, workers: ${workers}`, rate, own]);
        if (build === 'stressrun' && own.sdMs > (peer?.sdMs ?? (rate === 200 ? SD_MS_MAX : Number.POSITIVE_INFINITY))) isGood = false;
      }
  }
  table(
    ['tool', 'starts/s', 'sd ms', 'p99 off ms', 'requests', 'CPU µs/request'],
    rows.map(([tool, rate, { sdMs, p99Ms, count, cpuUs }]) => [tool, rate, sdMs.toFixed(3), p99Ms.toFixed(3), count, cpuUs.toFixed(0)]),
  );
  if (k6 === undefined) console.log('k6: not found on PATH, nor by BENCH_K6: not compared');
  for (const build of Object.keys(builds)) {
    const gaps = gapsOf((await ofStressrun(build, 200, 1, `, arrivals: 'poisson'`)).timesMs);
    const [seen, expected] = [gaps.filter((gap) => gap < 1).length / gaps.length, 1 - Math.exp(-0.2)];
    console.log(
      `${build}, Poisson at 200/s: ${(seen * 100).toFixed(1)} % of ${gaps.length} gaps below 1 ms, expected ${(expected * 100).toFixed(1)} %`,
    );
  }
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isGood ? 0 : 1;
