import { expect, test } from 'vitest';
import { seedOf } from '../../../runtime/config/seed.ts';
import { refusalOf } from './fixtures.ts';

test('a seed is kept up to 4294967295; -1, 4294967296 and words are a 104', () => {
  expect(seedOf('4294967295')).toBe(4_294_967_295);
  for (const text of ['-1', '4294967296', 'abc']) {
    const { message, exitCode } = refusalOf(() => seedOf(text));
    expect(message).toBe(`--seed: expected a whole number from 0 to 4294967295 (a 32-bit seed); got ${JSON.stringify(text)}`);
    expect(exitCode).toBe(104);
  }
});

test('without one it is some 32-bit number, and 8 of them are not all the same', () => {
  const seeds = Array.from({ length: 8 }, () => seedOf(undefined));
  expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= 4_294_967_295)).toBe(true);
  expect(new Set(seeds).size).toBeGreaterThan(1);
});
