import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BugError } from './errors.ts';

/** Where stressrun itself lies: the folder of its package.json, however deep the built file is. */
function packageFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { name?: string }).name === 'stressrun') return folder;
    if (dirname(folder) === folder) throw new BugError('stressrun cannot find its own package.json');
  }
}

const folder = packageFolder();

/** Files of the package that are read or started while stressrun runs. */
export const PACKAGE = {
  folder,
  /** What `init` copies lies in here. */
  deployFolder: join(folder, 'deploy'),
  workerFile: join(folder, 'dist', 'worker.cjs'),
  targetFile: join(folder, 'dist', 'target.js'),
  guestFile: join(folder, 'dist', 'guest.js'),
  pagesFolder: join(folder, 'dist', 'ui'),
  reportScriptFile: join(folder, 'dist', 'report-page.js'),
  reportStyleFile: join(folder, 'dist', 'report-page-style.css'),
  version: (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version,
} as const;
