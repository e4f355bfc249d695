import type { Period, Tags } from '../core/records.ts';
import { STALLED_METRIC, STALLED_REST_METRIC } from '../core/roles.ts';
import type { MetricRegistry } from './registry.ts';
import type { TrendSeries } from './series.ts';

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
