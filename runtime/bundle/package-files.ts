import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BugError } from '../core/errors.ts';

/** Absolute path of the script API's types; the code may run from the sources or from any depth of `dist/`. */
export function scriptTypesPath(): string {
  const path = join(packageRoot(import.meta.dirname), 'runtime', 'guest', 'stressrun.d.ts');
  if (!existsSync(path)) throw new BugError(`the package lacks ${path}`);
  return path;
}

function packageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'stressrun') return folder;
    if (folder === dirname(folder)) throw new BugError(`no package.json of stressrun above ${from}`);
  }
}
