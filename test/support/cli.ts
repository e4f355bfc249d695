import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';
import { setprivPath } from '../../runtime/cluster/confinement.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { temporaryFolder } from './project.ts';

/** The repository: where the built program, its config.yaml and its scripts lie. */
export const REPOSITORY = resolve(import.meta.dirname, '../..');
const MAIN = join(REPOSITORY, 'dist', 'main.js');
/** The Node that runs what is tested; tests themselves run on that of the repository. */
const NODE = process.env['STRESSRUN_NODE'] ?? process.execPath;
/** With `undici` all e2e tests send by it instead of by the client of our own. */
const CLIENT = process.env['STRESSRUN_HTTP_CLIENT'];
const HTTP_CLIENT = CLIENT === undefined ? {} : { STRESSRUN_HTTP_CLIENT: CLIENT };
/** Processes of tests that were given up on: nothing outlives its file. */
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) killGroup(child);
});

/** Far beyond what any command of a test takes: whoever is still there then hangs. */
const TIMEOUT_MS = 60_000;

/** What a finished command left behind. */
export interface CliResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A command that may still be running. */
export interface CliProcess {
  readonly pid: number;
  readonly ended: Promise<CliResult>;
  /** To the program alone, as `kill` would; a terminal's Ctrl-C is `toGroup`. */
  signal(signal: NodeJS.Signals, to?: 'program' | 'group'): void;
  /** Resolves with the match once the output so far has it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

interface CliOptions {
  /** Default: the repository. */
  readonly cwd?: string;
  /** Another build. */
  readonly main?: string;
  /** Variables besides PATH and HOME; of whoever runs the tests STRESSRUN_HTTP_CLIENT alone is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Most 512-byte blocks of a file that the program may write: to it a full disk. */
  readonly fileBlocksMax?: number;
  /** Where stdout goes instead, such as a device that is full. */
  readonly stdoutFile?: string;
  /** Told the process id at once. */
  readonly onStart?: (pid: number) => void;
}

/** For who cannot make another user of its workers: they read the program where it lies, and no copy of it is needed on a disk that is full. */
function asUserWithoutOthers(): string[] {
  const setpriv = process.getuid?.() === 0 ? setprivPath() : undefined;
  return setpriv === undefined ? [] : [setpriv, '--inh-caps', '-all', '--bounding-set', '-all', '--'];
}

/** Starts the built program as a child in a process group of its own; the whole group is gone when the test has finished. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliProcess {
  const beganAtMs = performance.now();
  const program = [NODE, options.main ?? MAIN, ...args];
  const limit = `trap '' XFSZ; ulimit -f ${options.fileBlocksMax}; exec "$0" "$@"`;
  const [command = '', ...rest] =
    options.fileBlocksMax === undefined ? program : [...asUserWithoutOthers(), '/bin/sh', '-c', limit, ...program];
  const stdoutFd = options.stdoutFile === undefined ? undefined : openSync(options.stdoutFile, 'w');
  const child = spawn(command, rest, {
    cwd: options.cwd ?? REPOSITORY,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...HTTP_CLIENT, ...options.env },
    stdio: ['ignore', stdoutFd ?? 'pipe', 'pipe'],
    detached: true,
  });
  if (stdoutFd !== undefined) closeSync(stdoutFd);
  options.onStart?.(child.pid ?? 0);
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const listen of listeners) listen();
    });
  const timer = setTimeout(() => killGroup(child), options.timeoutMs ?? TIMEOUT_MS);
  running.add(child);
  const ended = new Promise<CliResult>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      running.delete(child);
      killGroup(child);
      settle({ exitCode, ...output, tookMs: performance.now() - beganAtMs });
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    signal: (signal, to = 'program') => void process.kill(to === 'group' ? -(child.pid ?? 0) : (child.pid ?? 0), signal),
    printed: (pattern) =>
      new Promise((settle, reject) => {
        const look = (): void => {
          const match = pattern.exec(output.stdout + output.stderr);
          if (match === null) return;
          listeners.delete(look);
          settle(match);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without printing ${pattern}: ${output.stdout}${output.stderr}`)));
      }),
  };
}

/** A command from its beginning to its end. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}

/** A run that came to its report. */
export interface RunResult extends CliResult {
  readonly run: RunJson;
  readonly runDir: string;
  /** The run's folder, with plan.json and journal.ndjson. */
  readonly folder: string;
}

/** `stressrun <script> …` into a temporary run folder. @throws when there is no run.json: its output says why */
export async function load(args: readonly string[], options: CliOptions = {}): Promise<RunResult> {
  const runDir = temporaryFolder();
  const jsonPath = join(runDir, 'result.json');
  const result = await cli([...args, '--run-dir', runDir, '--json', jsonPath], options);
  if (!existsSync(jsonPath)) throw new Error(`exit code ${result.exitCode} and no run.json:\n${result.stdout}${result.stderr}`);
  const run = JSON.parse(readFileSync(jsonPath, 'utf8')) as RunJson;
  return { ...result, run, runDir, folder: join(runDir, run.run.id) };
}

/** Remarks on the run but those on the generator: on a machine that others use it may be slow, and says so. */
export function notesOf({ notes }: RunJson): string[] {
  return notes.filter((note) => !/^the generator (was saturated|could not be calibrated)/.test(note));
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // nobody is left
  }
}
