import fc from 'fast-check';
import { build, type JsHistogram } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import {
  BUCKET_VALUE_MAX,
  BUCKETS_MAX,
  bucketIndexOf,
  compareIndexes,
  highestEquivalent,
  valueAt,
  wideIndexOf,
} from '../../../runtime/core/buckets.ts';

const reference = build({
  lowestDiscernibleValue: 1,
  highestTrackableValue: BUCKET_VALUE_MAX,
  numberOfSignificantValueDigits: 3,
  autoResize: false,
}) as unknown as JsHistogram;
const anyValue = fc.oneof(
  fc.integer({ min: 0, max: BUCKET_VALUE_MAX }),
  fc.integer({ min: 0, max: 5000 }),
  fc.tuple(fc.integer({ min: 11, max: 31 }), fc.integer({ min: -2, max: 2 })).map(([power, off]) => 2 ** power + off),
);

test('20,000 values have the index that hdr-histogram-js counts them at', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(bucketIndexOf(value)).toBe(reference.countsArrayIndex(value));
    }),
    { numRuns: 20_000 },
  );
});

test('20,000 values lie within their bucket, whose edges are those of hdr-histogram-js', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const index = bucketIndexOf(value);
      expect(valueAt(index)).toBe(reference.lowestEquivalentValue(value));
      expect(highestEquivalent(index)).toBe(reference.highestEquivalentValue(value));
    }),
    { numRuns: 20_000 },
  );
});

test('there are 23,221 buckets, each next to the one before, none wider than 0.1 % of its values', () => {
  expect(BUCKETS_MAX).toBe(23_221);
  for (let index = 0; index < BUCKETS_MAX; index++) {
    expect(bucketIndexOf(valueAt(index))).toBe(index);
    if (index > 0) expect(valueAt(index)).toBe(highestEquivalent(index - 1) + 1);
    expect(highestEquivalent(index) - valueAt(index)).toBeLessThanOrEqual(valueAt(index) / 1000);
  }
});

test('0 and −0 are one value, below the smallest positive number and above the largest negative one', () => {
  expect(wideIndexOf(-0)).toBe(wideIndexOf(0));
  const order = [-1, -1e-300, 0, 1e-300, 1].map(wideIndexOf);
  expect(order.toSorted(compareIndexes)).toEqual(order);
  expect(new Set(order).size).toBe(5);
});
