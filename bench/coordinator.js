// node bench/coordinator.js [--old=FOLDER] [--rows=1000 --workers=8 --requests=5 --seconds=20 --rounds=5]: what a second of a run costs the coordinator in CPU, from
// the bytes of the workers' snapshots to totals, the journal's line on disk, progress, live table and live page, and how long the rows of run.json take. Beside another
// clone with --old (this work on that clone's code), in alternating rounds; ends with 1 when this one takes more than 5 % more. No load, no network.
// --rows=20 --workers=16 --requests=20: many workers and few names, at most 50 ms a second.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { median } from './cpu-per-request.js';

const option = (name, value) => process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1] ?? value;
const here = import.meta.dirname;
const OLD = option('old', undefined);
const ROUNDS = Number(option('rounds', 5));
const work = ['rows', 'workers', 'requests', 'seconds'].map((name, i) => String(option(name, [1000, 8, 5, 20][i])));
const MORE_MAX = 0.05;
const folder = mkdtempSync(join(tmpdir(), 'stressrun-coordinator-'));

/** The work, on the code of a clone. */
async function built(name, top) {
  const outfile = join(folder, `${name}.mjs`);
  const ofClone = {
    name: 'of the clone',
    setup: (work) =>
      work.onResolve({ filter: /^\.\.\/(runtime|test)\// }, ({ path, importer }) => {
        if (importer !== resolve(here, 'coordinator-work.ts')) return undefined;
        return { path: resolve(top, path.slice('../'.length)) };
      }),
  };
  await build({
    entryPoints: [resolve(here, 'coordinator-work.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [ofClone],
    logLevel: 'error',
    nodePaths: [resolve(here, '../node_modules')],
  });
  return outfile;
}

try {
  const builds = { ...(OLD === undefined ? {} : { old: await built('old', resolve(OLD)) }), new: await built('new', resolve(here, '..')) };
  const rounds = Object.fromEntries(Object.keys(builds).map((name) => [name, []]));
  for (let round = 1; round <= ROUNDS; round++)
    for (const name of round % 2 === 0 ? Object.keys(builds).reverse() : Object.keys(builds)) {
      const figures = JSON.parse(
        execFileSync(process.execPath, ['--max-old-space-size=4096', builds[name], ...work], { encoding: 'utf8' }),
      );
      rounds[name].push(figures);
      console.log(
        `round ${round}/${ROUNDS} ${name}: ${figures.cpuMs.toFixed(1)} ms of CPU a second, RSS ${figures.rssMb.toFixed(0)} MB, ${(figures.snapshotBytes / 1024).toFixed(0)} KiB a worker, rows of run.json ${figures.endMs.toFixed(0)} ms; ${figures.requests} requests, p95 ${figures.p95Ms} ms`,
      );
    }
  for (const [name, all] of Object.entries(rounds))
    console.log(`${name}: ${median(all.map(({ cpuMs }) => cpuMs)).toFixed(1)} ms of CPU a second (median)`);
  if (rounds.old !== undefined) {
    const more = median(rounds.new.map(({ cpuMs }, i) => cpuMs / rounds.old[i].cpuMs)) - 1;
    console.log(`new over old, median of the rounds: ${(more * 100).toFixed(1)} %, at most ${MORE_MAX * 100} %`);
    process.exitCode = more <= MORE_MAX ? 0 : 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
