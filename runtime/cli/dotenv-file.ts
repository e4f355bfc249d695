import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigError } from '../core/errors.ts';

/** Variables of files, and what is told of them. */
export interface EnvFiles {
  readonly values: Readonly<Record<string, string>>;
  /** One line a file, without the values. */
  readonly notes: readonly string[];
}

/**
 * Reads the files of `--dotenv`. A variable that is set already stays as it is; of two files the first one wins.
 * @throws {ConfigError} when there is no such file
 */
export function readEnvFiles(paths: readonly string[], env: Readonly<Record<string, string | undefined>>): EnvFiles {
  const values: Record<string, string> = {};
  const notes = paths.map((path) => {
    const given = Object.entries(parseEnv(textOf(path))) as [string, string][];
    const fresh = given.filter(([name]) => env[name] === undefined && values[name] === undefined);
    for (const [name, value] of fresh) values[name] = value;
    const kept = given.filter(([name]) => !fresh.some(([taken]) => taken === name)).map(([name]) => name);
    const read = fresh.length === 0 ? 'no variable' : fresh.map(([name]) => name).join(', ');
    return `${path}: ${read}${kept.length === 0 ? '' : `; set before, and left as they were: ${kept.join(', ')}`}`;
  });
  return { values, notes };
}

function textOf(path: string): string {
  try {
    return readFileSync(resolve(path), 'utf8');
  } catch (cause) {
    throw new ConfigError(
      '--dotenv',
      `expected a file of lines such as NAME=value; got ${JSON.stringify(path)} (${(cause as NodeJS.ErrnoException).code})`,
      { cause },
    );
  }
}
