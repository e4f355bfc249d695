import { highestEquivalent } from '../metrics/buckets.ts';
import type { SeriesIdentity } from '../metrics/delta.ts';
import { TrendSeries } from '../metrics/series.ts';

/** Of a series that never leaves the worker. */
const IDENTITY: SeriesIdentity = { metric: 'send_lag', type: 'trend', unit: 'time', period: 'measured', tags: {} };

/**
 * How long requests waited in the generator: from the moment one was due, and its VU free to send it, until it went to the network. Written to with every
 * request; costs a bucket and no allocation.
 */
export class SendLag {
  readonly #lags = new TrendSeries(IDENTITY);

  /** @param us - below 0 counts as 0 */
  record(us: number): void {
    this.#lags.record(Math.max(us, 0));
  }

  /** p99 in µs since the last call; undefined when nothing was sent. */
  takeP99Us(): number | undefined {
    const drained = this.#lags.drain();
    if (drained === undefined || drained.count === 0) return undefined;
    const indexes: number[] = [];
    for (let i = 0; i < drained.buckets.length; i += 2) indexes.push(i);
    indexes.sort((a, b) => (drained.buckets[a] as number) - (drained.buckets[b] as number));
    let left = Math.ceil(drained.count * 0.99);
    for (const i of indexes) {
      left -= drained.buckets[i + 1] as number;
      if (left <= 0) return Math.min(highestEquivalent(drained.buckets[i] as number), drained.max);
    }
    return drained.max;
  }
}
