import { expect, test } from 'vitest';
import { deckOf, deckStartOf } from '../../../runtime/core/deck.ts';

function countsOf(cards: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const card of cards) counts[card] = (counts[card] ?? 0) + 1;
  return counts;
}

test.each<[weights: Record<string, number>, counts: Record<string, number>]>([
  [
    { a: 10, b: 60, c: 30 },
    { a: 1, b: 6, c: 3 },
  ],
  [
    { a: 0.5, b: 0.25 },
    { a: 2, b: 1 },
  ],
  [
    { a: 0.001, b: 0.999 },
    { a: 1, b: 999 },
  ],
  [{ a: 3 }, { a: 1 }],
  [{ a: 1, none: 0 }, { a: 1 }],
])('weights %o are cards %o', (weights, counts) => {
  expect(countsOf(deckOf(weights, 1))).toEqual(counts);
});

test('shares that no small deck has are rounded to 10,000 cards, and the rarest task keeps one', () => {
  const counts = countsOf(deckOf({ often: Math.PI, half: Math.PI, rare: 1e-9 }, 1));
  expect(counts).toEqual({ often: 5_000, half: 5_000, rare: 1 });
});

test('weights that would need more than 10,000 cards to be exact are rounded to as many', () => {
  const counts = countsOf(deckOf({ a: 19_999, b: 20_001 }, 1));
  expect((counts['a'] ?? 0) + (counts['b'] ?? 0)).toBeLessThanOrEqual(10_001);
});

test('a deck is in another order with another seed, and in the same with the same', () => {
  const weights = { a: 1, b: 6, c: 3 };
  expect(deckOf(weights, 5)).toEqual(deckOf(weights, 5));
  expect(new Set(Array.from({ length: 10 }, (_, seed) => deckOf(weights, seed).join(''))).size).toBeGreaterThan(5);
});

test('of 10 users no two begin at the same one of 100 cards, and any 20 in a row leave no gap of 12', () => {
  const starts = (users: number): number[] => Array.from({ length: users }, (_, vu) => deckStartOf(100, vu, 3));
  expect(new Set(starts(10)).size).toBe(10);
  const sorted = starts(20).sort((a, b) => a - b);
  const gaps = sorted.map((at, i) => (sorted[i + 1] ?? 100 + (sorted[0] as number)) - at);
  expect(Math.max(...gaps)).toBeLessThan(12);
  for (const at of starts(1_000)) expect(at >= 0 && at < 100 && Number.isInteger(at)).toBe(true);
});
