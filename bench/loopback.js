// What run.js and vus.js share: the loopback server of server.js and the command of stressrun against it.
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
export const RUNS = join(tmpdir(), 'stressrun-bench');

/** @param script - in scripts/ @returns command and arguments for `spawn` */
export const stressrun = (script, url, ...args) => [
  process.execPath,
  [resolve(here, '../dist/main.js'), join(here, 'scripts', script), '--base-url', url].concat(
    ['--config', join(here, 'scripts/config.yaml'), ...args.map(String)],
    ['--quiet', '--run-dir', RUNS],
  ),
];

export async function startServer() {
  const child = spawn(process.execPath, [join(here, 'server.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((done) => child.stdout.once('data', (chunk) => done(Number(chunk))));
  const url = `http://127.0.0.1:${port}`;
  return { url, count: async () => Number(await (await fetch(`${url}/count`)).text()), close: () => child.kill() };
}
