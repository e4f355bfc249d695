import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, gone when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-e2e-'));
  folders.push(folder);
  return folder;
}

/** A repository of somebody's scripts. */
export interface Project {
  readonly folder: string;
  /** Absolute path of a file in it. */
  at(name: string): string;
}

/** Writes files into a folder of their own, by their paths in it; without a config.yaml of its own it has an empty one, so that none further up counts. */
export function project(files: Readonly<Record<string, string>>): Project {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  for (const [name, text] of Object.entries({ 'config.yaml': '{}\n', ...files })) {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  }
  return { folder, at };
}

/** Gives a project the packages of this repository: a TypeScript to check its scripts with. */
export function linkPackages({ at }: Project): void {
  symlinkSync(resolve(import.meta.dirname, '../../node_modules'), at('node_modules'));
}
