import { spawn } from 'node:child_process';
import { afterAll } from 'vitest';
import { REPOSITORY } from './cli.ts';

/** A program at a terminal of its own. */
export interface TerminalProgram {
  /** Of the terminal; the program is a child of it. */
  readonly pid: number;
  readonly ended: Promise<{ exitCode: number | null; output: string }>;
  /** Presses keys: '\x03' is Ctrl-C, which reaches the whole foreground group. */
  press(keys: string): void;
  /** Resolves with the match once the output so far has it. */
  shown(pattern: RegExp): Promise<RegExpExecArray>;
}

const TIMEOUT_MS = 60_000;
const open = new Set<() => void>();
afterAll(() => {
  for (const close of open) close();
});

interface TerminalOptions {
  /** Size of the terminal; default: it does not know. */
  readonly size?: { readonly columns: number; readonly rows: number };
  /** Variables besides PATH, HOME and TERM. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs the built program as a person would, under the `script` of util-linux; its exit code is the program's own. */
export function startAtTerminal(args: readonly string[], { size, env, timeoutMs = TIMEOUT_MS }: TerminalOptions = {}): TerminalProgram {
  const command = [process.execPath, `${REPOSITORY}/dist/main.js`, ...args].map((word) => `'${word}'`).join(' ');
  const sized = size === undefined ? '' : `stty cols ${size.columns} rows ${size.rows}; `;
  const child = spawn('script', ['-qec', `${sized}exec ${command}`, '/dev/null'], {
    cwd: REPOSITORY,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const listen of listeners) listen();
    });
  const close = (): void => void child.kill('SIGKILL');
  const timer = setTimeout(close, timeoutMs);
  open.add(close);
  const ended = new Promise<{ exitCode: number | null; output: string }>((resolve) =>
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      open.delete(close);
      resolve({ exitCode, output });
    }),
  );
  return {
    pid: child.pid ?? 0,
    ended,
    press: (keys) => void child.stdin.write(keys),
    shown: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output);
          if (match === null) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without showing ${pattern}: ${output}`)));
      }),
  };
}
