import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;

/**
 * Tells when the npx that started this program has gone: killed, or closed without a word, it leaves its child running. Only npx is watched,
 * as what a shell puts into the background outlives the shell by right.
 * @param env - variables of the process; npx says there that it is one
 * @returns stops watching
 */
export function onNpxGone(env: Readonly<Record<string, string | undefined>>, callback: () => void): () => void {
  if (env['npm_command'] !== 'exec') return () => undefined;
  const before = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(timer);
    callback();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The parent; where that is the shell that npx runs commands in, the one above it as well. */
function ancestors(): string {
  const parent = process.ppid;
  try {
    const [, name = '', above = ''] = /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${parent}/stat`, 'latin1')) ?? [];
    return /^(?:ba|da|z|k)?sh$/.test(name) ? `${parent} ${above}` : `${parent}`;
  } catch {
    return `${parent}`; // no /proc
  }
}
