import { JUDGED_PERIODS } from '../core/plan.ts';
import type { MetricDefinition, Period, Tags } from '../core/records.ts';
import { eachOf, type ValueRange } from './bucket-counts.ts';
import { OVERFLOW_TAG, type SeriesDelta, type SeriesIdentity, type SeriesValues, type TrendValues } from './delta.ts';

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
  readonly #afterEnd: (SeriesValues | undefined)[] = [];
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

  /** What ended after the planned end, in graceful stop. */
  get afterEnd(): SecondValues {
    return this.#afterEnd;
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
    return { second, values: values.map((each) => (each?.type === 'trend' ? { ...each, ...compact(each) } : each)) };
  }
}

/** Both as one; either may be undefined. The first is changed and comes back, unless it was undefined. */
export function sumOf(into: SeriesValues | undefined, from: SeriesValues): SeriesValues {
  if (into === undefined) return copyOf(from);
  if (into.type === 'counter' && from.type === 'counter') {
    into.count += from.count;
    into.sum += from.sum;
  } else if (into.type === 'rate' && from.type === 'rate') {
    into.count += from.count;
    into.passes += from.passes;
  } else if (into.type === 'gauge' && from.type === 'gauge') {
    if (from.count > 0 && (into.count === 0 || from.atUs >= into.atUs)) Object.assign(into, { last: from.last, atUs: from.atUs });
    into.count += from.count;
  } else if (into.type === 'trend' && from.type === 'trend' && from.count > 0) {
    into.min = into.count === 0 ? from.min : Math.min(into.min, from.min);
    into.max = into.count === 0 ? from.max : Math.max(into.max, from.max);
    into.count += from.count;
    into.sum += from.sum;
    for (const number of from.buckets) into.buckets.push(number);
    if (from.ends !== undefined) into.ends = [...(into.ends ?? []), ...from.ends];
  }
  return into;
}

/** Without the number and identity of the series that it came from. */
function copyOf(values: SeriesValues): SeriesValues {
  switch (values.type) {
    case 'counter':
      return { type: 'counter', count: values.count, sum: values.sum, refused: 0 };
    case 'rate':
      return { type: 'rate', count: values.count, passes: values.passes };
    case 'gauge': {
      const { count, last, atUs, min, max } = values;
      return { type: 'gauge', count, last, atUs, min, max, refused: 0 };
    }
    case 'trend': {
      const { count, sum, min, max, buckets, ends } = values;
      return { type: 'trend', count, sum, min, max, clamped: 0, refused: 0, buckets: [...buckets], ...(ends && { ends: [...ends] }) };
    }
  }
}

/** Each bucket once. */
function compact(values: TrendValues): Pick<TrendValues, 'buckets' | 'ends'> {
  const all = new Map<number, { count: number; ends: ValueRange | undefined }>();
  eachOf(values, (index, count, ends) => {
    const known = all.get(index);
    if (known === undefined) all.set(index, { count, ends });
    else all.set(index, { count: known.count + count, ends: rangeOver(known.ends, ends) });
  });
  const [buckets, allEnds]: [number[], number[]] = [[], []];
  for (const [index, { count, ends }] of all) {
    buckets.push(index, count);
    if (ends !== undefined) allEnds.push(ends.low, ends.high);
  }
  return { buckets, ...(allEnds.length === 0 ? {} : { ends: allEnds }) };
}

function rangeOver(a: ValueRange | undefined, b: ValueRange | undefined): ValueRange | undefined {
  return a === undefined || b === undefined ? (a ?? b) : { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}
