// What two browsers that watch a run cost it: CPU per request of one stressrun under a steady rate, watched and not, in turn.
// node bench/watched.js [--rate 5000] [--rounds 12] [--seconds 6] [--browsers 2]
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startServer, stressrun } from './loopback.js';
import { cpuSecondsOf, ownCpuSecondsOf } from './process-tree.js';

const SHARE_MAX = 0.05;
const WARM_MS = 6000;
/** After the pages are opened or left: what that itself costs is told apart. */
const SETTLE_MS = 1500;
const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '6' },
    browsers: { type: 'string', default: '2' },
    chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
  },
});

/** The address of the pages, once stressrun has printed it; all it prints is read. */
async function addressOf(child) {
  return new Promise((done, fail) => {
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(said)?.[0];
      if (address !== undefined) done(address);
    });
    child.once('exit', () => fail(new Error(`stressrun ended by itself: ${said.trim().split('\n').at(-1)}`)));
  });
}

/** `coordinatorMs`: CPU a second of the process that the browsers talk to. */
async function measure(server, pid, ms) {
  const [before, cpuBefore, ownBefore] = [await server.count(), cpuSecondsOf(pid), ownCpuSecondsOf(pid)];
  await pause(ms);
  const [after, cpuAfter, ownAfter] = [await server.count(), cpuSecondsOf(pid), ownCpuSecondsOf(pid)];
  return { cpuUs: ((cpuAfter - cpuBefore) * 1e6) / (after - before), coordinatorMs: ((ownAfter - ownBefore) * 1e6) / ms };
}

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const server = await startServer();
const load = ['--rate', `${values.rate}/s`, '--users', 200, '--workers', 1, '--duration', '1h', '--ui', '127.0.0.1:0', '--autoquit'];
// --quiet would keep the address to itself
const [command, args] = stressrun('get.ts', server.url, ...load);
const child = spawn(
  command,
  args.filter((each) => each !== '--quiet'),
  { stdio: ['ignore', 'ignore', 'pipe'] },
);
const browsers = [];
try {
  const address = await addressOf(child);
  for (let i = 0; i < Number(values.browsers); i++)
    browsers.push(await chromium.launch({ executablePath: values.chromium, args: ['--no-sandbox'] }));
  const pages = await Promise.all(browsers.map((browser) => browser.newPage({ viewport: { width: 1280, height: 900 } })));
  await pause(WARM_MS);
  const found = { without: [], with: [] };
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const page of pages) await page.goto('about:blank');
    await pause(SETTLE_MS);
    found.without.push(await measure(server, child.pid, Number(values.seconds) * 1000));
    for (const page of pages) {
      await page.goto(address);
      await page.getByRole('tab', { name: 'Charts' }).waitFor();
    }
    await pause(SETTLE_MS);
    found.with.push(await measure(server, child.pid, Number(values.seconds) * 1000));
    process.stderr.write(
      `round ${round}/${values.rounds}: ${found.without.at(-1).cpuUs.toFixed(1)} µs alone, ${found.with.at(-1).cpuUs.toFixed(1)} µs watched\n`,
    );
  }
  const of = (rounds) => [median(rounds.map(({ cpuUs }) => cpuUs)), median(rounds.map(({ coordinatorMs }) => coordinatorMs))];
  const [[alone, aloneMs], [watched, watchedMs]] = [of(found.without), of(found.with)];
  const share = watched / alone - 1;
  const change = `${share < 0 ? '' : '+'}${(share * 100).toFixed(1)} %`;
  console.log(
    `GET at ${values.rate}/s, one worker, CPU per request of the whole of stressrun, medians of ${values.rounds} alternating rounds:`,
  );
  console.log(`  nobody watches     ${alone.toFixed(1)} µs; the coordinator ${aloneMs.toFixed(0)} ms a second`);
  console.log(
    `  ${values.browsers} browsers watch   ${watched.toFixed(1)} µs, ${change} (limit +${SHARE_MAX * 100} %); the coordinator ${watchedMs.toFixed(0)} ms a second`,
  );
  process.exitCode = share <= SHARE_MAX ? 0 : 1;
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  child.kill('SIGKILL');
  server.close();
}
