import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { OPTIONS } from '../../../runtime/commands/all.ts';

const TOP = resolve(import.meta.dirname, '../../..');
const textOf = (path: string): string => readFileSync(join(TOP, path), 'utf8');
const { version } = JSON.parse(textOf('package.json')) as { version: string };

test('package.json, its lock and the newest heading of the changelog say the same version', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as { version: string; packages: Record<string, { version: string }> };
  const newest = /^## (\d+\.\d+\.\d+)/m.exec(textOf('CHANGELOG.md'))?.[1];
  expect([lock.version, lock.packages['']?.version, newest]).toEqual([version, version, version]);
});

test('files to deploy, and examples of flags, name that version of stressrun', () => {
  const { images } = parse(textOf('deploy/kubernetes/base/kustomization.yaml')) as { images: { name: string; newTag: string }[] };
  expect(images.map(({ name, newTag }) => [name, newTag])).toEqual([['stressrun', version]]);
  const texts = [textOf('deploy/kubernetes/README.md'), ...OPTIONS.map(({ example }) => example)].join('\n');
  const named = [...texts.matchAll(/stressrun[:@](\d+\.\d+\.\d+)/g)].map(([, each]) => each);
  expect(named.length).toBeGreaterThan(0);
  expect([...new Set(named)]).toEqual([version]);
});
