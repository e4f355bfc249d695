// node bench/builds.js --old=FOLDER: CPU per request of two builds of stressrun side by side: this one, and that of another clone that was built.
// Rounds alternate; each round's two measurements are a pair, and the median of the pairs' ratios is what a change costs.
import { resolve } from 'node:path';
import { measure, median } from './cpu-per-request.js';
import { startServer, stressrun } from './loopback.js';

const option = (name, value) => process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1] ?? value;
const OLD = option('old', undefined);
if (OLD === undefined) throw new Error('expected --old=FOLDER, a clone of stressrun in which `npm run build` has run');
const ROUNDS = Number(option('rounds', 7));
const amounts = { warmRequests: Number(option('warm', 30_000)), requests: Number(option('requests', 100_000)) };
/** 0.02: more than 2 % ends with 1. */
const MORE_MAX = Number(option('max', 0.02));

const server = await startServer();
try {
  const ours = stressrun('get.ts', server.url, '--users', 32, '--workers', 1, '--duration', '1h');
  const [node, [, ...args]] = ours;
  const builds = { old: [node, [resolve(OLD, 'dist/main.js'), ...args]], new: ours };
  const rounds = { old: [], new: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    // whoever is second finds the machine warmer: they take turns
    for (const name of round % 2 === 0 ? ['old', 'new'] : ['new', 'old']) {
      rounds[name].push((await measure(server, builds[name], amounts)).cpuUs);
      process.stderr.write(`round ${round}/${ROUNDS} ${name}: ${rounds[name].at(-1).toFixed(1)} µs\n`);
    }
  }
  const ratios = rounds.new.map((cpuUs, i) => cpuUs / rounds.old[i]).sort((a, b) => a - b);
  const more = median(ratios) - 1;
  console.log(`CPU per request, median of ${ROUNDS}: old ${median(rounds.old).toFixed(1)} µs, new ${median(rounds.new).toFixed(1)} µs`);
  console.log(
    `new over old, by round: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}; median ${(more * 100).toFixed(1)} %, at most ${MORE_MAX * 100} %`,
  );
  process.exitCode = more <= MORE_MAX ? 0 : 1;
} finally {
  server.close();
}
