import { expect, test } from 'vitest';
import { blockSecondsOf, bootstrapShare } from '../../../runtime/statistics/bootstrap.ts';
import { weightOf } from '../../../runtime/statistics/dependence.ts';
import { wilson } from '../../../runtime/statistics/interval.ts';
import { randomOf } from '../../support/dependent-load.ts';

const SECONDS = 600;
const of = Array<number>(SECONDS).fill(100);

/** Each of 100 requests a second is over by itself in 5 % of all cases. */
function independent(): number[] {
  const random = randomOf(3);
  return of.map((all) => Array.from({ length: all }, random).filter((each) => each < 0.05).length);
}

/** A second is bad as a whole, for 10 s at a time. */
const inBlocks = of.map((all, t) => (Math.floor(t / 10) % 20 === 7 ? all : 0));

test('requests that have nothing to do with each other weigh nearly what they are', () => {
  const { factor, isKnown } = weightOf(independent(), of);
  expect(isKnown).toBe(true);
  expect(factor).toBeLessThan(1.6);
});

test('seconds that are bad for 10 s at a time leave fewer than 150 of 60,000 requests', () => {
  expect(60_000 / weightOf(inBlocks, of).factor).toBeLessThan(150);
});

test('19 seconds, or 19 requests on one side, do not tell how they hang together', () => {
  expect(weightOf(inBlocks.slice(70, 89), of.slice(0, 19))).toEqual({ factor: 1, isKnown: false });
  expect(
    weightOf(
      of.map((_, t) => (t < 19 ? 1 : 0)),
      of,
    ),
  ).toEqual({ factor: 1, isKnown: false });
});

test('blocks of seconds are drawn the same way for the same seed, and another way for another one', () => {
  const over = independent();
  expect(bootstrapShare(over, of, { seed: 1 })).toEqual(bootstrapShare(over, of, { seed: 1 }));
  expect(bootstrapShare(over, of, { seed: 1 })).not.toEqual(bootstrapShare(over, of, { seed: 2 }));
});

test('blocks say of independent requests what the binomial distribution says, and far less of blocks of bad seconds', () => {
  const over = independent();
  const bad = over.reduce((sum, each) => sum + each, 0);
  const [drawn, exact] = [bootstrapShare(over, of, { seed: 1 }), wilson(bad, 60_000)];
  expect((drawn.high - drawn.low) / (exact.high - exact.low)).toBeCloseTo(1, 0);
  const wide = bootstrapShare(inBlocks, of, { seed: 1 });
  expect((wide.high - wide.low) / (exact.high - exact.low)).toBeGreaterThan(8);
});

test('blocks are 1.5 times the third root of the seconds long, and never more than half of them', () => {
  expect([600, 120, 30, 3, 1].map(blockSecondsOf)).toEqual([13, 8, 5, 1, 1]);
});
