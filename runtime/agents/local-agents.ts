import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { dyingWithParent } from '../cluster/confinement.ts';
import { PACKAGE } from '../core/package-files.ts';

const WORDS_KEPT = 2_000;

/** Agents of this machine, as they would be elsewhere: processes that know an address and a token. */
export interface LocalAgents {
  /** What they said last, of those that have ended before the end. */
  words(): string | undefined;
  close(): void;
}

/** @param cores - of each */
export function startLocalAgents(
  count: number,
  { url, token, cores, variables }: { url: string; token: string; cores: number; variables: Readonly<Record<string, string | undefined>> },
): LocalAgents {
  const ended: string[] = [];
  let isClosing = false;
  const children = Array.from({ length: count }, (): ChildProcess => {
    const node = [
      process.execPath,
      join(PACKAGE.folder, 'dist', 'main.js'),
      'agent',
      '--join',
      url,
      '--one-run',
      '--workers',
      `${cores}`,
      '--no-color',
    ];
    const [command, ...args] = dyingWithParent(node);
    // a Ctrl-C of the terminal is not for them: whoever runs the load tells them when it is over. Others on the machine would see a token among the arguments
    const child = spawn(command as string, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      env: { ...variables, STRESSRUN_TOKEN: token },
    });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-WORDS_KEPT);
    });
    child.once('error', (error) => ended.push(error.message));
    child.once('close', (code, signal) => {
      if (!isClosing) ended.push(`it ended with ${signal ?? code}: ${words.trim()}`);
    });
    return child;
  });
  const leave = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', leave);
  return {
    words: () => ended[0],
    close() {
      isClosing = true;
      process.off('exit', leave);
      leave();
    },
  };
}
