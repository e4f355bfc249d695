import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { startBroker } from '../agents/broker.ts';
import { ClusterError, ConfigError, EXIT_OWN_FAULT } from '../core/errors.ts';
import type { RunClusterUpInput } from './inputs.ts';

const LISTEN_DEFAULT = '0.0.0.0:4222';
const PORT_MAX = 65_535;

/** `stressrun cluster up`: a NATS server until it is stopped. @throws {ConfigError} for flags that are none, {ClusterError} when it ends by itself */
export async function runClusterUp({ flags, output, signals, around }: RunClusterUpInput): Promise<number> {
  if (flags.word !== 'up') throw new ConfigError('cluster', `expected "up"; got ${JSON.stringify(flags.word)}`);
  const { host, port } = listenOf(flags.listen ?? LISTEN_DEFAULT);
  const tls = tlsOf(flags, around.folder);
  const broker = await startBroker({ variables: around.variables, host, port, ...(tls === undefined ? {} : { tls }) }, 'cluster up');
  const named = ['0.0.0.0', '::'].includes(host) ? hostname() : host;
  const url = `${tls === undefined ? 'nats' : 'tls'}://${named.includes(':') ? `[${named}]` : named}:${broker.port}`;
  output.result(
    `a NATS server listens at ${host}:${broker.port}${tls === undefined ? ', not encrypted: for networks that you trust' : ''}\n` +
      `an agent, on each machine that is to send load:\n` +
      `  stressrun agent --join ${url} --token ${broker.tokens.agent}\n` +
      `a run, with as many of them as it needs:\n` +
      `  STRESSRUN_TOKEN=${broker.tokens.coordinator} stressrun <script> --nats ${url} --agents 2\n` +
      `Ctrl-C ends it\n`,
  );
  const stopped = new Promise<undefined>((done) => signals.onStop(() => done(undefined)));
  const words = await Promise.race([broker.died, stopped]);
  broker.close();
  if (words !== undefined) throw new ClusterError(`nats-server ended: ${words}`, { exitCode: EXIT_OWN_FAULT });
  return 0;
}

function listenOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= PORT_MAX) return { host, port };
  throw new ConfigError('--listen', `expected HOST:PORT, such as "${LISTEN_DEFAULT}"; got ${JSON.stringify(text)}`);
}

function tlsOf({ tlsCert, tlsKey }: RunClusterUpInput['flags'], folder: string): { certFile: string; keyFile: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  const fileOf = (flag: string, path: string | undefined): string => {
    const file = resolve(folder, path ?? '');
    if (path !== undefined && existsSync(file)) return file;
    throw new ConfigError(
      flag,
      `expected a PEM file, for --tls-cert and --tls-key are one; got ${path === undefined ? 'none' : JSON.stringify(path)}`,
    );
  };
  return { certFile: fileOf('--tls-cert', tlsCert), keyFile: fileOf('--tls-key', tlsKey) };
}
