import { hashOfText, shuffled, uniformOf } from './random.ts';

/** Cards a deck may have at most; finer weights are rounded to it. */
const CARDS_MAX = 10_000;

/**
 * A seeded, shuffled deck: one card per unit of weight, so that every stretch of deck length has the exact proportions.
 * @returns names in drawing order; cyclic
 */
export function deckOf(weights: Readonly<Record<string, number>>, seed: number): string[] {
  const names = Object.keys(weights).filter((name) => (weights[name] as number) > 0);
  const counts = cardCounts(names.map((name) => weights[name] as number));
  const cards = names.flatMap((name, i) => Array.from({ length: counts[i] as number }, () => name));
  return shuffled(cards, seed, hashOfText('deck'));
}

/** Where VU `vu` (0-based) starts in a deck of `length` cards: evenly spread over the VUs by the golden ratio, moved by the seed. */
export function deckStartOf(length: number, vu: number, seed: number): number {
  const turn = (uniformOf(seed, hashOfText('deck start')) + vu * 0.618_033_988_749_894_9) % 1;
  return Math.floor(turn * length);
}

/** Smallest whole numbers in the proportions of the weights. */
function cardCounts(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const scale of [1, 10, 100, 1000]) {
    const scaled = weights.map((weight) => weight * scale);
    if (scaled.every((value) => Math.abs(value - Math.round(value)) < 1e-9)) {
      const whole = scaled.map(Math.round);
      const divisor = whole.reduce(greatestCommonDivisor, 0) || 1;
      const counts = whole.map((count) => count / divisor);
      if (counts.reduce((sum, count) => sum + count, 0) <= CARDS_MAX) return counts;
    }
  }
  return weights.map((weight) => Math.max(1, Math.round((weight / total) * CARDS_MAX)));
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
