import type { MetricUnit } from '../core/records.ts';
import { BUCKETS_MAX, compareIndexes, highestEquivalent, isWide, OLD_DEFAULT_SCALE, valueAt } from './buckets.ts';
import type { TrendValues } from './delta.ts';

/**
 * Rank, from 1 to `count`, of the value that a share `ratio` of all do not exceed: the rule of HdrHistogram, nearest rank, rounded up
 * except for the last bit of floating-point error.
 */
export function rankOf(ratio: number, count: number): number {
  const exact = Math.min(ratio, 1) * count;
  const lastBit = exact > 0 ? 2 ** (Math.floor(Math.log2(exact)) - 52) : 0;
  return Math.max(1, Math.ceil(exact - lastBit));
}

/** What a sample could be, both ends included: equal where it is known exactly. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** What is known exactly of all samples together. */
export interface Extremes {
  readonly count: number;
  readonly min: number;
  readonly max: number;
}

/** Counts of a bucket and, of a wide one, the lowest and highest value in it. */
interface WideBucket extends ValueRange {
  readonly count: number;
}

/** Told of a bucket that is not empty. @returns whether to go on */
type BucketVisitor = (range: ValueRange, count: number) => boolean;

/** Counts by bucket, of any number of deltas of series of one unit. */
export class BucketCounts {
  readonly #scale: number;
  #dense = new Float64Array(0);
  #wide: Map<number, WideBucket> | undefined;
  #wideSorted: (readonly [index: number, bucket: WideBucket])[] | undefined;

  constructor(unit: MetricUnit) {
    this.#scale = scaleOf(unit);
  }

  add(values: Pick<TrendValues, 'buckets' | 'ends'>): void {
    eachOf(values, (index, count, ends) => {
      if (ends === undefined) this.#addDense(index, count);
      else this.#addWide(index, { count, ...ends });
    });
  }

