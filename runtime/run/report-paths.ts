import { accessSync, closeSync, constants, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { makeFolder } from '../history/make-folder.ts';
import type { RunTestInput } from './output.ts';

/** A file that a flag asks for. */
export interface WantedFile {
  readonly flag: string;
  readonly path: string;
}

/** What the names of the tables of `--csv PREFIX` end with. */
export const CSV_TABLES = ['stats.csv', 'stats_history.csv', 'failures.csv', 'exceptions.csv'] as const;
/** The same where a run has something for them. */
export const CSV_TABLES_BESIDE = ['by_tag.csv', 'groups.csv', 'uncounted.csv'] as const;

/** Every file that is wanted beside those of the run folder. */
export function wantedFilesOf({
  jsonPath,
  summaryExportPath,
  reports = {},
}: Pick<RunTestInput, 'jsonPath' | 'summaryExportPath' | 'reports'>): WantedFile[] {
  const single = [
    ['--json', jsonPath],
    ['--summary-export', summaryExportPath],
    ['--html', reports.html],
    ['--junit', reports.junit],
    ['--md', reports.markdown],
  ] as const;
  const { csv } = reports;
  const tables = csv === undefined ? [] : [...CSV_TABLES, ...CSV_TABLES_BESIDE].map((name) => ({ flag: '--csv', path: `${csv}_${name}` }));
  return [...single.flatMap(([flag, path]) => (path === undefined ? [] : [{ flag, path }])), ...tables];
}

/**
 * A file that cannot be written is found before the load, not after an hour of it. Makes the folders; leaves every file as it was.
 * @throws {ConfigError} naming the flag
 */
export function requireWritable(files: readonly WantedFile[]): void {
  for (const { flag, path } of files) {
    try {
      tryToWrite(path);
    } catch (error) {
      const { message } = error as Error;
      throw new ConfigError(flag, `expected a file that can be written; got ${JSON.stringify(path)} (${message})`, { cause: error });
    }
  }
}

function tryToWrite(path: string): void {
  makeFolder(dirname(path));
  if (!existsSync(path)) {
    closeSync(openSync(path, 'wx'));
    rmSync(path);
    return;
  }
  const there = statSync(path);
  if (there.isDirectory()) throw new Error('it is a folder');
  if (there.isFile()) closeSync(openSync(path, 'r+'));
  else accessSync(path, constants.W_OK); // a pipe or a device: opening one may wait for ever
}
