import { type Dirent, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import { JOURNAL_FILE, LATEST_FILE, PLAN_FILE, RUN_JSON_FILE } from './run-folder.ts';

const RUNS_SHOWN_MAX = 3;
const WHERE = 'run';
/** Beside the run folders; a baseline named `run` or `plan` would make it look like one. */
const BASELINES_FOLDER = 'baselines';

/**
 * The folder of a kept run.
 * @param base where run folders are, usually `runs`
 * @param name a run id, a beginning that only one id has, `latest`, or the path of a run folder (or of its run.json)
 * @returns an absolute path
 * @throws {ConfigError} naming the nearest run, or the runs that `name` could be
 */
export function findRun(base: string, name: string): string {
  const ids = runIdsIn(base);
  if (name === LATEST_FILE) return resolve(base, latestOf(base, ids));
  if (ids.includes(name)) return resolve(base, name);
  const folder = basename(name) === RUN_JSON_FILE ? dirname(name) : name;
  if (isRunFolder(folder)) return resolve(folder);

  const matches = name === '' ? [] : ids.filter((id) => id.startsWith(name));
  if (matches.length === 1) return resolve(base, matches[0] as string);
  if (matches.length > 1) {
    throw new ConfigError(
      WHERE,
      `expected a beginning that one run has; ${JSON.stringify(name)} begins ${matches.length}: ${listOf(matches)}`,
    );
  }
  throw new ConfigError(
    WHERE,
    `expected a run id, the beginning of one, "latest" or a run folder; got ${JSON.stringify(name)}${guessOf(name, ids)}`,
    {
      hint: ids.length === 0 ? `there are no runs in ${base} yet` : `newest in ${base}: ${listOf(ids.toReversed())}`,
    },
  );
}

function latestOf(base: string, ids: readonly string[]): string {
  const path = join(base, LATEST_FILE);
  const pointed = !isFolder(base) ? '' : basename(linkAt(path) ?? (isFile(path) ? readFileSync(path, 'utf8').trim() : ''));
  const latest = ids.includes(pointed) ? pointed : ids.at(-1);
  if (latest === undefined)
    throw new ConfigError(WHERE, `expected a kept run; there is none in ${base} yet`, { hint: 'stressrun <script> makes one' });
  return latest;
}

/** Ids of all runs in `base`, oldest first. @throws {ConfigError} when it is there, but is no folder that can be read */
export function runIdsIn(base: string): string[] {
  return entriesOf(base)
    .filter((entry) => entry.isDirectory() && entry.name !== BASELINES_FOLDER && isRunFolder(join(base, entry.name)))
    .map((entry) => entry.name)
    .sort();
}

function entriesOf(base: string): Dirent[] {
  if (!existsSync(base)) return [];
  try {
    return readdirSync(base, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOTDIR' ? 'which is a file' : `which cannot be read (${code})`;
    throw new ConfigError('--run-dir', `expected a folder with runs in it; got ${JSON.stringify(base)}, ${what}`, { cause: error });
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function linkAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function isRunFolder(path: string): boolean {
  return [PLAN_FILE, JOURNAL_FILE, RUN_JSON_FILE].some((file) => existsSync(join(path, file)));
}

/** Ids differ most in their random end, which nobody types right: the script's name or a slip in the date should still lead there. */
function guessOf(name: string, ids: readonly string[]): string {
  const newestFirst = ids.toReversed();
  const near = nearestOf(name, ids) ?? newestFirst.find((id) => name.length >= 3 && id.includes(name));
  return near === undefined ? '' : `: did you mean "${near}"?`;
}

function listOf(ids: readonly string[]): string {
  const rest = ids.length - RUNS_SHOWN_MAX;
  return ids.slice(0, RUNS_SHOWN_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
