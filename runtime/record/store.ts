import {
  addCounter,
  addGauge,
  addRate,
  type CounterTotals,
  type GaugeTotals,
  type RateTotals,
  type SeriesDelta,
  type SeriesIdentity,
} from '../core/delta.ts';
import { ClusterError } from '../core/errors.ts';
import type { MetricDefinition, MetricType, Period, Tags } from '../core/records.ts';
import { OTHER_REQUESTS, rowKeyOf } from '../core/rows.ts';
import { mergedTrend, SeriesTotals } from './series-totals.ts';
import type { TrendTotals } from './trend-totals.ts';

/** Series the coordinator holds at most, over all workers: a worker that sends more is broken. */
const STORE_SERIES_MAX = 50_000;

/** Rows of requests with paths for names; further ones share a row, so that ever new paths do not fill the tables. */
const PATH_ROWS_MAX = 50;
/** A name that is a path, and not one that a script made of it. */
const BARE_PATH = /^(?:\/|https?:)(?!.*\$\{)/;

/** Which series of a metric to take together. */
export interface SeriesFilter {
  /** A series must have all of these with exactly these values. */
  readonly tags?: Tags;
  /** Undefined: all of them. See `JUDGED_PERIODS`. */
  readonly periods?: readonly Period[];
  /** What equal tags cannot say; undefined: all that match otherwise. */
  readonly keeps?: (tags: Tags) => boolean;
}

/** The totals of a run: what all workers have sent, by series. Percentiles come from merged counts and are never averaged. */
export class MetricStore {
  readonly #seriesMax: number;
  readonly #byKey = new Map<string, SeriesTotals>();
  readonly #byMetric = new Map<string, SeriesTotals[]>();
  /** By metric and their tag `name`: with a thousand rows nobody can go through all series for each of their numbers. */
  readonly #byName = new Map<string, Map<string, SeriesTotals[]>>();
  /** By worker, then by the worker's own number of a series. */
  readonly #byWorker = new Map<number, Map<number, SeriesTotals>>();
  /** Rows that have a path for a name. */
  readonly #pathRows = new Set<string>();
  readonly #foldedPaths = new Set<string>();

  constructor(options: { seriesMax?: number } = {}) {
    this.#seriesMax = options.seriesMax ?? STORE_SERIES_MAX;
  }

  /**
   * Adds what a worker has drained; it must have been through `decodeDeltas` or, of an older journal, `seriesDeltaSchema`.
   * @returns the same, numbered by this store over all workers, with the identity where a series appears for the first time
   * @throws {ClusterError} when the worker uses a number it has not introduced, changes a metric's type, or has too many series
   */
  merge(workerId: number, deltas: readonly SeriesDelta[]): SeriesDelta[] {
    return deltas.map((delta) => {
      const totals = this.#totalsOf(workerId, delta);
      const merged = totals.merge(workerId, delta);
      const numbered = numberedAs(totals.id, merged);
      if (!totals.isTold) numbered.series = totals.identity;
      totals.isTold = true;
      return numbered;
    });
  }

  /** A worker was lost: what it counted stays, its part of values that all workers add up to (users) does not. */
  lost(workerId: number): void {
    for (const totals of this.#byWorker.get(workerId)?.values() ?? []) totals.forget(workerId);
    this.#byWorker.delete(workerId);
  }

  /** Metrics that have a series, in the order they first came. */
  metrics(): MetricDefinition[] {
    return [...this.#byMetric.keys()].map((name) => this.definition(name) as MetricDefinition);
  }

  /** Undefined while no series of the metric has come. */
  definition(metric: string): MetricDefinition | undefined {
    const first = this.#byMetric.get(metric)?.[0]?.identity;
    return first === undefined ? undefined : { name: metric, type: first.type, unit: first.unit };
  }

  /** The series of a metric that match. */
  series(metric: string, where: SeriesFilter = {}): SeriesIdentity[] {
    return this.#matching(metric, where).map((totals) => totals.identity);
  }

  /** All that match as one; undefined when no series does. Do not change what comes back. */
  trend(metric: string, where: SeriesFilter = {}): TrendTotals | undefined {
    const parts = this.#ofType('trend', metric, where);
    return parts.length === 0 ? undefined : mergedTrend((parts[0] as SeriesTotals).identity.unit, parts);
  }

  /** All that match as one; undefined when no series does. */
  counter(metric: string, where: SeriesFilter = {}): CounterTotals | undefined {
    const parts = this.#ofType('counter', metric, where);
    if (parts.length === 0) return undefined;
    const merged: CounterTotals = { count: 0, sum: 0, refused: 0 };
    for (const part of parts) addCounter(merged, part.counter);
    return merged;
  }

  /** All that match as one; undefined when no series does. */
  rate(metric: string, where: SeriesFilter = {}): RateTotals | undefined {
    const parts = this.#ofType('rate', metric, where);
    if (parts.length === 0) return undefined;
    const merged: RateTotals = { count: 0, passes: 0 };
    for (const part of parts) addRate(merged, part.rate);
    return merged;
  }

  /** All that match as one, the latest value winning; undefined when no series does. */
  gauge(metric: string, where: SeriesFilter = {}): GaugeTotals | undefined {
    const parts = this.#ofType('gauge', metric, where);
    if (parts.length === 0) return undefined;
    const merged: GaugeTotals = { count: 0, last: 0, atUs: 0, min: 0, max: 0, refused: 0 };
    for (const part of parts) addGauge(merged, part.gauge);
    return merged;
  }

  #ofType(type: MetricType, metric: string, where: SeriesFilter): SeriesTotals[] {
    return this.#matching(metric, where).filter((totals) => totals.identity.type === type);
  }

  #matching(metric: string, { tags = {}, periods, keeps }: SeriesFilter): SeriesTotals[] {
    const wanted = Object.entries(tags);
    const all = tags['name'] === undefined ? this.#byMetric.get(metric) : this.#byName.get(metric)?.get(tags['name']);
    return (all ?? []).filter(
      ({ identity }) =>
        (periods === undefined || periods.includes(identity.period)) &&
        wanted.every(([tag, value]) => identity.tags[tag] === value) &&
        (keeps === undefined || keeps(identity.tags)),
    );
  }

  #totalsOf(workerId: number, delta: SeriesDelta): SeriesTotals {
    let ofWorker = this.#byWorker.get(workerId);
    if (ofWorker === undefined) {
      ofWorker = new Map();
      this.#byWorker.set(workerId, ofWorker);
    }
    if (delta.series !== undefined)
      ofWorker.set(delta.id, this.#open(workerId, { ...delta.series, tags: this.#folded(delta.series.tags) }));
    const totals = ofWorker.get(delta.id);
    if (totals === undefined) throw new ClusterError(`worker ${workerId} sent series ${delta.id}, which it has not introduced`);
    return totals;
  }

  /** How many paths share the row of other requests, at least, and one of them; undefined: none. */
  get foldedPaths(): { count: number; example: string } | undefined {
    const [example] = this.#foldedPaths;
    return example === undefined ? undefined : { count: this.#foldedPaths.size, example };
  }

  /** The tags with the name of the shared row, where there are rows enough. */
  #folded(tags: Tags): Tags {
    const { name, method = '', task = '' } = tags;
    if (name === undefined || !BARE_PATH.test(name)) return tags;
    const row = rowKeyOf({ task, method, name });
    if (this.#pathRows.has(row)) return tags;
    if (this.#pathRows.size < PATH_ROWS_MAX) {
      this.#pathRows.add(row);
      return tags;
    }
    if (this.#foldedPaths.size < STORE_SERIES_MAX) this.#foldedPaths.add(name);
    return { ...tags, name: OTHER_REQUESTS };
  }

  #open(workerId: number, identity: SeriesIdentity): SeriesTotals {
    const tags = Object.entries(identity.tags).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([identity.metric, identity.period, ...tags]);
    const known = this.#byKey.get(key);
    const ofMetric = this.#byMetric.get(identity.metric) ?? [];
    const first = ofMetric[0]?.identity ?? identity;
    if (first.type !== identity.type || first.unit !== identity.unit) {
      throw new ClusterError(
        `worker ${workerId} says ${identity.metric} is a ${identity.type} of unit ${identity.unit}; it is a ${first.type} of unit ${first.unit}`,
      );
    }
    if (known !== undefined) return known;
    if (this.#byKey.size >= this.#seriesMax) throw new ClusterError(`worker ${workerId} sent more than ${this.#seriesMax} series`);
    const totals = new SeriesTotals(this.#byKey.size, { ...identity, tags: Object.fromEntries(tags) });
    this.#byKey.set(key, totals);
    ofMetric.push(totals);
    this.#byMetric.set(identity.metric, ofMetric);
    this.#listByName(totals);
    return totals;
  }

  #listByName(totals: SeriesTotals): void {
    const { metric, tags } = totals.identity;
    if (tags['name'] === undefined) return;
    const names = this.#byName.get(metric) ?? new Map<string, SeriesTotals[]>();
    this.#byName.set(metric, names);
    const list = names.get(tags['name']);
    if (list === undefined) names.set(tags['name'], [totals]);
    else list.push(totals);
  }
}

/** Another delta of the same values, without what introduced it. Written out: of each worker some thousand a second come through here. */
function numberedAs(id: number, delta: SeriesDelta): SeriesDelta {
  switch (delta.type) {
    case 'counter':
      return { id, type: 'counter', count: delta.count, sum: delta.sum, refused: delta.refused };
    case 'rate': {
      const { count, passes, refused } = delta;
      return refused === undefined ? { id, type: 'rate', count, passes } : { id, type: 'rate', count, passes, refused };
    }
    case 'gauge': {
      const { count, last, atUs, min, max, refused } = delta;
      return { id, type: 'gauge', count, last, atUs, min, max, refused };
    }
    case 'trend': {
      const { count, sum, min, max, clamped, refused, buckets, ends } = delta;
      const values = { id, type: 'trend' as const, count, sum, min, max, clamped, refused, buckets };
      return ends === undefined ? values : { ...values, ends };
    }
  }
}
