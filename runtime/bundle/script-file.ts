import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, parse, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import { LOCUST_HINT } from './other-tools.ts';
import { displayPath } from './source-place.ts';

const EXTENSIONS = ['.ts', '.js', '.mts', '.mjs'];

/**
 * The script's absolute path, links resolved.
 * @throws {ConfigError} when there is no such file, with the nearest name in its folder, or when it is no script
 */
export function findScript(scriptPath: string): string {
  const path = resolve(scriptPath);
  const kind = statSync(path, { throwIfNoEntry: false });
  if (kind === undefined) throw missing(scriptPath, path);
  if (!kind.isFile()) {
    const names = scriptsIn(path).slice(0, 5).join(', ');
    throw new ConfigError(
      scriptPath,
      `expected a script file; got a ${kind.isDirectory() ? 'folder' : 'special file'}`,
      names === '' ? {} : { hint: `scripts in it: ${names}` },
    );
  }
  if (!EXTENSIONS.includes(extname(path)))
    throw new ConfigError(
      scriptPath,
      `expected a script that ends in ${EXTENSIONS.join(', ')}; got ${JSON.stringify(basename(path))}`,
      extname(path) === '.py' ? { hint: LOCUST_HINT } : {},
    );
  return realpathSync(path);
}

/** The file that was probably meant by an import that leads nowhere: the extension may be left out. Undefined when none is close. */
export function nearestFile(path: string): string | undefined {
  const names = namesIn(dirname(path));
  const stems = names.map((name) => parse(name).name);
  const stem = nearestOf(parse(path).name, stems);
  const name = nearestOf(basename(path), names) ?? (stem === undefined ? undefined : names[stems.indexOf(stem)]);
  return name === undefined ? undefined : join(dirname(path), name);
}

function missing(typed: string, path: string): ConfigError {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined)
    return new ConfigError(typed, `expected a script file; the folder ${displayPath(folder)} does not exist`);
  const nearest = nearestOf(basename(path), scriptsIn(folder));
  const names = scriptsIn(folder).slice(0, 5).join(', ');
  if (nearest !== undefined)
    return new ConfigError(typed, 'expected a script file; there is none of this name', {
      hint: `did you mean ${displayPath(join(folder, nearest))}?`,
    });
  return new ConfigError(typed, 'expected a script file; there is none of this name', {
    hint: names === '' ? `there are no scripts in ${folder}` : `scripts in that folder: ${names}`,
  });
}

function scriptsIn(folder: string): string[] {
  return namesIn(folder).filter((name) => EXTENSIONS.includes(extname(name)) && !name.endsWith('.d.ts'));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
