import { fstatSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openNameless } from '../../../runtime/cluster/nameless-file.ts';
import { temporaryFolder } from '../../support/project.ts';

test('a file is opened in the first folder that can be written, and leaves nothing there', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  const fd = openNameless([join(folder, 'missing'), join(folder, 'there')], (path) => openSync(path, 'w+'));
  expect(fstatSync(fd).nlink).toBe(0);
  expect([readdirSync(folder), readdirSync(join(folder, 'there'))]).toEqual([['there'], []]);
});

test('without a folder that can be written it says what the last one gave; when opening fails nothing is left either', () => {
  const folder = temporaryFolder();
  expect(() => openNameless([join(folder, 'a'), join(folder, 'b')], (path) => openSync(path, 'w'))).toThrow(/ENOENT.*\/b\//);
  expect(() => openNameless([folder], (path) => openSync(path, 'r'))).toThrow('ENOENT');
  expect(readdirSync(folder)).toEqual([]);
});
