import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Duplex } from 'node:stream';
import { encodeToWorker } from '../messages/message-codec.ts';
import type { Sent, ToWorker } from '../messages/messages.ts';
import { Numbering } from '../messages/sequence.ts';
import { WORKER_SCHED_FD } from '../messages/worker-fds.ts';
import { confinementOf } from './confinement.ts';
import { MEMORY, openNameless } from './nameless-file.ts';
import { holdShared, letGoOfShared } from './shared-bytes.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface WorkerProcessOptions {
  /** The worker's one file. */
  workerFile: string;
  /** Most JavaScript heap, MB. */
  heapMb: number;
  /** Of which a worker sees those that it may. */
  variables: Variables;
}

/** Of a worker of a run. */
export const WORKER_HEAP_MB = 768;

/** Variables that a worker may see; nothing else of the environment is there after an escape. */
const VARIABLES = ['TZ', 'LANG', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
const SHELL = '/bin/sh';
/** How long the main thread ran and waited for a processor. */
const SCHEDULER_FILE = '/proc/self/schedstat';
const CELL_BYTES = 16;

/** A worker process and the cell in which it says what it runs. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Frames both ways: see frames.ts. Closing it makes the worker leave. */
  readonly channel: Duplex;
  /** Says something to it; dropped when it is gone. */
  send(message: Sent): void;
  /** The sixteen bytes of the stall cell as they are now. */
  readCell(): Buffer;
  /** Closes what the coordinator holds of it. */
  release(): void;
}

/** A worker that was started before anybody had use for it, by what it was started with. */
let early: { workerFile: string; heapMb: number; variables: Variables; process: WorkerProcess; error?: Error } | undefined;

/**
 * Starts the worker that {@link startWorkerProcess} will be asked for: it boots while this process loads the rest of its code. It has no script yet, and leaves when
 * this process does.
 * @param message - the first that it is told
 */
export function startWorkerEarly(options: WorkerProcessOptions, message: ToWorker): void {
  const started: typeof early = { ...options, process: launch(options) };
  started.process.send(message);
  started.process.child.once('error', (error) => {
    started.error = error;
  });
  early = started;
}

/** @returns undefined when there is none, or it is not as it is wanted now */
function takeEarly({ workerFile, heapMb, variables }: WorkerProcessOptions): WorkerProcess | undefined {
  const found = early;
  early = undefined;
  if (found === undefined || found.error !== undefined) return undefined;
  const { exitCode, signalCode } = found.process.child;
  if (exitCode !== null || signalCode !== null) return undefined;
  const isWanted = found.workerFile === workerFile && found.heapMb === heapMb && isSame(found.variables, variables);
  return isWanted ? found.process : undefined;
}

/** For a worker, which sees few of them. */
function isSame(a: Variables, b: Variables): boolean {
  return VARIABLES.every((name) => a[name] === b[name]);
}

/** Flags that make a Node process a hardened one. @see sandbox notes in SECURITY.md */
export function hardeningFlags(workerFile: string, heapMb: number): string[] {
  const major = Number(process.versions.node.split('.')[0]);
  return [
    '--no-warnings',
    major >= 22 ? '--permission' : '--experimental-permission',
    `--allow-fs-read=${workerFile}`,
    ...(major >= 25 ? ['--allow-net'] : []),
    ...(major >= 22 ? ['--no-experimental-sqlite'] : []),
    '--disallow-code-generation-from-strings',
    '--disable-proto=delete',
    '--no-addons',
    `--max-old-space-size=${heapMb}`,
    // a request's garbage dies young: room for it to do so, and no helper threads for the little that survives. 32 MB cost the same CPU, and 31 MB more of memory
    '--min-semi-space-size=16',
    '--max-semi-space-size=16',
    '--no-parallel-scavenge',
    // eight seconds after a start with little to do V8 would look through the whole heap to make it smaller: 25 to 70 ms in which nothing is sent
    '--no-memory-reducer',
    '--unhandled-rejections=warn',
  ];
}

/**
 * Starts a hardened worker. It dies with its parent, even while it spins, and has the least rights that can be had, where util-linux's
 * setpriv is there; it writes no core and no file worth the name where there is a POSIX shell.
 */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  return takeEarly(options) ?? launch(options);
}

function launch({ workerFile, heapMb, variables }: WorkerProcessOptions): WorkerProcess {
  const cell = openCell();
  const confinement = confinementOf(workerFile);
  const file = confinement.workerFile;
  const node = [process.execPath, ...hardeningFlags(file, heapMb), file];
  // the worker keeps the shell's number, and with it what the file tells
  const sched = existsSync(SCHEDULER_FILE) ? ` ${WORKER_SCHED_FD}<${SCHEDULER_FILE}` : '';
  const limited = existsSync(SHELL) ? [SHELL, '-c', `ulimit -c 0; ulimit -f 8; exec "$0" "$@"${sched}`, ...node] : node;
  const [command, ...args] = [...confinement.prefix, ...limited];
  const options: SpawnOptions = {
    env: Object.fromEntries(VARIABLES.flatMap((name) => (variables[name] === undefined ? [] : [[name, variables[name]]]))),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', cell, holdShared()],
  };
  const child = spawn(command as string, args, options);
  const channel = child.stdio[3] as Duplex;
  channel.on('error', () => undefined); // a worker that is gone is reported by its end
  const said = new Numbering();
  return {
    child,
    channel,
    send(message) {
      if (!channel.writable) return;
      channel.cork();
      for (const part of encodeToWorker(message, said.next(message))) channel.write(part);
      channel.uncork();
    },
    readCell() {
      const bytes = Buffer.alloc(CELL_BYTES);
      readSync(cell, bytes, 0, CELL_BYTES, 0);
      return bytes;
    },
    release() {
      closeSync(cell);
      letGoOfShared();
    },
  };
}

/** In memory where that is possible: it is written all the time. */
function openCell(): number {
  return openNameless([MEMORY, tmpdir()], (path) => openSync(path, 'w+'));
}
