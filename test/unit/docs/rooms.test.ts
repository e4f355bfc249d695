import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const TOP = resolve(import.meta.dirname, '../../..');
const RUNTIME = join(TOP, 'runtime');
const rooms = readdirSync(RUNTIME, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : []));
const readmeOf = (room: string): string => readFileSync(join(RUNTIME, room, 'README.md'), 'utf8');

/** Room → side, from the table that the architecture test holds the imports to; a room of styles has no imports, and is a browser's. */
const sides = new Map([
  ...rooms.map((room) => [room, 'browser'] as const),
  ...[...readFileSync(join(TOP, 'test/architecture.test.ts'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{\s*side: '(\w+)'/gm)].map(
    ([, room = '', side = '']) => [room, side] as const,
  ),
]);
const SAID: Readonly<Record<string, string>> = { guest: 'sandbox', any: 'any side' };

/** File names in code spans: sources, with a star where they stand for several. */
function namesIn(readme: string): string[] {
  return [...readme.matchAll(/`([\w./*-]+\.(?:tsx?|js|css))`/g)].map(([, name = '']) => name);
}

const sourcesOf = (room: string): string[] =>
  readdirSync(join(RUNTIME, room), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(tsx?|js|css)$/.test(name));

/** Whether a name stands for this file of the room: by its path or its last part, or with a star. */
function isNamedBy(name: string, file: string): boolean {
  const pattern = new RegExp(`(^|/)${name.replaceAll('.', '\\.').replaceAll('*', '[\\w.-]*')}$`);
  return pattern.test(file);
}

test.each(rooms)('the first line of the README of %s says on which side it runs', (room) => {
  const side = sides.get(room) ?? '';
  expect(readmeOf(room).split('\n')[0]).toMatch(new RegExp(`^# ${room} \\(${SAID[side] ?? side}\\)(: .+)?$`));
});

test.each(rooms)('every file that the README of %s names is there', (room) => {
  const files = sourcesOf(room);
  const isThere = (name: string): boolean =>
    files.some((file) => isNamedBy(name, file)) || [join(RUNTIME, room), RUNTIME, TOP].some((folder) => existsSync(join(folder, name)));
  expect(namesIn(readmeOf(room)).filter((name) => !name.startsWith('dist/') && !isThere(name))).toEqual([]);
});

test.each(rooms)('the README of %s names every file of the room, or the folder in it that has the file', (room) => {
  const readme = readmeOf(room);
  const names = namesIn(readme);
  const folders = [...readme.matchAll(/`([\w/-]+\/)`/g)].map(([, folder = '']) => folder);
  expect(
    sourcesOf(room).filter((file) => !names.some((name) => isNamedBy(name, file)) && !folders.some((folder) => file.startsWith(folder))),
  ).toEqual([]);
});

test('every file that the README of all rooms names is there', () => {
  const names = [...namesIn(readmeOf('.')), ...[...readmeOf('.').matchAll(/\]\(([\w./-]+)\)/g)].map(([, name = '']) => name)];
  expect(names.filter((name) => !existsSync(join(RUNTIME, name)) && !existsSync(join(TOP, name)))).toEqual([]);
});

test('the walk from a script to a p95 is at most 15 files, numbered from 1, and each stands on the side that its room has', () => {
  const walk = [...readmeOf('.').matchAll(/^\| (\d+) +\| ([a-z ]+?) +\| \[([^\]]+)\]\(([^)]+)\)/gm)].map(([, ...cells]) => cells);
  expect(walk.map(([number]) => Number(number))).toEqual(walk.map((_, i) => i + 1));
  expect(walk.length).toBeGreaterThanOrEqual(10);
  expect(walk.length).toBeLessThanOrEqual(15);
  for (const [, side, shown = '', path] of walk) {
    const own = sides.get(shown.split('/')[0] ?? '') ?? '';
    expect([path, side]).toEqual([shown, SAID[own] ?? own]);
  }
});
