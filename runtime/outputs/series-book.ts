import type { SeriesIdentity, SeriesValues, TrendValues } from '../core/delta.ts';
import { addExact } from '../core/histogram.ts';
import type { SeriesSecond } from '../record/second.ts';
import { addToBounds, BOUNDS } from './bounds.ts';
import { cleanIdentity } from './clean-identity.ts';

/**
 * The totals of one series since the run began, in its recording unit. What `values` holds goes by type: counter [sum]; gauge [last];
 * rate [samples, true ones]; trend [count, sum, min, max, then as many as there are bounds and one more].
 */
export interface BookSeries {
  readonly identity: SeriesIdentity;
  readonly values: number[];
}

/** A series as it was at some moment. */
export interface BookRow {
  readonly series: BookSeries;
  readonly values: readonly number[];
}

/** Where the counts of a trend begin in its values. */
export const TREND_COUNTS_AT = 4;

/** Running totals of all series of a run, from its seconds. */
export class SeriesBook {
  readonly all: BookSeries[] = [];
  readonly #byId = new Map<number, BookSeries>();
  readonly #redact: (text: string) => string;

  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** @returns the series that changed, each with its change */
  take(changed: readonly SeriesSecond[]): Map<BookSeries, SeriesValues> {
    const changes = new Map<BookSeries, SeriesValues>();
    for (const each of changed) {
      const series = this.#byId.get(each.id) ?? this.#open(each);
      add(series, each.values);
      changes.set(series, each.values);
    }
    return changes;
  }

  #open({ id, identity }: SeriesSecond): BookSeries {
    const series: BookSeries = { identity: cleanIdentity(identity, this.#redact), values: emptyValuesOf(identity) };
    this.#byId.set(id, series);
    this.all.push(series);
    return series;
  }
}

/** The series as they are now: later seconds do not change a row. */
export function rowsOf(series: Iterable<BookSeries>): BookRow[] {
  return Array.from(series, (each) => ({ series: each, values: each.values.slice() }));
}

function emptyValuesOf({ type, unit }: SeriesIdentity): number[] {
  const length = { counter: 1, gauge: 1, rate: 2, trend: TREND_COUNTS_AT + BOUNDS[unit].length + 1 }[type];
  return new Array<number>(length).fill(0);
}

function add({ identity, values }: BookSeries, delta: SeriesValues): void {
  switch (delta.type) {
    case 'counter':
      values[0] = (values[0] ?? 0) + delta.sum;
      return;
    case 'gauge':
      if (delta.count > 0) values[0] = delta.last;
      return;
    case 'rate':
      values[0] = (values[0] ?? 0) + delta.count;
      values[1] = (values[1] ?? 0) + delta.passes;
      return;
    case 'trend':
      if (delta.count > 0) addTrend(values, identity, delta);
  }
}

function addTrend(values: number[], { unit }: SeriesIdentity, delta: TrendValues): void {
  const [count = 0, sum = 0, min = 0, max = 0] = values;
  const exact = { count, sum, min, max };
  addExact(exact, delta);
  [values[0], values[1], values[2], values[3]] = [exact.count, exact.sum, exact.min, exact.max];
  addToBounds(values, TREND_COUNTS_AT, unit, delta);
}
