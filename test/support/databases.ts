import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';
import { temporaryFolder } from './project.ts';

/** Debian's packages `prometheus` and `influxdb` put them there. */
const PROMETHEUS = '/usr/bin/prometheus';
export const PROMTOOL = '/usr/bin/promtool';
const INFLUXD = '/usr/bin/influxd';

const running = new Set<ChildProcess>();
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  // their folders are taken away after this
  await Promise.all([...running].map((child) => child.exitCode ?? child.signalCode ?? new Promise((done) => child.once('close', done))));
});

/** A port of this machine that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A Prometheus that takes remote write, and looks at a page every second. */
export async function startPrometheus(pagePort: number): Promise<{ url: string; query(query: string): Promise<number | undefined> }> {
  const folder = temporaryFolder();
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    `scrape_configs:\n  - { job_name: page, scrape_interval: 1s, static_configs: [{ targets: ['127.0.0.1:${pagePort}'] }] }\n`,
  );
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`];
  await startProgram(PROMETHEUS, [...flags, '--web.enable-remote-write-receiver', '--log.level=warn'], { readyUrl: `${url}/-/ready` });
  // it finds its targets only some seconds after it is ready
  while (!(await hasLooked(url))) await pause(100);
  return {
    url,
    async query(query) {
      const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
      if (!response.ok) throw new Error(`${query}: ${await response.text()}`);
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
      const value = data.result[0]?.value[1];
      return value === undefined ? undefined : Number(value);
    },
  };
}

/** Whether a Prometheus has tried to scrape its target once, found or not. */
async function hasLooked(url: string): Promise<boolean> {
  const { data } = (await (await fetch(`${url}/api/v1/targets`)).json()) as { data: { activeTargets: { lastScrape: string }[] } };
  return data.activeTargets.some(({ lastScrape }) => !lastScrape.startsWith('0001'));
}

/** An InfluxDB 1.x with nothing in it. */
export async function startInfluxd(): Promise<{ url: string; query(query: string, database: string): Promise<number | undefined> }> {
  const folder = temporaryFolder();
  const [port, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'influxdb.conf');
  writeFileSync(
    config,
    `reporting-disabled = true\nbind-address = "127.0.0.1:${rpcPort}"\n[meta]\ndir = "${folder}/meta"\n[data]\ndir = "${folder}/data"\nwal-dir = "${folder}/wal"\n[http]\nbind-address = "127.0.0.1:${port}"\n[monitor]\nstore-enabled = false\n`,
  );
  await startProgram(INFLUXD, ['run', '-config', config], { readyUrl: `${url}/ping` });
  return {
    url,
    async query(query, database) {
      const response = await fetch(`${url}/query?${new URLSearchParams({ db: database, q: query })}`);
      const { results } = (await response.json()) as { results: { series?: { values: [string, number][] }[] }[] };
      return results[0]?.series?.[0]?.values[0]?.[1];
    },
  };
}

async function startProgram(program: string, args: readonly string[], { readyUrl }: { readyUrl: string }): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  running.add(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) break;
    if (
      await fetch(readyUrl).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await pause(100);
  }
  throw new Error(`${program} did not become ready: ${said}`);
}
