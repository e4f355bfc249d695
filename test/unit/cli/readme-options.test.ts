import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { optionsMarkdown } from '../../../runtime/cli/options-markdown.ts';

test('the README has the table of flags as the program has them, between its two markers', () => {
  const readme = readFileSync(resolve(import.meta.dirname, '../../../README.md'), 'utf8');
  const between = /<!-- options:begin -->\n([\s\S]*?)\n<!-- options:end -->/.exec(readme)?.[1];
  expect(between?.trim()).toBe(optionsMarkdown());
});
