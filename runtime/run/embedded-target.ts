import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { dyingWithParent } from '../cluster/confinement.ts';
import { cpuMsOf } from '../cluster/process-cpu.ts';
import { ConfigError, EXIT, ScriptError } from '../core/errors.ts';
import { MachineMeter, whoHadTheCores } from '../monitor/machine-load.ts';
import type { RawTargetOptions } from '../target/options.ts';
import type { RunSurroundings } from './output.ts';

const START_TIMEOUT_MS = 15_000;

/** The demo inference server as a child process. */
export interface EmbeddedTarget {
  readonly url: string;
  /** Lets the generator go first from now on, whose clock must not wait for it, unless other processes use the machine: those would go first as well, and starve it. */
  giveWay(): void;
  close(): void;
}

type Started = { type: 'listening'; url: string } | { type: 'failed'; error: { message: string; hint?: string } };

/** Starts `dist/target.js` on a free port; it dies with this process. @throws {ConfigError} for bad options, {ScriptError} when it does not start */
export function startEmbeddedTarget(
  targetFile: string,
  options: RawTargetOptions,
  variables: RunSurroundings['variables'],
): Promise<EmbeddedTarget> {
  const [command, ...args] = dyingWithParent([process.execPath, targetFile]);
  const child = spawn(command as string, args, {
    env: { ...variables, STRESSRUN_TARGET_OPTIONS: JSON.stringify(options), NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const meter = new MachineMeter(cpuMsOf);
  meter.start();
  const giveWay = (): void => {
    const load = meter.take();
    if (load === undefined || whoHadTheCores(load) === undefined) yieldToGenerator(child);
  };
  return new Promise((resolve, reject) => {
    let words = '';
    const give = (error: Error): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(error);
    };
    const timer = setTimeout(() => give(notStarted(`it said nothing for ${START_TIMEOUT_MS / 1000} s`)), START_TIMEOUT_MS);
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-2_000);
    });
    child.once('error', (error) => give(notStarted(error.message)));
    child.once('exit', (code, signal) => give(notStarted(words.trim() === '' ? `it ended with ${signal ?? code}` : words.trim())));
    child.once('message', (message: Started) => {
      if (message.type === 'failed')
        return give(new ConfigError('', message.error.message, message.error.hint === undefined ? {} : { hint: message.error.hint }));
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve({ url: message.url, giveWay, close: () => stop(child) });
    });
  });
}

/** For good: who has given way may not take it back. Each thread has a priority of its own on Linux, and those that decode pictures are there already. */
function yieldToGenerator({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
    } catch {
      // some systems forbid it, and a thread may have ended; the run shows in its lag what that costs
    }
  }
}

/** Elsewhere than on Linux the process itself. @see proc_pid_task(5) */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 1_000).unref();
}

function notStarted(why: string): ScriptError {
  return new ScriptError(`the embedded target did not start: ${why}`, { exitCode: EXIT.unhealthy });
}
