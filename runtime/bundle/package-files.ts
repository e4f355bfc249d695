import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BugError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';

/** Absolute path of the script API's types. */
export function scriptTypesPath(): string {
  const path = join(PACKAGE.folder, 'runtime', 'guest', 'stressrun.d.ts');
  if (!existsSync(path)) throw new BugError(`the package lacks ${path}`);
  return path;
}
