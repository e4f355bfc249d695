import { BUCKET_VALUE_MAX, BUCKETS_MAX, bucketIndexOf, wideIndexOf } from '../core/buckets.ts';
import { isBuiltInMetric } from '../core/built-in-metrics.ts';
import { monotonicUs } from '../core/clock.ts';
import type { CounterValues, GaugeValues, RateValues, SeriesIdentity, TrendValues } from '../core/delta.ts';

// Written to hundreds of thousands of times a second: plain fields, no allocation, nothing that throws.

/** Beyond it lies no measurement, and the sum of many would not be a number any more. NaN is not below it either. */
const VALUE_MAX = 1e150;

/** Told of every value that a series takes, and how often it came. */
export type ValueTap = (value: number, times: number) => void;

export class CounterSeries {
  readonly identity: SeriesIdentity;
  readonly #tap: ValueTap | undefined;
  #count = 0;
  #sum = 0;
  #refused = 0;

  constructor(identity: SeriesIdentity, tap?: ValueTap) {
    this.identity = identity;
    this.#tap = tap;
  }

  /** `amount` in the metric's recording unit; what is no finite number is counted as refused. */
  add(amount: number): void {
    if (!(Math.abs(amount) < VALUE_MAX)) {
      this.#refused++;
      return;
    }
    this.#count++;
    this.#sum += amount;
    if (this.#tap !== undefined) this.#tap(amount, 1);
  }

  /** What came since the last drain; undefined when nothing did. */
  drain(): CounterValues | undefined {
    if (this.#count === 0 && this.#refused === 0) return undefined;
    const values: CounterValues = { type: 'counter', count: this.#count, sum: this.#sum, refused: this.#refused };
    this.#count = this.#sum = this.#refused = 0;
    return values;
  }
}

export class GaugeSeries {
  readonly identity: SeriesIdentity;
  readonly #epochUs: number;
  readonly #tap: ValueTap | undefined;
  #count = 0;
  #last = 0;
  #atUs = 0;
  #min = 0;
  #max = 0;
  #refused = 0;

  constructor(identity: SeriesIdentity, { tap, epochUs = 0 }: { tap?: ValueTap | undefined; epochUs?: number } = {}) {
    this.identity = identity;
    this.#tap = tap;
    this.#epochUs = epochUs;
  }

  /** @param atUs - monotonic µs: of several workers' values the latest is the gauge's, by the run's clock */
  set(value: number, atUs: number = monotonicUs()): void {
    if (!(Math.abs(value) < VALUE_MAX)) {
      this.#refused++;
      return;
    }
    this.#min = this.#count === 0 ? value : Math.min(this.#min, value);
    this.#max = this.#count === 0 ? value : Math.max(this.#max, value);
    this.#count++;
    this.#last = value;
    this.#atUs = atUs;
    if (this.#tap !== undefined) this.#tap(value, 1);
  }

  /** What came since the last drain; undefined when nothing did. */
  drain(): GaugeValues | undefined {
    if (this.#count === 0 && this.#refused === 0) return undefined;
    const values: GaugeValues = {
      type: 'gauge',
      count: this.#count,
      last: this.#last,
      atUs: this.#atUs - this.#epochUs,
      min: this.#min,
      max: this.#max,
      refused: this.#refused,
    };
    this.#count = this.#refused = 0;
    return values;
  }
}

export class RateSeries {
  readonly identity: SeriesIdentity;
  readonly #tap: ValueTap | undefined;
  #count = 0;
  #passes = 0;
  #refused = 0;

  constructor(identity: SeriesIdentity, tap?: ValueTap) {
    this.identity = identity;
    this.#tap = tap;
  }

  /** A value that says neither. */
  refuse(): void {
    this.#refused++;
  }

  record(isPass: boolean): void {
    this.#count++;
    if (isPass) this.#passes++;
    if (this.#tap !== undefined) this.#tap(isPass ? 1 : 0, 1);
  }

  /** What came since the last drain; undefined when nothing did. */
  drain(): RateValues | undefined {
    if (this.#count === 0 && this.#refused === 0) return undefined;
    const refused = this.#refused === 0 ? {} : { refused: this.#refused };
    const values: RateValues = { type: 'rate', count: this.#count, passes: this.#passes, ...refused };
    this.#count = this.#passes = this.#refused = 0;
    return values;
  }
}

/** Buckets a trend begins with: values up to 1,023. */
const BUCKETS_FIRST = 1024;
/** Wide buckets between two drains; values that would need more are refused. */
const WIDE_BUCKETS_MAX = 65_536;

interface WideBucket {
  count: number;
  low: number;
  high: number;
}

export class TrendSeries {
  readonly identity: SeriesIdentity;
  readonly #tap: ValueTap | undefined;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #refused = 0;
  readonly #isWholeUs: boolean;
  /** Counts by dense bucket since the last drain; grows up to {@link BUCKETS_MAX}. */
  #counts = new Uint32Array(BUCKETS_FIRST);
  /** Dense buckets whose count is not 0, in the order they were first hit. */
  #dirty: number[] = [];
  readonly #wide = new Map<number, WideBucket>();

  /** A built-in metric's values are whole µs. */
  constructor(identity: SeriesIdentity, tap?: ValueTap, isWholeUs = identity.unit === 'time' && isBuiltInMetric(identity.metric)) {
    this.identity = identity;
    this.#tap = tap;
    this.#isWholeUs = isWholeUs;
  }

  /**
   * Never throws: what is no finite number is refused and counted.
   * @param value - µs of a time, bytes of data, otherwise a plain number
   * @param times - how often it came
   */
  record(value: number, times = 1): void {
    if (!(Math.abs(value) < VALUE_MAX)) {
      this.#refused += times;
      return;
    }
    if (this.#isWholeUs && value >= 0 && value <= BUCKET_VALUE_MAX) this.#recordDense(value, times);
    else if (!this.#recordWide(value, times)) return;
    this.#count += times;
    this.#sum += value * times;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (this.#tap !== undefined) this.#tap(value, times);
  }

  /** What came since the last drain; undefined when nothing did. Costs what changed, not what there is. */
  drain(): TrendValues | undefined {
    if (this.#count === 0 && this.#refused === 0) return undefined;
    const buckets: number[] = [];
    for (const index of this.#dirty) {
      buckets.push(index, this.#counts[index] as number);
      this.#counts[index] = 0;
    }
    const ends: number[] = [];
    for (const [index, { count, low, high }] of this.#wide) {
      buckets.push(index, count);
      ends.push(low, high);
    }
    const isEmpty = this.#count === 0;
    const values: TrendValues = {
      type: 'trend',
      count: this.#count,
      sum: this.#sum,
      min: isEmpty ? 0 : this.#min,
      max: isEmpty ? 0 : this.#max,
      clamped: 0,
      refused: this.#refused,
      buckets,
      ...(ends.length === 0 ? {} : { ends }),
    };
    this.#dirty.length = 0;
    this.#wide.clear();
    this.#count = this.#sum = this.#refused = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    return values;
  }

  #recordDense(value: number, times: number): void {
    const index = bucketIndexOf(value);
    if (index >= this.#counts.length) this.#growFor(index);
    const before = this.#counts[index] as number;
    if (before === 0) this.#dirty.push(index);
    this.#counts[index] = before + times;
  }

  /** @returns false when there is no room */
  #recordWide(value: number, times: number): boolean {
    const index = wideIndexOf(value);
    const bucket = this.#wide.get(index);
    if (bucket !== undefined) {
      bucket.count += times;
      if (value < bucket.low) bucket.low = value;
      if (value > bucket.high) bucket.high = value;
      return true;
    }
    if (this.#wide.size >= WIDE_BUCKETS_MAX) {
      this.#refused += times;
      return false;
    }
    this.#wide.set(index, { count: times, low: value, high: value });
    return true;
  }

  #growFor(index: number): void {
    const grown = new Uint32Array(Math.min(BUCKETS_MAX, Math.max(index + 1, this.#counts.length * 2)));
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

export type Series = CounterSeries | GaugeSeries | RateSeries | TrendSeries;
