import {
  BUCKETS_MAX,
  type BucketPairs,
  compareIndexes,
  denseRange,
  eachOf,
  firstDenseOf,
  isWide,
  OLD_DEFAULT_SCALE,
  type ValueRange,
  valueAt,
} from './buckets.ts';
import type { MetricUnit } from './records.ts';

/** What is known exactly of all samples together; min and max are 0 while there are none. */
export interface ExactNumbers {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Counts of a bucket and, of a wide one, the lowest and highest value in it. */
interface WideBucket extends ValueRange {
  readonly count: number;
}

/** Told of a bucket that is not empty; `wide` is undefined of a dense one. @returns whether to go on */
type Visitor = (index: number, count: number, wide: WideBucket | undefined) => boolean;

/** Dense buckets that are kept one by one; with more of them an array of all is smaller and quicker. */
const SPARSE_MAX = 192;

/**
 * Samples of any number of deltas of series of one unit, counted by bucket: the one histogram of the coordinator. Little while few buckets are in use, and
 * at most 186 kB of dense ones. Percentiles are exact for values that the buckets can tell apart, at most 0.1 % off otherwise, and never beyond the exact
 * min and max. In the metric's recording unit (µs of a time).
 */
export class Histogram implements ExactNumbers {
  count = 0;
  sum = 0;
  min = 0;
  max = 0;
  readonly #scale: number;
  #sparse = new Map<number, number>();
  /** Counts by index; undefined while the buckets are sparse. */
  #dense: Float64Array | undefined;
  #wide: Map<number, WideBucket> | undefined;
  /** Indexes of the maps in the order of their values; undefined when they have changed. */
  #sparseOrder: Uint32Array | undefined;
  #wideOrder: readonly number[] | undefined;

  constructor(unit: MetricUnit) {
    this.#scale = unit === 'default' ? OLD_DEFAULT_SCALE : 1;
  }

  /** Undefined while empty. */
  get avg(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  /** Every bucket of every worker comes through here: no call of a function for each, as in {@link eachOf}. */
  add(values: ExactNumbers & BucketPairs): void {
    addExact(this, values);
    const { buckets, ends = [] } = values;
    for (let i = 0, at = 0; i < buckets.length; i += 2) {
      const [index, count] = [buckets[i] as number, buckets[i + 1] as number];
      if (isWide(index)) this.#addWide(index, { count, low: ends[at++] as number, high: ends[at++] as number });
      else this.#addDense(index, count);
    }
  }

  /** Loses nothing: the same as if all had been added here. */
  addAll(other: Histogram): void {
    addExact(this, other);
    other.#walk((index, count, wide) => {
      if (wide === undefined) this.#addDense(index, count);
      else this.#addWide(index, wide);
      return true;
    });
  }

