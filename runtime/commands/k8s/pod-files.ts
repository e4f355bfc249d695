import { isUtf8 } from 'node:buffer';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { isSecretName } from '../../core/credentials.ts';
import { ConfigError } from '../../core/errors.ts';
import { formatBytes } from '../../core/units.ts';
import { fileOf, type LoadedAnswer } from '../../run/loaded-answers.ts';

/** A file that the pod gets from a ConfigMap or a Secret. */
export interface PodFile {
  /** Path in the project, with `/`. */
  readonly path: string;
  /** Key in it: the path, as keys may be. */
  readonly key: string;
  readonly bytes: Buffer;
  readonly isText: boolean;
}

/** The API's object that holds files. */
type Holder = 'ConfigMap' | 'Secret';

/** What the API server stores in one of them at most. */
const HOLDER_BYTES_MAX = 1_048_576;
const REMEDY = 'put the files into an image of your own (FROM stressrun, COPY . /project) and give --image NAME --files image';

interface ProjectFiles {
  /** Real path of the folder that /project stands for. */
  readonly folder: string;
  /** Real paths. */
  readonly paths: readonly string[];
  readonly holder: Holder;
}

/** Real paths of a script and its modules. */
export function codeOfScript(scriptPath: string, inputs: readonly string[]): string[] {
  return [...new Set([scriptPath, ...inputs].map((path) => realpathSync(path)))];
}

/** Real paths of the data and pictures that a script reads. */
export function dataOfScript(scriptPath: string, answers: readonly LoadedAnswer[]): string[] {
  const beside = (name: string): string => (isAbsolute(name) ? name : resolve(dirname(scriptPath), name));
  const loaded = answers.flatMap(({ key, json }) => {
    const call = key.slice(0, key.indexOf(':'));
    if (call === 'image.folder') return picturesOf(json).map(beside);
    const path = fileOf(key);
    return path === undefined ? [] : [beside(path)];
  });
  return [...new Set(loaded.map((path) => realpathSync(path)))];
}

/** Ids are `path#digest`, `path#digest@640x480` of a resized one. */
function picturesOf(json: string): string[] {
  const { pictures } = JSON.parse(json) as { pictures: { id: string }[] };
  return pictures.map(({ id }) => id.slice(0, id.lastIndexOf('#')));
}

/**
 * The files as a ConfigMap or a Secret holds them.
 * @throws {ConfigError} for a file that cannot be in one: of a package, outside the project; and when they are too large together
 */
export function podFilesOf({ folder, paths, holder }: ProjectFiles): PodFile[] {
  const files = paths.map((path): PodFile => {
    const inProject = pathInProject(folder, path);
    const bytes = readFileSync(path);
    return { path: inProject, key: inProject.replaceAll('/', '__').replace(/[^-._a-zA-Z0-9]/g, '_'), bytes, isText: isUtf8(bytes) };
  });
  refuseSameKeys(files);
  refuseTooLarge(files, holder);
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

function refuseTooLarge(files: readonly PodFile[], holder: Holder): void {
  const total = files.reduce((sum, { bytes, key }) => sum + bytes.length + key.length, 0);
  if (total <= HOLDER_BYTES_MAX) return;
  const largest = [...files].sort((a, b) => b.bytes.length - a.bytes.length).slice(0, 3);
  const shown = largest.map(({ path, bytes }) => `${path} (${formatBytes(bytes.length)})`).join(', ');
  throw new ConfigError(holder, `expected at most 1 MiB of files; got ${formatBytes(total)}, the largest: ${shown}`, { hint: REMEDY });
}

/**
 * What looks like a password or a key to somebody's account in a file of data: names of its columns (CSV) or keys (JSON).
 * @returns each name once, in the order of the file; none for a picture
 */
export function secretNamesIn({ path, bytes, isText }: PodFile): string[] {
  if (!isText) return [];
  const text = bytes.toString('utf8');
  const names = /\.json$/i.test(path)
    ? [...text.matchAll(/"([^"\\\n]{1,100})"\s*:/g)].map(([, key = '']) => key)
    : (text.split(/\r?\n/, 1)[0] ?? '').split(/[,;\t]/).map((title) => title.trim().replace(/^"|"$/g, ''));
  return [...new Set(names.filter(isSecretName))];
}
