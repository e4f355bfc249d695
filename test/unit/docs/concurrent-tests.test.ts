import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const TESTS = resolve(import.meta.dirname, '../..');

/** Vitest knows one current test: after an await it is that of another, or none, where tests of a file run beside each other. */
test('no file whose tests run beside each other asks for the end of the current one', () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  const asking = files.filter((name) => {
    const text = readFileSync(join(TESTS, name), 'utf8');
    return /^(?:test|describe)\.concurrent/m.test(text) && /^import \{.*\bonTestFinished\b.*\} from 'vitest'/m.test(text);
  });
  expect(asking).toEqual([]);
});
