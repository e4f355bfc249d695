import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/cli.ts';

test('the licence of every package whose code is in the build lies beside it', () => {
  const text = readFileSync(join(REPOSITORY, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
  const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version: string }> };
  // of the command line, the worker, the web UI and the report's page
  for (const name of ['yargs', 'zod', 'undici', 'vm2', 'hdr-histogram-js', 'hono', 'preact', 'uplot'])
    expect(text).toMatch(
      new RegExp(`^=+\n${name} ${lock.packages[`node_modules/${name}`]?.version.replaceAll('.', '\\.')} \\(\\S+\\)\n=+\n\n`, 'm'),
    );
  expect(text).toContain('Copyright (c) Matteo Collina and Undici contributors');
});

test('npm packs the licences and the guides', () => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: REPOSITORY, encoding: 'utf8' });
  const [packed] = JSON.parse(listed) as { files: { path: string }[] }[];
  const paths = packed?.files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['LICENSE', 'dist/THIRD-PARTY-LICENSES', 'docs/first-hour.md', 'docs/k6.md']));
});
