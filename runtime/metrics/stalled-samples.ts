import type { Period, Tags } from '../core/records.ts';
import type { MetricRegistry } from './registry.ts';
import type { TrendSeries } from './series.ts';

/** A worker that was away for less adds no more than any client does. */
export const STALLED_US_MIN = 1_000;

/** As measured, the samples into which a stall of their own worker fell; tag `of`: the metric that they are in as well. */
export const STALLED_METRIC = 'stalled_samples';
/** The same samples less the time that their worker was away. */
export const STALLED_REST_METRIC = 'stalled_samples_rest';

/** Samples of one series that a stall of their worker may have made longer. */
export class StalledSamples {
  readonly #measured: TrendSeries;
  readonly #rest: TrendSeries;

  constructor(registry: MetricRegistry, of: { metric: string; period: Period; tags: Tags }) {
    const tags = { ...of.tags, of: of.metric };
    this.#measured = registry.trend(STALLED_METRIC, of.period, tags);
    this.#rest = registry.trend(STALLED_REST_METRIC, of.period, tags);
  }

  /** @param ownUs - of the sample's time, what its worker was away at most */
  record(valueUs: number, ownUs: number, times = 1): void {
    this.#measured.record(valueUs, times);
    this.#rest.record(Math.max(0, valueUs - ownUs), times);
  }
}
