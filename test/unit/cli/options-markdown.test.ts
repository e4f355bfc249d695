import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { neededOptionsMarkdown, optionsMarkdown } from '../../../runtime/cli/options-markdown.ts';

/** What a document has between its two markers. */
function tableIn(document: string): string | undefined {
  const text = readFileSync(resolve(import.meta.dirname, '../../..', document), 'utf8');
  return /<!-- options:begin -->\n([\s\S]*?)\n<!-- options:end -->/.exec(text)?.[1]?.trim();
}

test('docs/options.md has the table of all flags as the program has them', () => {
  expect(tableIn('docs/options.md')).toBe(optionsMarkdown());
});

test('the README has the ten flags that most people need, as the program has them', () => {
  expect(tableIn('README.md')).toBe(neededOptionsMarkdown());
  expect(neededOptionsMarkdown().split('\n')).toHaveLength(2 + 10);
});
