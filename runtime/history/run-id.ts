import { randomBytes } from 'node:crypto';
import { basename, extname } from 'node:path';

const NAME_LENGTH_MAX = 40;

/**
 * The name of a run and of its folder, such as `2026-11-22T13-35-27-predict-smoke-3f9a`: UTC first, so that names sort by
 * time; safe on every file system; two random bytes keep runs of the same second apart.
 */
export function createRunId(startedAt: Date, scriptPath: string, profile: string | undefined): string {
  const moment = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
  const script = basename(scriptPath, extname(scriptPath));
  const names = [script, profile ?? ''].map(slugOf).filter((slug) => slug !== '');
  return [moment, ...names, randomBytes(2).toString('hex')].join('-');
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, NAME_LENGTH_MAX)
    .replace(/^-+|-+$/g, '');
}
