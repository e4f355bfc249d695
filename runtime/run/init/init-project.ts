import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { makeFolder } from '../../history/make-folder.ts';
import type { InitProjectInput } from '../output.ts';
import { PACKAGE } from '../package-paths.ts';
import { shellWord } from '../shell-word.ts';
import { canRun, runNpm } from './npm.ts';
import { type PackageSource, packageSource } from './package-source.ts';
import { projectFiles } from './project-files.ts';

/** Where a tarball lies in a new repository. */
const VENDOR = 'vendor';

/**
 * `stressrun init [dir]`: a repository for load tests, complete with a lock file, so that `npm ci` works in it.
 * @returns 0
 * @throws {ConfigError} when a file of it is there already, or stands where a folder must be: nothing is overwritten, and nothing written
 */
export async function initProject({ folder, packageSpec, output }: InitProjectInput): Promise<number> {
  const root = resolve(folder);
  const source = packageSpec === undefined ? packageSource(PACKAGE) : ({ kind: 'spec', spec: packageSpec } as const);
  const files = projectFiles({ deployFolder: PACKAGE.deployFolder, root, spec: specOf(source) });
  const folders = new Set(
    [...files.keys(), ...(source.kind === 'spec' ? [] : [join(VENDOR, 'x')])].map((name) => dirname(join(root, name))),
  );
  for (const path of [root, ...folders]) refuseFileAt(path);
  const taken = [...files.keys(), 'package-lock.json'].filter((name) => existsSync(join(root, name)));
  if (taken.length > 0) {
    throw new ConfigError(
      'init',
      `expected a folder without ${taken.slice(0, 3).join(', ')}${taken.length > 3 ? ', …' : ''}; got ${root}, which has ${taken.length === 1 ? 'it' : 'them'}`,
      {
        hint: 'name another folder, or move these away: nothing is overwritten',
      },
    );
  }
  for (const [name, text] of files) write(join(root, name), text);
  if (source.kind !== 'spec') await vendor(source, join(root, VENDOR));
  const lock = await runNpm(['install', '--package-lock-only', '--no-audit', '--no-fund'], root);
  if (!lock.ok)
    output.note(`warning: npm made no package-lock.json, so begin with npm install instead of npm ci; it said: ${lock.problem}`);
  output.result(nextSteps(root, [...files.keys()], lock.ok));
  return 0;
}

/** A file where a folder is to be, or above it. */
function refuseFileAt(folder: string): void {
  const there = nearestOnDisk(folder);
  if (statSync(there).isDirectory()) return;
  const place = there === folder ? 'which is a file' : `but ${there} is a file`;
  throw new ConfigError('init', `expected a folder, or a path where one can be made; got ${folder}, ${place}`, {
    hint: 'name another folder',
  });
}

function nearestOnDisk(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestOnDisk(dirname(path));
}

function write(path: string, text: string): void {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, text);
  } catch (error) {
    throw new ConfigError('init', `expected a folder that can be written to; ${(error as Error).message}`, { cause: error });
  }
}

function specOf(source: PackageSource): string {
  return source.kind === 'spec' ? source.spec : `file:${VENDOR}/${source.fileName}`;
}

/** The tarball comes along, so that the repository installs on other machines and in pipelines too. */
async function vendor(source: Exclude<PackageSource, { kind: 'spec' }>, folder: string): Promise<void> {
  makeFolder(folder);
  if (source.kind === 'tarball') return copyFileSync(source.path, join(folder, source.fileName));
  const packed = await runNpm(['pack', '--ignore-scripts', '--pack-destination', folder], source.folder);
  if (!packed.ok)
    throw new ConfigError('--package', `expected npm to pack ${source.folder}; it said: ${packed.problem}`, {
      hint: 'give what npm is to install, such as --package stressrun@0.1.0 or --package ./stressrun.tgz',
    });
}

function nextSteps(root: string, names: readonly string[], hasLock: boolean): string {
  const here = relative(process.cwd(), root);
  const steps = [
    ...(here === '' ? [] : [`cd ${shellWord(here)}`]),
    hasLock ? 'npm ci' : 'npm install',
    'npx stressrun scripts/example.ts --env demo      # 5 users for 10 s on the built-in server',
    'npx stressrun check scripts/example.ts --env demo',
    ...(canRun('git') ? ['git init && git add -A && git commit -m "Load tests"'] : []),
  ];
  return `${names.length} files in ${root}\n\nNext:\n${steps.map((step) => `  ${step}\n`).join('')}\nThen set your addresses in config.yaml, and read README.md for the pipeline.\n`;
}
