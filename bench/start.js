// node bench/start.js [--runs 10] [--max 1000]: from the command to the first request of the load, in ms, as the target has it in its own record (a server
// in this process; the health check is told apart), and the steps of the start with the embedded target, with the coordinator's CPU by then. Medians. Ends with 1
// when the first request, or with the embedded target the last step before it, is later than --max. Wants an idle machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { given, table } from './known.js';

const TOP = resolve(import.meta.dirname, '..');
const RUNS = given('runs', 10);
const MAX_MS = given('max', 1_000);
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** Runs the command for a second of load. @returns what it says of its steps: text → ms, CPU ms */
async function run(flags) {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-start-'));
  const args = ['dist/main.js', 'scripts/predict.ts', '--profile', 'smoke', '--duration', '1s', '--run-dir', folder, ...flags];
  const child = spawn(process.execPath, args, {
    cwd: TOP,
    env: { ...process.env, NODE_DEBUG: 'stressrun' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  await once(child, 'close');
  rmSync(folder, { recursive: true, force: true });
  return [...said.matchAll(/^STRESSRUN \d+: (\d+) ms, (\d+) ms of CPU: (.+)$/gm)].map(([, ms, cpuMs, step]) => [step, +ms, +cpuMs]);
}

let record = [];
const server = createServer((request, response) => {
  record.push(performance.now());
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"status":"ok","predictions":[]}'));
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const seen = { health: [], load: [] };
const steps = new Map();
for (let i = 0; i < RUNS; i++) {
  record = [];
  const beganMs = performance.now();
  await run(['--base-url', `http://127.0.0.1:${server.address().port}`]);
  if (record.length < 2) throw new Error(`the target got ${record.length} requests`);
  seen.health.push(record[0] - beganMs);
  seen.load.push(record[1] - beganMs);
  for (const [step, ms, cpuMs] of await run(['--env', 'demo'])) {
    const known = steps.get(step) ?? { ms: [], cpuMs: [] };
    known.ms.push(ms);
    known.cpuMs.push(cpuMs);
    steps.set(step, known);
  }
}
server.close();
const rows = [...steps].map(([step, { ms, cpuMs }]) => [step, median(ms), median(cpuMs)]);
table(['step begins, --env demo', 'ms', 'CPU ms of the coordinator'], rows);
const lastMs = rows.at(-1)[1];
const firstMs = median(seen.load);
console.log(`\ntarget's own record: health check ${median(seen.health).toFixed(0)} ms, first request of the load ${firstMs.toFixed(0)} ms`);
console.log(`--env demo: last step before the load ${lastMs} ms; limit ${MAX_MS} ms`);
process.exitCode = Math.max(firstMs, lastMs) > MAX_MS ? 1 : 0;