  addCounts(other: BucketCounts): void {
    other.#dense.forEach((count, index) => {
      if (count !== 0) this.#addDense(index, count);
    });
    for (const [index, bucket] of other.#wide ?? []) this.#addWide(index, bucket);
  }

  /** Takes back what was added. What a wide bucket keeps is between the ends that it has had. */
  remove(values: Pick<TrendValues, 'buckets' | 'ends'>): void {
    eachOf(values, (index, count, ends) => {
      if (ends === undefined) return this.#addDense(index, -count);
      const left = (this.#wide?.get(index)?.count ?? 0) - count;
      if (left <= 0) this.#wide?.delete(index);
      else this.#wide?.set(index, { ...(this.#wide.get(index) as WideBucket), count: left });
      this.#wideSorted = undefined;
    });
  }

  /** Buckets that are not empty, from the lowest. */
  each(visit: BucketVisitor): void {
    this.#wideSorted ??= [...(this.#wide ?? [])].sort(([a], [b]) => compareIndexes(a, b));
    const firstPositive = this.#wideSorted.findIndex(([, { low }]) => low >= 0);
    const negatives = firstPositive < 0 ? this.#wideSorted.length : firstPositive;
    for (let i = 0; i < negatives; i++) if (!visitWide(this.#wideSorted[i], visit)) return;
    for (let index = 0; index < this.#dense.length; index++) {
      const count = this.#dense[index] as number;
      if (count !== 0 && !visit(denseRange(index, this.#scale), count)) return;
    }
    for (let i = negatives; i < this.#wideSorted.length; i++) if (!visitWide(this.#wideSorted[i], visit)) return;
  }

  /** @param ranks ascending, 1 to the count */
  rangesAt(ranks: readonly number[], extremes: Extremes): ValueRange[] {
    const ranges: ValueRange[] = [];
    let seen = 0;
    if (ranks.some((rank) => rank > 1 && rank < extremes.count))
      this.each((range, count) => {
        seen += count;
        while (ranges.length < ranks.length && (ranks[ranges.length] as number) <= seen)
          ranges.push(rangeWithin(range, ranks[ranges.length] as number, extremes));
        return ranges.length < ranks.length;
      });
    while (ranges.length < ranks.length)
      ranges.push(rangeWithin({ low: extremes.min, high: extremes.max }, ranks[ranges.length] as number, extremes));
    return ranges;
  }

  /** How many samples are over `limit` or, when `isInclusive`, at least it: each taken for the highest that it could be. */
  countOver(limit: number, isInclusive: boolean, { count: all, min, max }: Extremes): number {
    const isOver = (value: number): boolean => (isInclusive ? value >= limit : value > limit);
    if (all === 0 || !isOver(max)) return 0;
    if (isOver(min)) return all;
    let over = 0;
    this.each(({ high }, count) => {
      if (isOver(Math.min(high, max))) over += count;
      return true;
    });
    return over;
  }

  #addDense(index: number, count: number): void {
    if (index >= this.#dense.length) {
      const grown = new Float64Array(Math.min(BUCKETS_MAX, Math.max(index + 1, this.#dense.length * 2, 1024)));
      grown.set(this.#dense);
      this.#dense = grown;
    }
    this.#dense[index] = (this.#dense[index] as number) + count;
  }

  #addWide(index: number, { count, low, high }: WideBucket): void {
    this.#wide ??= new Map();
    this.#wideSorted = undefined;
    const known = this.#wide.get(index);
    const bucket =
      known === undefined
        ? { count, low, high }
        : { count: known.count + count, low: Math.min(known.low, low), high: Math.max(known.high, high) };
    this.#wide.set(index, bucket);
  }
}

function visitWide(entry: readonly [number, WideBucket] | undefined, visit: BucketVisitor): boolean {
  return entry === undefined || visit(entry[1], entry[1].count);
}

/** As {@link percentilesOf}, of few buckets that are in no order: what one delta or one second has. */
export function percentilesOfPairs(
  values: Extremes & Pick<TrendValues, 'buckets' | 'ends'>,
  unit: MetricUnit,
  ratios: readonly number[],
): number[] {
  if (values.count === 0) return [];
  const buckets: { index: number; range: ValueRange; count: number }[] = [];
  eachOf(values, (index, count, ends) => void buckets.push({ index, range: ends ?? denseRange(index, scaleOf(unit)), count }));
  buckets.sort((a, b) => compareIndexes(a.index, b.index) || a.range.low - b.range.low);
  let [next, seen] = [0, 0];
  return ratios.map((ratio) => {
    const rank = rankOf(ratio, values.count);
    while (seen < rank && next < buckets.length) seen += buckets[next++]?.count ?? 0;
    return rangeWithin(buckets[next - 1]?.range ?? { low: values.min, high: values.max }, rank, values).high;
  });
}

/**
 * The one rule for percentiles: the value of the nearest rank, or the highest that it could be, never below the smallest sample or beyond the largest.
 * @param ratios ascending, 0 to 1; 0 is the smallest sample
 * @returns empty while there are no samples
 */
export function percentilesOf(counts: BucketCounts, extremes: Extremes, ratios: readonly number[]): number[] {
  if (extremes.count === 0) return [];
  const ranks = ratios.map((ratio) => rankOf(ratio, extremes.count));
  return counts.rangesAt(ranks, extremes).map(({ high }, i) => ((ratios[i] as number) <= 0 ? extremes.min : high));
}

/** Calls with each bucket of a delta; `ends` of wide ones. */
export function eachOf(
  { buckets, ends = [] }: Pick<TrendValues, 'buckets' | 'ends'>,
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

function scaleOf(unit: MetricUnit): number {
  return unit === 'default' ? OLD_DEFAULT_SCALE : 1;
}

function rangeWithin({ low, high }: ValueRange, rank: number, { count, min, max }: Extremes): ValueRange {
  if (rank >= count) return { low: max, high: max };
  if (rank <= 1) return { low: min, high: min };
  return { low: Math.min(Math.max(low, min), max), high: Math.min(Math.max(high, min), max) };
}
