import { basename, isAbsolute, relative, sep } from 'node:path';

/**
 * A script as results name it: by its path in the project, which is the same on every machine; by its file's name alone where no project is known or it lies in
 * another one.
 * @param plan - of a run; its first allowed path is the project's folder
 */
export function scriptNameOf({ scriptPath, allowPaths: [project] = [] }: { scriptPath: string; allowPaths?: readonly string[] }): string {
  const path = project === undefined ? '' : relative(project, scriptPath);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? basename(scriptPath) : path.split(sep).join('/');
}
