// node bench/memory-feed.js [--samples=5e6,25e6]: resident memory after so many recorded requests. A synthetic feed through all that keeps numbers: the worker's
// recorder, its series and the drain once a second; the coordinator's store, books and journal line. No network: 25 million take about a minute.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const points = (process.argv.find((each) => each.startsWith('--samples='))?.split('=')[1] ?? '5e6,25e6').split(',').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'stressrun-memory-'));
const outfile = join(folder, 'feed.cjs');
// as a worker runs: see runtime/cluster/worker-process.ts
const FLAGS = ['--expose-gc', '--max-old-space-size=768', '--min-semi-space-size=32', '--max-semi-space-size=32', '--no-parallel-scavenge'];

try {
  await build({
    entryPoints: [resolve(here, 'memory-feed-child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
  const child = spawn(process.execPath, [...FLAGS, outfile, ...points.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const code = await new Promise((done) => child.once('close', done));
  if (code !== 0) throw new Error(`the feed ended with ${code}`);
  const rows = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  console.log('recorded samples   RSS MB   heap MB   series   overflowed   kept   µs/sample');
  for (const row of rows)
    console.log(
      `${row.samples.toLocaleString('en').padStart(16)} ${row.rssMb.toFixed(1).padStart(8)} ${row.heapMb.toFixed(1).padStart(9)} ${String(row.series).padStart(8)} ${String(row.overflowed).padStart(12)} ${String(row.kept).padStart(6)} ${row.usPerSample.toFixed(2).padStart(11)}`,
    );
  const growth = (rows.at(-1).rssMb / rows[0].rssMb - 1) * 100;
  console.log(`RSS from the first to the last: ${growth >= 0 ? '+' : ''}${growth.toFixed(1)} % (to stay within 5 %)`);
  if (Math.abs(growth) >= 5) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
