import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const TOP = resolve(import.meta.dirname, '../../..');
const textOf = (path: string): string => readFileSync(join(TOP, path), 'utf8');
const versionIn = (path: string): unknown => (JSON.parse(textOf(path)) as { version: unknown }).version;

test('the vm2 that package.json pins is exactly the one that is installed, locked and written down in SECURITY.md', () => {
  const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> };
  const pin = dependencies['vm2'] ?? '';
  const { packages } = JSON.parse(textOf('package-lock.json')) as { packages: Record<string, { version?: string }> };
  expect(pin).toMatch(/^\d+\.\d+\.\d+$/);
  expect([versionIn('node_modules/vm2/package.json'), packages['node_modules/vm2']?.version]).toEqual([pin, pin]);
  expect(/^## vm2\n\nPinned to exactly (\S+),/m.exec(textOf('SECURITY.md'))?.[1]).toBe(pin);
});

test('every version of vm2 that the notes on it name is the pinned one: its costs and its promises were taken with it', () => {
  const pin = (JSON.parse(textOf('package.json')) as { dependencies: Record<string, string> }).dependencies['vm2'];
  const named = ['SECURITY.md', 'runtime/DECISIONS.md', 'runtime/sandbox/README.md'].flatMap((path) =>
    [...textOf(path).matchAll(/\bvm2 (\d+\.\d+\.\d+)/g)].map(([, version]) => [path, version]),
  );
  expect(named.length).toBeGreaterThan(0);
  for (const [path, version] of named) expect([path, version]).toEqual([path, pin]);
});
