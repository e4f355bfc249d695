import fc from 'fast-check';
import { expect, test } from 'vitest';
import { owns, ratioOf, shareOf } from '../../../runtime/core/partition.ts';

test('the shares of 1 to 50 workers have every unit of work once, every number once, the hooks once, and are the whole together', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 2 ** 31 }), (seats, index) => {
      const shares = Array.from({ length: seats }, (_, seat) => shareOf(seat, seats));
      expect(shares.filter(({ range }) => owns(range, index))).toHaveLength(1);
      expect(shares.filter(({ hasHooks }) => hasHooks)).toHaveLength(1);
      expect(shares.filter(({ numbers: { from, step } }) => index >= from && (index - from) % step === 0)).toHaveLength(1);
      expect(shares.reduce((sum, { range }) => sum + ratioOf(range), 0)).toBeCloseTo(1, 9);
    }),
  );
});
