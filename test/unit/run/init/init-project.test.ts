import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { initProject } from '../../../../runtime/run/init/init-project.ts';
import type { RunOutput } from '../../../../runtime/run/output.ts';
import { temporaryFolder } from '../../../support/project.ts';

const output = {} as RunOutput; // nothing is said before it is refused

test.each([
  ['README.md', 'README.md', (at: string) => `${at}, which is a file`],
  ['README.md', 'README.md/shop', (at: string) => `${join(at, 'shop')}, but ${at} is a file`],
])('with a file %s, init %s is a 104 that names it', async (name, wanted, got) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), 'mine');
  await expect(initProject({ folder: join(folder, wanted), packageSpec: '0.1.0', output })).rejects.toMatchObject({
    exitCode: 104,
    message: `init: expected a folder, or a path where one can be made; got ${got(join(folder, name))}`,
  });
});

test('a file named scripts, where a folder must be, is a 104, and nothing is written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'scripts'), 'mine');
  await expect(initProject({ folder, packageSpec: '0.1.0', output })).rejects.toMatchObject({
    exitCode: 104,
    message: expect.stringContaining(`got ${join(folder, 'scripts')}, which is a file`) as string,
  });
  expect(readdirSync(folder)).toEqual(['scripts']);
});
