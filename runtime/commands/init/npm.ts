import { execFile, spawnSync } from 'node:child_process';

const TIMEOUT_MS = 180_000;
const WORDS_MAX = 300;

/** npm as a child process. @returns its first error when it did not end in 0 */
export function runNpm(args: readonly string[], cwd: string): Promise<{ ok: true } | { ok: false; problem: string }> {
  return new Promise((resolve) => {
    execFile('npm', [...args], { cwd, timeout: TIMEOUT_MS, shell: process.platform === 'win32' }, (error, _, stderr) => {
      if (error === null) return resolve({ ok: true });
      const lines = stderr.split('\n').filter((line) => line.startsWith('npm error') || line.startsWith('npm ERR!'));
      const words = lines.length === 0 ? error.message : lines.map((line) => line.replace(/^npm (error|ERR!)\s*/, '')).join('; ');
      resolve({ ok: false, problem: words.slice(0, WORDS_MAX) });
    });
  });
}

/** Whether there is such a program. */
export function canRun(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}
