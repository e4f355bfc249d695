/**
 * Two layouts of buckets share one range of indexes. *Dense* is that of an HdrHistogram with 3 significant digits, lowest 1, highest 3.6e9: buckets 1 wide
 * up to 2,047, 2 wide up to 4,095, 4 wide up to 8,191, and so on; built-in times are whole µs and are counted there. *Wide* takes any double of either
 * sign: 1,024 buckets to each factor of two. In neither is a value off by more than 0.1 %. A wide bucket is sent with the lowest and the highest value in
 * it, so that a value that came by itself is known exactly.
 * @see https://github.com/HdrHistogram/HdrHistogram
 */

/** Largest value with a dense bucket of its own: one hour in µs. */
export const BUCKET_VALUE_MAX = 3_600_000_000;

/**
 * Dense bucket of a whole number from 0 to {@link BUCKET_VALUE_MAX}; fractions are cut off. Out of that range the answer means nothing.
 * @returns 0 to {@link BUCKETS_MAX} − 1
 */
export function bucketIndexOf(value: number): number {
  const shift = 21 - Math.clz32(value | 2047); // how far the highest bit is over the 11 that are kept
  return (shift << 10) + (value >>> shift);
}

/** Smallest value of a dense bucket. */
export function valueAt(index: number): number {
  if (index < 2048) return index;
  return ((index & 1023) + 1024) * 2 ** ((index >>> 10) - 1);
}

/** Largest whole number of a dense bucket. */
export function highestEquivalent(index: number): number {
  if (index < 2048) return index;
  const width = 2 ** ((index >>> 10) - 1);
  return ((index & 1023) + 1024) * width + width - 1;
}

/** Number of dense buckets: 23,221. Wide ones come after them. */
export const BUCKETS_MAX = bucketIndexOf(BUCKET_VALUE_MAX) + 1;

/** Of each sign: 11 bits of exponent and the first 10 of the fraction. */
const WIDE_PER_SIGN = 2 ** 21;
const NEGATIVE_FROM = BUCKETS_MAX + WIDE_PER_SIGN;

/** All indexes are below it. */
export const INDEXES_END = NEGATIVE_FROM + WIDE_PER_SIGN;

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
/** Which of the two words holds sign, exponent and the fraction's first bits. */
const HIGH_WORD = new Uint8Array(new Float64Array([1]).buffer)[7] === 0 ? 0 : 1;

/** Wide bucket of any finite number. @returns {@link BUCKETS_MAX} to {@link INDEXES_END} − 1 */
export function wideIndexOf(value: number): number {
  DOUBLE[0] = value;
  const word = WORDS[HIGH_WORD] as number;
  const bucket = (word & 0x7fff_ffff) >>> 10;
  return (word >>> 31 === 0 || value === 0 ? BUCKETS_MAX : NEGATIVE_FROM) + bucket;
}

/** Whether the bucket is sent with its lowest and highest value. */
export function isWide(index: number): boolean {
  return index >= BUCKETS_MAX;
}

/** Orders indexes of one series by their values; dense and wide ones of one series do not overlap. */
export function compareIndexes(a: number, b: number): number {
  return orderOf(a) - orderOf(b);
}

function orderOf(index: number): number {
  return index >= NEGATIVE_FROM ? NEGATIVE_FROM - index - 1 : index;
}

/** Journals before version 0.2 counted values of unit `default` in dense buckets of thousandths. */
export const OLD_DEFAULT_SCALE = 1000;

/** Counts of some buckets, as a delta has them: index, count, index, count …; lowest and highest value of each wide one in `ends`. */
export interface BucketPairs {
  readonly buckets: readonly number[];
  readonly ends?: readonly number[];
}

/** What a sample could be, both ends included: equal where it is known exactly. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** Calls with each bucket of a delta; `ends` of wide ones. */
export function eachOf(
  { buckets, ends = [] }: BucketPairs,
  visit: (index: number, count: number, ends: ValueRange | undefined) => void,
): void {
  let at = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const [index, count] = [buckets[i] as number, buckets[i + 1] as number];
    if (!isWide(index)) visit(index, count, undefined);
    else visit(index, count, { low: ends[at++] as number, high: ends[at++] as number });
  }
}

/** Ends of a dense bucket; the last one also holds what older versions found too large. */
export function denseRange(index: number, scale = 1): ValueRange {
  const low = valueAt(index) / scale;
  return { low, high: index === BUCKETS_MAX - 1 ? Number.POSITIVE_INFINITY : highestEquivalent(index) / scale };
}

/** The first dense bucket from which on `isIn` holds, or {@link BUCKETS_MAX}. @param isIn - of all buckets after one of which it holds */
export function firstDenseOf(isIn: (index: number) => boolean): number {
  let [from, to] = [0, BUCKETS_MAX];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isIn(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
