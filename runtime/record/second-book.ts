import { type SeriesDelta, type SeriesIdentity, type SeriesValues, sumOf, type TrendValues } from '../core/delta.ts';
import { histogramOf } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { MetricDefinition, Period, Tags } from '../core/records.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';

/** Series to take together, second by second: those of a metric that have all these tags, in these periods. */
export interface Selector {
  readonly metric: string;
  readonly tags: Tags;
  readonly periods: readonly Period[];
}

/** By selector, in the order the book was given: what came; undefined when nothing did. Do not change: it is shared. */
export type SecondValues = readonly (SeriesValues | undefined)[];

/** A second of the measured period that nothing can be added to any more. */
export interface ClosedSecond {
  /** 0-based. */
  readonly second: number;
  readonly values: SecondValues;
}

/** A worker further ahead of the others than this many seconds is broken: what it sends counts as this far ahead. */
const SECONDS_AHEAD_MAX = 3600;

/**
 * What the workers sent for each second, for a few selectors: the second is closed once every worker that is still there has reported it or
 * a later one. It holds the seconds that are open and nothing else; who needs closed ones keeps them.
 */
export class SecondBook {
  readonly #selectors: readonly Selector[];
  readonly #slotsBySeries = new Map<number, readonly number[]>();
  readonly #isDrainSeries = new Set<number>();
  readonly #definitions = new Map<string, MetricDefinition>();
  readonly #overflowed = new Set<string>();
  /** By worker that is still there: the last second it reported. */
  readonly #reported = new Map<number, number>();
  readonly #gone = new Set<number>();
  readonly #open = new Map<number, (SeriesValues | undefined)[]>();
  #afterEnd: (SeriesValues | undefined)[] = [];
  #next = 0;
  #latest = -1;

  /** @param workers - no second is closed before each of these has reported */
  constructor(selectors: readonly Selector[], workers: Iterable<number> = []) {
    this.#selectors = selectors;
    for (const worker of workers) this.#reported.set(worker, -1);
  }

  /**
   * Takes a snapshot of any period: series are introduced in any of them.
   * @param deltas - as `MetricStore.merge` gave them back: numbered over all workers
   */
  take(worker: number, at: { period: string; second: number }, deltas: readonly SeriesDelta[]): void {
    let second = this.#next;
    if (at.period === 'measured') {
      second = Math.min(Math.max(at.second, this.#next), this.#next + SECONDS_AHEAD_MAX);
      if (!this.#gone.has(worker)) this.#reported.set(worker, Math.max(second, this.#reported.get(worker) ?? -1));
      this.#latest = Math.max(this.#latest, second);
    }
    for (const delta of deltas) {
      if (delta.series !== undefined) this.#introduce(delta.id, delta.series);
      const slots = this.#slotsBySeries.get(delta.id);
      if (slots === undefined) continue;
      const into = this.#isDrainSeries.has(delta.id) ? this.#afterEnd : this.#valuesOf(second);
      for (const slot of slots) into[slot] = sumOf(into[slot], delta);
    }
  }

  /** No second waits for this worker any more: it was lost, or its part of the run is over. What it sent, or sends yet, counts. */
  gone(worker: number): void {
    this.#gone.add(worker);
    this.#reported.delete(worker);
  }

  /** A worker that was not there before will report this second first. */
  joined(worker: number, second: number): void {
    if (!this.#gone.has(worker)) this.#reported.set(worker, Math.max(second - 1, this.#reported.get(worker) ?? -1));
  }

  /** The next second that every worker has reported, oldest first; undefined when it is still open. */
  closeNext(): ClosedSecond | undefined {
    const complete = this.#reported.size === 0 ? this.#latest : Math.min(...this.#reported.values());
    return this.#next <= complete ? this.#close() : undefined;
  }

  /** As {@link closeNext}, whoever has reported: for the end of the run. */
  closeNextAnyway(): ClosedSecond | undefined {
    return this.#next <= this.#latest || this.#open.has(this.#next) ? this.#close() : undefined;
  }

  /** No worker is left that could report another second. */
  get isOver(): boolean {
    return this.#reported.size === 0;
  }

  /** What ended after the planned end, in graceful stop, and was not taken before. */
  takeAfterEnd(): SecondValues {
    const values = this.#afterEnd;
    this.#afterEnd = [];
    return values;
  }

  /** Undefined while no series of the metric has come in a period that counts. */
  definition(metric: string): MetricDefinition | undefined {
    return this.#definitions.get(metric);
  }

  /** Whether samples of the metric have lost their tags to the cap of series. */
  hasOverflowed(metric: string): boolean {
    return this.#overflowed.has(metric);
  }

  #introduce(id: number, { metric, type, unit, period, tags }: SeriesIdentity): void {
    const slots = this.#selectors.flatMap((selector, slot) => {
      if (selector.metric !== metric || !selector.periods.includes(period)) return [];
      return Object.entries(selector.tags).every(([tag, value]) => tags[tag] === value) ? [slot] : [];
    });
    // other parts of the run only where somebody asks for them
    if (!JUDGED_PERIODS.includes(period) && slots.length === 0) return;
    this.#definitions.set(metric, { name: metric, type, unit });
    if (tags[OVERFLOW_TAG] === 'true') this.#overflowed.add(metric);
    if (slots.length === 0) return;
    this.#slotsBySeries.set(id, slots);
    if (period === 'drain') this.#isDrainSeries.add(id);
  }

  #valuesOf(second: number): (SeriesValues | undefined)[] {
    let values = this.#open.get(second);
    if (values === undefined) {
      values = [];
      this.#open.set(second, values);
    }
    return values;
  }

  #close(): ClosedSecond {
    const second = this.#next++;
    const values = this.#open.get(second) ?? [];
    this.#open.delete(second);
    return { second, values: values.map((each) => (each?.type === 'trend' ? compact(each) : each)) };
  }
}

/** Each bucket once. */
function compact(values: TrendValues): TrendValues {
  const { buckets: _, ends: __, ...rest } = values;
  return { ...rest, ...histogramOf(values, 'time').values() };
}
