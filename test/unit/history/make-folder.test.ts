import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../runtime/history/make-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('three missing folders are made, and again is fine', () => {
  const path = join(temporaryFolder(), 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test('where a file is in the way, or the system allows no folder, it throws at once', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR');
  // /proc is there and has no room for folders: mkdir says ENOENT, as if /proc were missing
  expect(() => makeFolder('/proc/stressrun/runs')).toThrow(/ENOENT|EROFS|EACCES/);
});

test('a folder of which only the last part is missing is made', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  makeFolder(join(folder, 'a/b'));
  expect(existsSync(join(folder, 'a/b'))).toBe(true);
});
