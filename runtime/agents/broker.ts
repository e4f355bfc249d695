import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dyingWithParent } from '../cluster/confinement.ts';
import { ClusterError, ConfigError, EXIT } from '../core/errors.ts';

const START_TIMEOUT_MS = 10_000;
const LOOK_MS = 20;
/** Where packages put it that PATH of a user does not have. */
const BESIDE_PATH = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];
const REMEDY: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'apt-get install nats-server, dnf install nats-server, or one from https://github.com/nats-io/nats-server/releases',
  darwin: 'brew install nats-server',
  win32: 'choco install nats-server',
};

/** A NATS server of our own. */
export interface Broker {
  readonly port: number;
  /** Of who runs loads, and of agents; they may do different things. */
  readonly tokens: { readonly coordinator: string; readonly agent: string };
  /** Resolves with its last words when it ends by itself. */
  readonly died: Promise<string>;
  close(): void;
}

export interface BrokerOptions {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** PEM files; absent: what goes over it can be read by whoever sees the network. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** The program; PATH first. @throws {ConfigError} with what to do where there is none */
export function findNatsServer(variables: BrokerOptions['variables'], flag: string, platform = process.platform): string {
  const name = platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  const folders = [...(variables['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...BESIDE_PATH];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new ConfigError(flag, 'expected nats-server in PATH; got none', {
    hint: `${REMEDY[platform] ?? 'get one from https://github.com/nats-io/nats-server/releases'}; or name one that runs with --nats`,
  });
}

/** Starts one that dies with this process, and knows two tokens. @throws {ConfigError} where there is none, {ClusterError} when it does not start */
export async function startBroker(options: BrokerOptions, flag: string): Promise<Broker> {
  const program = findNatsServer(options.variables, flag);
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-nats-'));
  const tokens = { coordinator: randomBytes(16).toString('hex'), agent: randomBytes(16).toString('hex') };
  const configFile = join(folder, 'nats.conf');
  writeFileSync(configFile, configOf(options, { folder, tokens }), { mode: 0o600 });
  const [command, ...args] = dyingWithParent([program, '--config', configFile]);
  // apart from the terminal's group: a Ctrl-C is for us, who end it last
  const child = spawn(command as string, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true, env: {} });
  const leave = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true }); // with the tokens
  };
  process.once('exit', leave);
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2_000);
  });
  let isClosing = false;
  const died = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      process.off('exit', leave);
      leave();
      if (!isClosing) resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(words.trim() === '' ? `it ended with ${signal ?? code}` : words.trim()));
  });
  const close = (): void => {
    isClosing = true;
    leave();
  };
  try {
    const port = await portOf(folder, died);
    rmSync(configFile); // it has been read: whatever ends this process, no tokens are left behind
    return { port, tokens, died, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** It writes a file with its ports once it listens. */
async function portOf(folder: string, died: Promise<string>): Promise<number> {
  let words: string | undefined;
  void died.then((how) => {
    words = how;
  });
  for (const endMs = performance.now() + START_TIMEOUT_MS; performance.now() < endMs; await pause(LOOK_MS)) {
    if (words !== undefined) throw new ClusterError(`nats-server did not start: ${words}`, { exitCode: EXIT.badInput });
    const port = writtenPort(folder);
    if (port !== undefined) return port;
  }
  throw new ClusterError(`nats-server did not listen within ${START_TIMEOUT_MS / 1_000} s`, { exitCode: EXIT.inconclusive });
}

function writtenPort(folder: string): number | undefined {
  const file = readdirSync(folder).find((name) => name.endsWith('.ports'));
  if (file === undefined) return undefined;
  try {
    const { nats } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nats: string[] };
    return Number(new URL(nats[0] as string).port);
  } catch {
    return undefined; // half written
  }
}

/** Who may say and hear what. `-1` is any port; values are JSON, which its format reads. */
function configOf({ host, port, tls }: BrokerOptions, { folder, tokens }: { folder: string; tokens: Broker['tokens'] }): string {
  const users = [
    {
      user: 'coordinator',
      password: tokens.coordinator,
      permissions: {
        publish: ['stressrun.call', 'stressrun.hire.*', 'stressrun.refuse.*', 'stressrun.ping.*', 'stressrun.down.*.*'],
        subscribe: ['stressrun.hello.*', 'stressrun.up.*.*', 'stressrun.parcel.*', '_INBOX.>'],
        allow_responses: true,
      },
    },
    {
      user: 'agent',
      password: tokens.agent,
      permissions: {
        publish: ['stressrun.hello.*', 'stressrun.up.*.*', 'stressrun.parcel.*'],
        subscribe: ['stressrun.call', 'stressrun.hire.*', 'stressrun.refuse.*', 'stressrun.ping.*', 'stressrun.down.*.*', '_INBOX.>'],
        allow_responses: true,
      },
    },
  ];
  const lines: [string, unknown][] = [
    ['listen', `${host.includes(':') ? `[${host}]` : host}:${port === 0 ? -1 : port}`],
    ['ports_file_dir', folder],
    ['max_payload', 1_048_576],
    ['ping_interval', '5s'],
    ['ping_max', 2],
    ['authorization', { users }],
    ...(tls === undefined ? [] : [['tls', { cert_file: tls.certFile, key_file: tls.keyFile }] as [string, unknown]]),
  ];
  return lines.map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join('');
}
