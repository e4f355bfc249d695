import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundleScript } from '../../../runtime/bundle/bundle-script.ts';
import { typeCheck } from '../../../runtime/bundle/type-check.ts';

const top = resolve(import.meta.dirname, '../../..');
const scriptsIn = (folder: string): string[] =>
  readdirSync(join(top, folder))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`);
const examples = scriptsIn('examples');
const scripts = [...scriptsIn('scripts'), ...examples];

test.each(scripts)('%s bundles without a warning and has something to run', async (name) => {
  const bundle = await bundleScript(join(top, name));
  expect(bundle.warnings).toEqual([]);
  expect(bundle.exportNames).toEqual(expect.arrayContaining([name.endsWith('scenarios.ts') ? 'upload' : 'default']));
});

test.each(examples)('%s says in its first two lines what it shows', (name) => {
  const lines = readFileSync(join(top, name), 'utf8').split('\n');
  expect(lines.slice(0, 2)).toEqual([expect.stringMatching(/^\/\/ [A-Z].*[.:,]/), expect.stringMatching(/^\/\/ /)]);
  expect(lines[2]).not.toMatch(/^\/\//);
});

test('scripts/predict.ts has no finding of the type check', async () => {
  expect(await typeCheck(join(top, 'scripts/predict.ts'))).toMatchObject({ kind: 'checked', findings: [] });
});
