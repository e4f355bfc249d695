import { isUtf8 } from 'node:buffer';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { formatBytes } from '../../core/units.ts';
import type { LoadedAnswer } from '../loaded-answers.ts';

/** A file that the pod gets from a ConfigMap. */
export interface PodFile {
  /** Path in the project, with `/`. */
  readonly path: string;
  /** Key in the ConfigMap: the path, as keys may be. */
  readonly key: string;
  readonly bytes: Buffer;
  readonly isText: boolean;
}

/** What the API server stores in one object at most. */
const CONFIG_MAP_BYTES_MAX = 1_048_576;
const REMEDY = 'put the files into an image of your own (FROM stressrun, COPY . /project) and give --image NAME --files image';

interface ProjectFiles {
  /** Real path of the folder that /project stands for. */
  readonly folder: string;
  /** Real paths. */
  readonly paths: readonly string[];
}

/** Real paths of all that a script reads: itself, its modules, its data and its pictures. */
export function filesOfScript(scriptPath: string, inputs: readonly string[], answers: readonly LoadedAnswer[]): string[] {
  const beside = (name: string): string => (isAbsolute(name) ? name : resolve(dirname(scriptPath), name));
  const loaded = answers.flatMap(({ key, json }) => {
    const call = key.slice(0, key.indexOf(':'));
    if (call === 'image.folder') return picturesOf(json).map(beside);
    return ['image.file', 'data.csv', 'data.json'].includes(call) ? [beside(JSON.parse(key.slice(call.length + 1)) as string)] : [];
  });
  return [...new Set([scriptPath, ...inputs, ...loaded].map((path) => realpathSync(path)))];
}

/** Ids are `path#digest`, `path#digest@640x480` of a resized one. */
function picturesOf(json: string): string[] {
  const { pictures } = JSON.parse(json) as { pictures: { id: string }[] };
  return pictures.map(({ id }) => id.slice(0, id.lastIndexOf('#')));
}

/**
 * The files as a ConfigMap holds them.
 * @throws {ConfigError} for a file that cannot be in one: of a package, outside the project; and when they are too large together
 */
export function podFilesOf({ folder, paths }: ProjectFiles): PodFile[] {
  const files = paths.map((path): PodFile => {
    const inProject = pathInProject(folder, path);
    const bytes = readFileSync(path);
    return { path: inProject, key: inProject.replaceAll('/', '__').replace(/[^-._a-zA-Z0-9]/g, '_'), bytes, isText: isUtf8(bytes) };
  });
  refuseSameKeys(files);
  refuseTooLarge(files);
  return files;
}

/** @throws {ConfigError} when it is not in the project, or of an npm package */
export function pathInProject(folder: string, path: string): string {
  const inProject = relative(folder, path).replaceAll(sep, '/');
  if (inProject.split('/').includes('node_modules'))
    throw new ConfigError(path, 'expected a file of the project, as a ConfigMap holds no npm packages; got one of a package', {
      hint: REMEDY,
    });
  if (inProject.startsWith('../') || isAbsolute(inProject))
    throw new ConfigError(path, `expected a file inside ${folder}, which is /project in the pod; got one outside`, {
      hint: `move it there, or ${REMEDY}`,
    });
  return inProject;
}

function refuseSameKeys(files: readonly PodFile[]): void {
  const seen = new Map<string, string>();
  for (const { key, path } of files) {
    const other = seen.get(key);
    if (other !== undefined)
      throw new ConfigError(
        path,
        `expected a name that differs from ${other} in more than what a ConfigMap's key cannot have; both are ${key}`,
        {
          hint: `rename one, or ${REMEDY}`,
        },
      );
    seen.set(key, path);
  }
}

function refuseTooLarge(files: readonly PodFile[]): void {
  const total = files.reduce((sum, { bytes, key }) => sum + bytes.length + key.length, 0);
  if (total <= CONFIG_MAP_BYTES_MAX) return;
  const largest = [...files].sort((a, b) => b.bytes.length - a.bytes.length).slice(0, 3);
  const shown = largest.map(({ path, bytes }) => `${path} (${formatBytes(bytes.length)})`).join(', ');
  throw new ConfigError('ConfigMap', `expected at most 1 MiB of files; got ${formatBytes(total)}, the largest: ${shown}`, { hint: REMEDY });
}