  /**
   * Takes back what was added. What a wide bucket keeps is between the ends that it has had.
   * @param rest - everything that stays: what is exact is taken from it anew
   */
  subtract(values: BucketPairs, rest: readonly ExactNumbers[]): void {
    this.count = this.sum = this.min = this.max = 0;
    for (const each of rest) addExact(this, each);
    eachOf(values, (index, count, ends) => {
      if (ends === undefined) return this.#addDense(index, -count);
      const left = (this.#wide?.get(index)?.count ?? 0) - count;
      if (left <= 0) this.#wide?.delete(index);
      else this.#wide?.set(index, { ...(this.#wide.get(index) as WideBucket), count: left });
      this.#wideOrder = undefined;
    });
  }

  clear(): void {
    this.count = this.sum = this.min = this.max = 0;
    this.#sparse.clear();
    this.#dense = this.#wide = this.#sparseOrder = this.#wideOrder = undefined;
  }

  /**
   * The one rule for percentiles: the value of the nearest rank, or the highest that it could be.
   * @param ratio - 0 to 1; 0.95 is p95, 0 the smallest sample
   * @returns undefined while empty
   */
  percentile(ratio: number): number | undefined {
    return this.percentiles([ratio])?.[0];
  }

  /** As {@link percentile}, in one pass. @param ratios ascending. @returns undefined while empty */
  percentiles(ratios: readonly number[]): number[] | undefined {
    if (this.count === 0) return undefined;
    return this.#rangesAt(ratios.map((ratio) => rankOf(ratio, this.count))).map(({ high }) => high);
  }

  /** @param rank - 1 is the smallest value, `count` the largest; as {@link percentile} */
  valueAtRank(rank: number): number {
    return this.rangeAtRank(rank).high;
  }

  /** What the sample of that rank could be. */
  rangeAtRank(rank: number): ValueRange {
    return this.#rangesAt([rank])[0] as ValueRange;
  }

  /** How many samples are over `limit` or, when `isInclusive`, at least it: each taken for the highest that it could be, as percentiles see them. */
  countOver(limit: number, isInclusive: boolean): number {
    const isOver = (value: number): boolean => (isInclusive ? value >= limit : value > limit);
    if (this.count === 0 || !isOver(this.max)) return 0;
    if (isOver(this.min)) return this.count;
    let over = 0;
    for (const { count, high } of this.#wide?.values() ?? []) if (isOver(Math.min(high, this.max))) over += count;
    // of dense buckets, which have an order, all from one on; the last sample is over, so that no more than the bucket's end has to be looked at
    const from = firstDenseOf((index) => isOver(denseRange(index, this.#scale).high));
    const dense = this.#dense ?? [];
    for (let index = from; index < dense.length; index++) over += dense[index] as number;
    for (const [index, count] of this.#sparse) if (index >= from) over += count;
    return over;
  }

  /** Mean squared distance from the average, to the width of the buckets; undefined with fewer than 2 samples. */
  variance(): number | undefined {
    if (this.count < 2) return undefined;
    const mean = this.sum / this.count;
    let squares = 0;
    this.#walk((index, count, wide) => {
      squares += count * ((wide?.low ?? valueAt(index) / this.#scale) - mean) ** 2;
      return true;
    });
    return squares / (this.count - 1);
  }

  /** Buckets that are not empty, from the lowest. */
  each(visit: (range: ValueRange, count: number) => void): void {
    this.#walk((index, count, wide) => {
      visit(this.#rangeOf(index, wide), count);
      return true;
    });
  }

  /** All of it as a delta has it, each bucket once: what adds up to the same. */
  values(): ExactNumbers & { buckets: number[]; ends?: number[] } {
    const [buckets, ends]: [number[], number[]] = [[], []];
    this.#walk((index, count, wide) => {
      buckets.push(index, count);
      if (wide !== undefined) ends.push(wide.low, wide.high);
      return true;
    });
    const { count, sum, min, max } = this;
    return { count, sum, min, max, buckets, ...(ends.length === 0 ? {} : { ends }) };
  }

  /** @param ranks ascending */
  #rangesAt(ranks: readonly number[]): ValueRange[] {
    const ranges: ValueRange[] = [];
    const take = (range: ValueRange, seen: number): boolean => {
      for (let rank = ranks[ranges.length]; rank !== undefined && rank <= seen; rank = ranks[ranges.length])
        ranges.push(this.#within(range, rank));
      return ranges.length < ranks.length;
    };
    let seen = 0;
    if (ranks.some((rank) => rank > 1 && rank < this.count))
      this.#walk((index, count, wide) => {
        seen += count;
        return seen < (ranks[ranges.length] as number) || take(this.#rangeOf(index, wide), seen);
      });
    take({ low: this.min, high: this.max }, Number.POSITIVE_INFINITY);
    return ranges;
  }

  #within({ low, high }: ValueRange, rank: number): ValueRange {
    const { count, min, max } = this;
    if (rank >= count) return { low: max, high: max };
    if (rank <= 1) return { low: min, high: min };
    return { low: Math.min(Math.max(low, min), max), high: Math.min(Math.max(high, min), max) };
  }

  #rangeOf(index: number, wide: WideBucket | undefined): ValueRange {
    return wide ?? denseRange(index, this.#scale);
  }

  /** In the order of their values: the negative wide ones, the dense ones, the other wide ones. */
  #walk(visit: Visitor): void {
    const wide = this.#wide ?? NONE;
    this.#wideOrder ??= [...wide.keys()].sort(compareIndexes);
    const isNegative = (index: number): boolean => (wide.get(index) as WideBucket).low < 0;
    for (const index of this.#wideOrder) if (isNegative(index) && !visitWide(index)) return;
    if (!(this.#dense === undefined ? this.#walkSparse(visit) : walkDense(this.#dense, visit))) return;
    for (const index of this.#wideOrder) if (!isNegative(index) && !visitWide(index)) return;

    function visitWide(index: number): boolean {
      const bucket = wide.get(index) as WideBucket;
      return visit(index, bucket.count, bucket);
    }
  }

  #walkSparse(visit: Visitor): boolean {
    this.#sparseOrder ??= Uint32Array.from(this.#sparse.keys()).sort();
    for (const index of this.#sparseOrder) if (!visit(index, this.#sparse.get(index) as number, undefined)) return false;
    return true;
  }

  #addDense(index: number, count: number): void {
    if (this.#dense !== undefined) {
      if (index >= this.#dense.length) this.#dense = grown(this.#dense, index);
      this.#dense[index] = (this.#dense[index] as number) + count;
      return;
    }
    const before = this.#sparse.get(index);
    const now = (before ?? 0) + count;
    if (now === 0) this.#sparse.delete(index);
    else this.#sparse.set(index, now);
    if (before === undefined || now === 0) this.#sparseOrder = undefined;
    if (this.#sparse.size > SPARSE_MAX) this.#becomeDense();
  }

  #becomeDense(): void {
    this.#dense = grown(new Float64Array(0), Math.max(...this.#sparse.keys()));
    for (const [index, count] of this.#sparse) this.#dense[index] = count;
    this.#sparse = new Map();
    this.#sparseOrder = undefined;
  }

  #addWide(index: number, { count, low, high }: WideBucket): void {
    this.#wide ??= new Map();
    const known = this.#wide.get(index) ?? { count: 0, low, high };
    if (known.count === 0) this.#wideOrder = undefined;
    this.#wide.set(index, { count: known.count + count, low: Math.min(known.low, low), high: Math.max(known.high, high) });
  }
}

const NONE: ReadonlyMap<number, WideBucket> = new Map();

/** What some samples come to: for those of one delta, or of one second. */
export function histogramOf(values: ExactNumbers & BucketPairs, unit: MetricUnit): Histogram {
  const histogram = new Histogram(unit);
  histogram.add(values);
  return histogram;
}

/** Both together, in the first. */
export function addExact(into: { -readonly [K in keyof ExactNumbers]: number }, from: ExactNumbers): void {
  if (from.count > 0) {
    into.min = into.count === 0 ? from.min : Math.min(into.min, from.min);
    into.max = into.count === 0 ? from.max : Math.max(into.max, from.max);
  }
  into.count += from.count;
  into.sum += from.sum;
}

/**
 * Rank, from 1 to `count`, of the value that a share `ratio` of all do not exceed: the rule of HdrHistogram, nearest rank, rounded up
 * except for the last bit of floating-point error.
 */
export function rankOf(ratio: number, count: number): number {
  const exact = Math.min(ratio, 1) * count;
  const lastBit = exact > 0 ? 2 ** (Math.floor(Math.log2(exact)) - 52) : 0;
  return Math.max(1, Math.ceil(exact - lastBit));
}

function walkDense(counts: Float64Array, visit: Visitor): boolean {
  for (let index = 0; index < counts.length; index++) {
    const count = counts[index] as number;
    if (count !== 0 && !visit(index, count, undefined)) return false;
  }
  return true;
}

/** With room for `index`. */
function grown(counts: Float64Array, index: number): Float64Array {
  const larger = new Float64Array(Math.min(BUCKETS_MAX, Math.max(index + 1, counts.length * 2, 1024)));
  larger.set(counts);
  return larger;
}
