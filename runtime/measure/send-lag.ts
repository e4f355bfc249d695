import type { SeriesIdentity } from '../core/delta.ts';
import { histogramOf } from '../core/histogram.ts';
import { TrendSeries } from './series.ts';

/** Of a series that never leaves the worker. */
const IDENTITY: SeriesIdentity = { metric: 'send_lag', type: 'trend', unit: 'time', period: 'measured', tags: {} };

/**
 * How long requests waited in the generator: from the moment one was due, and its VU free to send it, until it went to the network. Written to with every
 * request; costs a bucket and no allocation.
 */
export class SendLag {
  readonly #lags = new TrendSeries(IDENTITY, undefined, true);

  /** @param us - below 0 counts as 0 */
  record(us: number): void {
    this.#lags.record(Math.max(us, 0));
  }

  /** p99 in µs since the last call; undefined when nothing was sent. */
  takeP99Us(): number | undefined {
    const drained = this.#lags.drain();
    return drained && histogramOf(drained, 'time').percentile(0.99);
  }
}
