import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOf, hashOfText, shuffled, uniformOf } from '../../../runtime/core/random.ts';

test('a number hangs on all its coordinates and on their order, and on nothing else', () => {
  expect(uniformOf(1, 2, 3)).toBe(uniformOf(1, 2, 3));
  expect(new Set([uniformOf(1, 2, 3), uniformOf(3, 2, 1), uniformOf(1, 2), uniformOf(1, 2, 4), uniformOf(0, 2, 3)]).size).toBe(5);
});

test('10,000 numbers of neighbouring coordinates fill each tenth of [0, 1) with 1,000, 130 more or less', () => {
  const tenths = Array(10).fill(0) as number[];
  for (let i = 0; i < 10_000; i++) {
    const value = uniformOf(7, i);
    expect(value >= 0 && value < 1).toBe(true);
    tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] as number) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(130);
});

test('a hash is a whole number of 32 bits, of negative coordinates too', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (coordinates) => {
      const hash = hashOf(...coordinates);
      return Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32;
    }),
  );
});

test('texts that differ in one letter, in order or in length have hashes of their own', () => {
  const texts = ['', 'a', 'b', 'ab', 'ba', 'abc', 'deck', 'deck start'];
  expect(new Set(texts.map(hashOfText)).size).toBe(texts.length);
});

test('shuffled items are the same items, in an order that the coordinates give', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
      const order = shuffled(items, seed);
      expect(order.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b));
      expect(shuffled(items, seed)).toEqual(order);
    }),
  );
});

test('each of 3 items comes first, second and third equally often: of 6,000 shuffles 2,000, 200 more or less', () => {
  const places = new Map<string, number>();
  for (let seed = 0; seed < 6_000; seed++)
    shuffled(['a', 'b', 'c'], seed).forEach((item, place) => {
      places.set(item + place, (places.get(item + place) ?? 0) + 1);
    });
  expect(places.size).toBe(9);
  for (const count of places.values()) expect(Math.abs(count - 2_000)).toBeLessThan(200);
});
