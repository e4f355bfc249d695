// Runs of stressrun against known-server.js, for stall.js and accuracy.js.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;

/** `--name=5` or `--name 5` of the command line. */
export function given(name, value) {
  const at = process.argv.findIndex((each) => each === `--${name}` || each.startsWith(`--${name}=`));
  return at < 0 ? value : Number(process.argv[at].split('=')[1] ?? process.argv[at + 1]);
}

/** @param times - DELAY_MS, STALL_AFTER_MS, STALL_FOR_MS @returns run.json, and the server's own record */
export async function runAgainstKnown(times, profile, ...flags) {
  const server = spawn(process.execPath, [join(here, 'known-server.js')], {
    env: { ...process.env, ...Object.fromEntries(Object.entries(times).map(([name, value]) => [name, String(value)])) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-bench-'));
  try {
    const [port] = await once(server.stdout, 'data');
    const url = `http://127.0.0.1:${String(port).trim()}`;
    const json = join(folder, 'run.json');
    const main = resolve(here, '../dist/main.js');
    const script = join(here, 'scripts/items.ts');
    const args = [main, script, '--profile', profile, '--base-url', url, '--run-dir', folder, '--json', json, '--quiet', ...flags];
    const run = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    await once(run, 'exit');
    const record = await (await fetch(`${url}/record`)).json();
    return { run: JSON.parse(readFileSync(json, 'utf8')), record };
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

export const ms = (value) => (value === undefined || value === null ? '-' : `${value.toFixed(value < 100 ? 2 : 0)} ms`);

/** Rows of cells below titles. */
export function table(titles, rows) {
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i]).length)));
  for (const row of [titles, ...rows])
    console.log(row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join('   '));
}
