/**
 * The bucket layout of an HdrHistogram with 3 significant digits, lowest 1, highest 3.6e9: buckets 1 wide up to 2,047, 2 wide up to 4,095,
 * 4 wide up to 8,191, and so on, so that no value is off by more than 0.1 %. Workers count in these buckets; the coordinator's histograms have the same.
 * @see https://github.com/HdrHistogram/HdrHistogram
 */

/** Largest value with a bucket of its own: one hour in µs. */
export const BUCKET_VALUE_MAX = 3_600_000_000;

/**
 * Bucket of a whole number from 0 to {@link BUCKET_VALUE_MAX}; fractions are cut off. Out of that range the answer means nothing.
 * @returns 0 to {@link BUCKETS_MAX} − 1
 */
export function bucketIndexOf(value: number): number {
  const shift = 21 - Math.clz32(value | 2047); // how far the highest bit is over the 11 that are kept
  return (shift << 10) + (value >>> shift);
}

/** Smallest value of a bucket. */
export function valueAt(index: number): number {
  if (index < 2048) return index;
  return ((index & 1023) + 1024) * 2 ** ((index >>> 10) - 1);
}

/** Largest value of a bucket: what percentiles report, as every HdrHistogram does. */
export function highestEquivalent(index: number): number {
  if (index < 2048) return index;
  const width = 2 ** ((index >>> 10) - 1);
  return ((index & 1023) + 1024) * width + width - 1;
}

/** Number of buckets: 23,221. */
export const BUCKETS_MAX = bucketIndexOf(BUCKET_VALUE_MAX) + 1;

/** Values of unit `default` are counted in thousandths; times and bytes as they are. */
export const DEFAULT_UNIT_SCALE = 1000;
