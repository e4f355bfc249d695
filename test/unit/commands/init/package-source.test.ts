import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageSource } from '../../../../runtime/commands/init/package-source.ts';
import { temporaryFolder } from '../../../support/project.ts';

function installed(resolved: string | undefined): { top: string; folder: string; version: string } {
  const top = temporaryFolder();
  const folder = join(top, 'node_modules/stressrun');
  mkdirSync(folder, { recursive: true });
  const packages = { 'node_modules/stressrun': { version: '0.2.0', ...(resolved === undefined ? {} : { resolved }) } };
  writeFileSync(join(top, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(top, 'my stressrun.tgz'), '');
  return { top, folder, version: '0.2.0' };
}

test('installed from a registry: this version', () => {
  const spec = { kind: 'spec', spec: '0.2.0' };
  expect(packageSource(installed('https://registry.example.com/stressrun-0.2.0.tgz'))).toEqual(spec);
  expect(packageSource(installed(undefined))).toEqual(spec);
});

test('installed from a tarball: that file, while it is there', () => {
  const from = installed('file:my%20stressrun.tgz');
  expect(packageSource(from)).toEqual({ kind: 'tarball', path: join(from.top, 'my stressrun.tgz'), fileName: 'my stressrun.tgz' });
  expect(packageSource(installed('file:gone.tgz'))).toEqual({ kind: 'spec', spec: '0.2.0' });
});

test('a clone is packed as it is', () => {
  expect(packageSource({ folder: '/somewhere/stressrun', version: '0.2.0' })).toEqual({
    kind: 'clone',
    folder: '/somewhere/stressrun',
    fileName: 'stressrun-0.2.0.tgz',
  });
});
