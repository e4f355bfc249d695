// node bench/streams.js [--seconds 15] [--workers 1]: events of streams at 500/s and 5,000/s, each with the moment at which the target wrote it: how far what
// stressrun says of it is off, the way of the request to the target included. Ends with 1 when that is over 1 ms at the 99th percentile, or an event was dated
// before it was written. Wants an idle machine, and a core for each worker beside the target's.
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { stressrun } from './loopback.js';

const LIMIT_US = 1_000;
/** Users, and the pause between two events of each, ms. */
const ROWS = { '500/s': [5, 10], '5,000/s': [25, 5] };

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '15' }, workers: { type: 'string', default: '1' } } });
const folder = mkdtempSync(join(tmpdir(), 'stressrun-streams-'));
const target = fork(resolve(import.meta.dirname, '../dist/target.js'), {
  env: { ...process.env, STRESSRUN_TARGET_OPTIONS: JSON.stringify({ port: 0 }) },
});
const { url } = await new Promise((done) => target.once('message', done));
let isOff = false;
try {
  for (const [name, [users, interval]] of Object.entries(ROWS)) {
    const json = join(folder, `${users}.json`);
    const load = [
      '--users',
      users,
      '--duration',
      `${values.seconds}s`,
      '-e',
      `INTERVAL=${interval}`,
      '--workers',
      values.workers,
      '--set',
      'warm_up=4s',
      '--json',
      json,
    ];
    const [command, args] = stressrun('streams.ts', url, ...load);
    await new Promise((done) => spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).once('exit', done));
    const run = JSON.parse(readFileSync(json, 'utf8'));
    const { min, med, p95, p99, max, count } = run.metrics.event_off_us.values;
    const { saturated, cpu } = run.generator;
    const times = [min, med, p95, p99, max].map((us) => us.toFixed(0)).join(', ');
    console.log(`${name}: ${count} events, off by at most ${times} µs (least, p50, p95, p99, most)`);
    console.log(`  busiest worker ${(cpu * 100).toFixed(0)} % of a core${saturated ? ', saturated' : ''}`);
    // an event is not seen before it is written
    isOff ||= !(p99 <= LIMIT_US && min >= 0);
  }
} finally {
  target.kill();
  rmSync(folder, { recursive: true, force: true });
}
if (isOff) console.log(`NOT AS IT SHOULD BE: at least 0, at most ${LIMIT_US} µs at p99`);
process.exitCode = isOff ? 1 : 0;
