import {
  addCounter,
  addGauge,
  addRate,
  type CounterTotals,
  type GaugeTotals,
  type GaugeValues,
  type RateTotals,
  type SeriesDelta,
  type SeriesIdentity,
} from '../core/delta.ts';
import { ClusterError } from '../core/errors.ts';
import type { MetricUnit } from '../core/records.ts';
import { TrendTotals } from './trend-totals.ts';

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
  /** A merge has given its identity back. */
  isTold = false;
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
    // the sum is as late as its latest part: what another worker said before this one does not outlive it
    return { ...delta, last, min: last, max: last, atUs: Math.max(delta.atUs, this.gauge.atUs) };
  }
}

/** All series of a trend as one. */
export function mergedTrend(unit: MetricUnit, parts: readonly SeriesTotals[]): TrendTotals {
  const only = parts.length === 1 ? parts[0]?.trend : undefined;
  if (only !== undefined) return only;
  const merged = new TrendTotals(unit);
  for (const part of parts) if (part.trend !== undefined) merged.addTotals(part.trend);
  return merged;
}
