import { ClusterError } from '../core/errors.ts';
import type { MetricUnit } from '../core/records.ts';
import type { CounterValues, GaugeValues, RateValues, SeriesDelta, SeriesIdentity } from './delta.ts';
import { TrendTotals } from './trend-totals.ts';

/** In the metric's recording unit. */
export interface CounterTotals {
  count: number;
  sum: number;
  refused: number;
}

export interface RateTotals {
  count: number;
  passes: number;
  /** Absent: none. */
  refused?: number;
}

export interface GaugeTotals {
  count: number;
  /** The latest of all. */
  last: number;
  atUs: number;
  min: number;
  max: number;
  refused: number;
}

/** Gauges of which every worker holds a part: the value is the sum of what each said last. */
const ADDITIVE_GAUGES: ReadonlySet<string> = new Set(['vus', 'vus_max']);

/** Everything the coordinator knows of one series. */
export class SeriesTotals {
  readonly id: number;
  readonly identity: SeriesIdentity;
  readonly counter: CounterTotals = { count: 0, sum: 0, refused: 0 };
  readonly rate: RateTotals = { count: 0, passes: 0 };
  readonly gauge: GaugeTotals = { count: 0, last: 0, atUs: 0, min: 0, max: 0, refused: 0 };
  readonly trend: TrendTotals | undefined;
  /** By worker, for additive gauges: what it said last. */
  readonly #parts = new Map<number, number>();

  constructor(id: number, identity: SeriesIdentity) {
    this.id = id;
    this.identity = identity;
    if (identity.type === 'trend') this.trend = new TrendTotals(identity.unit);
  }

  /**
   * Adds a delta of a worker.
   * @returns what the journal keeps: the same, but an additive gauge as the sum over all workers
   * @throws {ClusterError} when the values are not of the series' type
   */
  merge(workerId: number, delta: SeriesDelta): SeriesDelta {
    if (delta.type !== this.identity.type) {
      throw new ClusterError(
        `worker ${workerId} sent values of a ${delta.type} for ${this.identity.metric}, which is a ${this.identity.type}`,
      );
    }
    switch (delta.type) {
      case 'counter':
        addCounter(this.counter, delta);
        return delta;
      case 'rate':
        addRate(this.rate, delta);
        return delta;
      case 'trend':
        this.trend?.addDelta(delta);
        return delta;
      case 'gauge': {
        const values = ADDITIVE_GAUGES.has(this.identity.metric) ? this.#summed(workerId, delta) : delta;
        addGauge(this.gauge, values);
        return values;
      }
    }
  }

  /** The worker is gone, and with it its part of additive gauges. */
  forget(workerId: number): void {
    this.#parts.delete(workerId);
  }

  #summed(workerId: number, delta: SeriesDelta & GaugeValues): SeriesDelta & GaugeValues {
    if (delta.count === 0) return delta;
    this.#parts.set(workerId, delta.last);
    let last = 0;
    for (const part of this.#parts.values()) last += part;
    return { ...delta, last, min: last, max: last };
  }
}

export function addCounter(into: CounterTotals, from: CounterTotals | CounterValues): void {
  into.count += from.count;
  into.sum += from.sum;
  into.refused += from.refused;
}

export function addRate(into: RateTotals, from: RateTotals | RateValues): void {
  into.count += from.count;
  into.passes += from.passes;
  if (from.refused !== undefined) into.refused = (into.refused ?? 0) + from.refused;
}

/** Of two values the later one is the gauge's. */
export function addGauge(into: GaugeTotals, from: GaugeTotals | GaugeValues): void {
  into.refused += from.refused;
  if (from.count === 0) return;
  into.min = into.count === 0 ? from.min : Math.min(into.min, from.min);
  into.max = into.count === 0 ? from.max : Math.max(into.max, from.max);
  if (into.count === 0 || from.atUs >= into.atUs) {
    into.last = from.last;
    into.atUs = from.atUs;
  }
  into.count += from.count;
}

/** All series of a trend as one. */
export function mergedTrend(unit: MetricUnit, parts: readonly SeriesTotals[]): TrendTotals {
  const only = parts.length === 1 ? parts[0]?.trend : undefined;
  if (only !== undefined) return only;
  const merged = new TrendTotals(unit);
  for (const part of parts) if (part.trend !== undefined) merged.addTotals(part.trend);
  return merged;
}
