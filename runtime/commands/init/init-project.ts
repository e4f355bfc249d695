import { copyFileSync, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError } from '../../core/errors.ts';
import { PACKAGE } from '../../core/package-files.ts';
import { makeFolder } from '../../history/make-folder.ts';
import type { InitProjectInput } from '../inputs.ts';
import { shellWord } from '../shell-word.ts';
import { canRun, runNpm } from './npm.ts';
import { type PackageSource, packageSource } from './package-source.ts';
import { additionsTo } from './present-project.ts';
import { projectFiles } from './project-files.ts';

/** Where a tarball lies in a new repository. */
const VENDOR = 'vendor';

/**
 * `stressrun init [dir]`: a repository for load tests, complete with a lock file, so that `npm ci` works in it. In one that is there it adds
 * what is missing and names what it left as it was.
 * @returns 0
 * @throws {ConfigError} when a file stands where a folder must be, or package.json is none: then nothing is written
 */
export async function initProject({ folder, packageSpec, output }: InitProjectInput): Promise<number> {
  const root = resolve(folder);
  const source = packageSpec === undefined ? packageSource(PACKAGE) : ({ kind: 'spec', spec: packageSpec } as const);
  const wanted = projectFiles({ deployFolder: PACKAGE.deployFolder, root, spec: specOf(source) });
  const folders = new Set(
    [...wanted.keys(), ...(source.kind === 'spec' ? [] : [join(VENDOR, 'x')])].map((name) => dirname(join(root, name))),
  );
  for (const path of [root, ...folders]) refuseFileAt(path);
  const { files, addedKeys, left } = additionsTo(root, wanted);
  for (const [name, text] of files) write(join(root, name), text);
  const needsPackage = addedKeys === undefined || addedKeys.includes('devDependencies.stressrun');
  if (source.kind !== 'spec' && needsPackage) await vendor(source, join(root, VENDOR));
  // an own package.json may be of another package manager, or of a workspace
  const hasLock = addedKeys === undefined && (await lockMade(root, output));
  const added = [...files.keys()].filter((name) => name !== 'package.json' || addedKeys === undefined);
  output.result(
    [
      added.length === 0 ? `nothing to add in ${root}` : `${added.length} file${added.length === 1 ? '' : 's'} in ${root}`,
      ...((addedKeys ?? []).length === 0 ? [] : [`Added to package.json: ${(addedKeys ?? []).join(', ')}`]),
      ...(left.length === 0 ? [] : [`Left as they were: ${left.join(', ')}`]),
      ...(left.includes('.gitignore') ? ['See that .gitignore has runs/ and .env'] : []),
      ...workflowNote(root),
    ].join('\n') + nextSteps(root, hasLock),
  );
  return 0;
}

async function lockMade(root: string, output: InitProjectInput['output']): Promise<boolean> {
  const lock = await runNpm(['install', '--package-lock-only', '--no-audit', '--no-fund'], root);
  if (!lock.ok)
    output.note(`warning: npm made no package-lock.json, so begin with npm install instead of npm ci; it said: ${lock.problem}`);
  // inside a workspace npm keeps one at the top
  return lock.ok && existsSync(join(root, 'package-lock.json'));
}

/** GitHub looks for workflows at the top of a repository alone. */
function workflowNote(root: string): string[] {
  const top = topOfGit(root);
  return top === undefined || top === root ? [] : [`The pipeline is read at the top of the repository: move .github/workflows to ${top}`];
}

function topOfGit(folder: string): string | undefined {
  if (existsSync(join(folder, '.git'))) return folder;
  return dirname(folder) === folder ? undefined : topOfGit(dirname(folder));
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
      hint: 'give what npm is to install, such as --package stressrun@0.2.0 or --package ./stressrun.tgz',
    });
}

function nextSteps(root: string, hasLock: boolean): string {
  const here = relative(process.cwd(), root);
  const steps = [
    ...(here === '' ? [] : [`cd ${shellWord(here)}`]),
    hasLock ? 'npm ci' : 'npm install',
    'npx stressrun scripts/example.ts --env demo      # 5 users for 10 s on the built-in server',
    'npx stressrun check scripts/example.ts --env demo',
    ...(canRun('git') && topOfGit(root) === undefined ? ['git init && git add -A && git commit -m "Load tests"'] : []),
  ];
  return `\n\nNext:\n${steps.map((step) => `  ${step}\n`).join('')}\nThen set your addresses in config.yaml, and read README.md for the pipeline.\n`;
}
