import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../core/errors.ts';

/** Files that are about a repository as a whole: one that is there has its own ways. */
const OF_WHOLE = ['README.md', 'eslint.config.js', '.vscode/extensions.json', '.gitignore'];
/** What scripts need of the tools of a new repository; linting is its own affair. */
const NEEDED = ['stressrun', 'typescript'];

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** What is written into a folder: texts by path, and what stays as it is. */
export interface Additions {
  readonly files: ReadonlyMap<string, string>;
  /** Keys that were added to package.json, `devDependencies.stressrun`; undefined: it is new. */
  readonly addedKeys: readonly string[] | undefined;
  readonly left: readonly string[];
}

/**
 * Of the files of a new repository those that a folder lacks; to a package.json that is there only what is missing in it.
 * @param wanted - all of them, path → text
 * @throws {ConfigError} when the package.json that is there cannot be read
 */
export function additionsTo(root: string, wanted: ReadonlyMap<string, string>): Additions {
  const has = (name: string): boolean => existsSync(join(root, name));
  if (!has('package.json')) {
    const left = [...wanted.keys()].filter(has);
    return { files: new Map([...wanted].filter(([name]) => !left.includes(name))), addedKeys: undefined, left };
  }
  const { text, addedKeys } = completed(join(root, 'package.json'), JSON.parse(wanted.get('package.json') ?? '{}') as Manifest);
  const others = [...wanted].filter(([name]) => name !== 'package.json' && !OF_WHOLE.includes(name));
  const left = [...wanted.keys()].filter((name) => name !== 'package.json' && has(name));
  const files = new Map(others.filter(([name]) => !left.includes(name)));
  if (addedKeys.length > 0) files.set('package.json', text);
  return { files, addedKeys, left: addedKeys.length > 0 ? left : ['package.json', ...left] };
}

/** A package.json with what it lacks, in its own indentation. */
function completed(path: string, wanted: Manifest): { text: string; addedKeys: string[] } {
  const before = readFileSync(path, 'utf8');
  const manifest = parsed(path, before);
  const has = (name: string): boolean => Object.hasOwn({ ...manifest.dependencies, ...manifest.devDependencies }, name);
  const tools = Object.entries(wanted.devDependencies ?? {}).filter(([name]) => NEEDED.includes(name) && !has(name));
  const scripts = Object.entries(wanted.scripts ?? {}).filter(
    ([name]) => name === 'smoke' && !Object.hasOwn({ ...manifest.scripts }, name),
  );
  const added = {
    ...manifest,
    ...(scripts.length === 0 ? {} : { scripts: { ...manifest.scripts, ...Object.fromEntries(scripts) } }),
    ...(tools.length === 0 ? {} : { devDependencies: { ...manifest.devDependencies, ...Object.fromEntries(tools) } }),
  };
  const indent = /^\{\s*\n([ \t]+)"/.exec(before)?.[1] ?? '  ';
  return {
    text: `${JSON.stringify(added, undefined, indent)}\n`,
    addedKeys: [...scripts.map(([name]) => `scripts.${name}`), ...tools.map(([name]) => `devDependencies.${name}`)],
  };
}

function parsed(path: string, text: string): Manifest {
  try {
    const value = JSON.parse(text) as unknown;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch (cause) {
    throw new ConfigError('init', `expected JSON in ${path}; ${(cause as Error).message}`, { cause });
  }
  throw new ConfigError('init', `expected an object in ${path}`);
}
