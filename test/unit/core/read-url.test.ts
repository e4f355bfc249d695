import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readUrl } from '../../../runtime/core/read-url.ts';
import { targetOf } from '../../../runtime/net/target.ts';

const RUNTIME = resolve(import.meta.dirname, '../../../runtime');
/** After some thousand calls it is compiled, and took another way. */
const TIMES = 20_000;

test('a URL with letters outside of ASCII is one however often it is read', () => {
  let wrong = 0;
  for (let i = 0; i < TIMES; i++) if (targetOf('http://münchen.de/straße')?.hostname !== 'xn--mnchen-3ya.de') wrong++;
  expect(wrong).toBe(0);
});

test('what is no URL is undefined, relative ones without a base among them', () => {
  expect(['nope', '/a', '', 'http://'].map((text) => readUrl(text))).toEqual([undefined, undefined, undefined, undefined]);
  expect(readUrl('../x?y', 'http://h/a/b/c')?.href).toBe('http://h/a/x?y');
});

test('nothing else asks URL.canParse', () => {
  const asks = readdirSync(RUNTIME, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && /URL\.canParse\(/.test(readFileSync(join(RUNTIME, name), 'utf8')))
    .map((name) => name.replaceAll('\\', '/'));
  expect(asks).toEqual([]);
});
