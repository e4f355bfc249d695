import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT, EXIT_OWN_FAULT } from '../../../runtime/core/errors.ts';

const textOf = (path: string): string => readFileSync(join(resolve(import.meta.dirname, '../../..'), path), 'utf8');
const codes = [...Object.values(EXIT), EXIT_OWN_FAULT].sort((a, b) => a - b);

test('the troubleshooting guide has every exit code once, in order, with what it means', () => {
  const sections = [...textOf('docs/troubleshooting.md').matchAll(/^## (\d+): .+\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm)];
  expect(sections.map(([, code]) => Number(code))).toEqual(codes);
  expect(sections.filter(([, , text = '']) => !text.includes('- **Meaning**: ')).map(([, code]) => code)).toEqual([]);
});

test('the table of the README has every exit code once', () => {
  const table = /^## Exit codes\n([\s\S]*?)^## /m.exec(textOf('README.md'))?.[1] ?? '';
  const named = [...table.matchAll(/^\| ([\d, ]+?) +\|/gm)].flatMap(([, cell = '']) => cell.split(', ').map(Number));
  expect(named.sort((a, b) => a - b)).toEqual(codes);
});
