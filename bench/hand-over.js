// node bench/hand-over.js [--seconds 6] [--rate 5000]: what handing starts over costs, by the target's own record (recorder.js). CPU per request at 5,000/s with
// all users free: one worker, where nothing can be handed over, beside two and four; and messages cost nothing while nobody waits. Then two workers at 100/s of
// which one has no free user: how much later its starts, begun by the other, come than those that the other has anyway. Ends with 1 when their median is
// more than MORE_MS_MAX later. Wants an idle machine (chrt -r 1 node bench/hand-over.js where it is not).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { given, table } from './known.js';
import { cpuSecondsOf } from './process-tree.js';

const SECONDS = given('seconds', 6);
const RATE = given('rate', 5000);
const HANDED_RATE = 100;
const HANDED_USERS = 24;
const MORE_MS_MAX = 5;
const MAIN = resolve(import.meta.dirname, '../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'stressrun-hand-over-'));
const server = spawn(
  process.execPath,
  ['--min-semi-space-size=256', '--max-semi-space-size=256', join(import.meta.dirname, 'recorder.js')],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const url = `http://127.0.0.1:${String((await once(server.stdout, 'data'))[0]).trim()}`;
const nowUs = () => Number(process.hrtime.bigint() / 1000n);

/** Runs a script. @returns the record, and µs of CPU per request from its second second on */
async function run(script, workers) {
  writeFileSync(join(folder, 'config.yaml'), `environments: { t: { base_url: "${url}" } }\nwarm_up: { requests: 0 }\n`);
  writeFileSync(join(folder, 'a.js'), script);
  await fetch(`${url}/record`);
  const flags = ['--env', 't', '--workers', String(workers), '--quiet', '--run-dir', folder];
  const child = spawn(process.execPath, [MAIN, join(folder, 'a.js'), ...flags], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const looks = [];
  const look = setInterval(() => looks.push([nowUs(), cpuSecondsOf(child.pid)]), 250);
  await once(child, 'exit');
  clearInterval(look);
  const record = await (await fetch(`${url}/record`)).json();
  const inside = looks.filter(([atUs]) => atUs > record[0][0] + 1e6 && atUs < record.at(-1)[0]);
  const [first, last] = [inside[0], inside.at(-1)];
  const served = record.filter(([atUs]) => atUs >= first[0] && atUs <= last[0]).length;
  return { record, cpuUs: ((last[1] - first[1]) * 1e6) / served };
}

const scenario = (rate, users, rest) =>
  `{ executor: 'constant-arrival-rate', rate: ${rate}, duration: '${SECONDS}s', preAllocatedVUs: ${users}, gracefulStop: '0s'${rest} }`;
/** As the workers share users out. */
const isOfSecond = (user) => Math.imul(user, 0x9e3779b1) >>> 0 >= 2 ** 31;
const quantile = (sorted, q) => sorted[Math.floor(q * (sorted.length - 1))];

/** Of starts of the worker that has no free user, and of the other's own: how late they come by the grid of the plan, ms, sorted. */
async function lateness(onBusy) {
  const busy = Array.from({ length: HANDED_USERS }, (_, v) => v).filter(isOfSecond);
  const { record } = await run(
    `import { http, scenario, sleep, vu } from 'stressrun';
    export const options = { scenarios: { a: ${scenario(HANDED_RATE, HANDED_USERS, `, onBusy: '${onBusy}'`)} } };
    const busy = new Set(${JSON.stringify(busy)});
    export default async () => {
      await http.get('/begun', { query: { i: scenario.iterationInTest, user: vu.id - 1 } });
      if (busy.has(vu.id - 1)) await sleep('1h');
    };`,
    2,
  );
  const late = { own: [], handed: [] };
  for (const [atUs, path] of record) {
    const query = new URL(path, url).searchParams;
    const [index, user] = [Number(query.get('i')), Number(query.get('user'))];
    if (index < HANDED_RATE || isOfSecond(user)) continue; // cold, or before its users were busy
    late[isOfSecond(index % HANDED_USERS) ? 'handed' : 'own'].push((atUs - record[0][0]) / 1000 - (index * 1000) / HANDED_RATE);
  }
  return { own: late.own.sort((a, b) => a - b), handed: late.handed.sort((a, b) => a - b) };
}

let isGood = true;
try {
  const free = `import { http } from 'stressrun';\nexport const options = { scenarios: { a: ${scenario(RATE, 400, '')} } };\nexport default async () => void (await http.get('/start'));`;
  const rows = [];
  for (const workers of [1, 2, 4]) {
    const { record, cpuUs } = await run(free, workers);
    rows.push([workers === 1 ? '1, nothing to hand over' : workers, record.length, cpuUs.toFixed(1)]);
  }
  table([`workers, ${RATE}/s, all users free`, 'requests', 'CPU µs/request'], rows);
  for (const onBusy of ['queue', 'drop']) {
    const { own, handed } = await lateness(onBusy);
    const [moreMs, moreP95Ms] = [0.5, 0.95].map((q) => quantile(handed, q) - quantile(own, q));
    console.log(
      `${onBusy}: ${handed.length} starts handed over come ${moreMs.toFixed(2)} ms later than the other worker's ${own.length} own in the median, ${moreP95Ms.toFixed(2)} ms at p95`,
    );
    isGood &&= moreMs <= MORE_MS_MAX;
  }
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isGood ? 0 : 1;
