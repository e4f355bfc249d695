import type { Histogram } from '../core/histogram.ts';
import { HistogramWindow } from './histogram-window.ts';
import type { Second } from './second.ts';

/** Seconds that the percentiles look back. */
const WINDOW_SECONDS = 10;

/** Response times of expected answers, from the due time. */
export interface LivePercentiles {
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
}

/** What a progress line says. The last seconds are what happens now, warm-up or not; totals are those of the tables. */
export interface LiveNumbers {
  /** Logical requests that ended in the last closed second, failures included. */
  requestsPerSecond: number;
  failuresPerSecond: number;
  /** Logical requests and failures that count in the verdict; of the warm-up until the first of them has ended. */
  requests: number;
  failures: number;
  /** Response times of expected answers of the last closed second, and of the last 10; undefined when there were none. */
  ofSecond: LivePercentiles | undefined;
  recent: LivePercentiles | undefined;
}

/** The last ten seconds, whatever the length of the run. */
export class LiveView {
  readonly #window = new HistogramWindow();
  readonly #warmUp = { requests: 0, failures: 0 };
  readonly #judged = { requests: 0, failures: 0 };

  /** Call with every second, in order. */
  take({ all, warmUp, judged }: Pick<Second, 'all' | 'warmUp' | 'judged'>): LiveNumbers {
    for (const [totals, { requests, failures }] of [[this.#warmUp, warmUp] as const, [this.#judged, judged] as const]) {
      totals.requests += requests;
      totals.failures += failures;
    }
    this.#window.push(all.answers);
    if (this.#window.length > WINDOW_SECONDS) this.#window.shift();
    return {
      requestsPerSecond: all.requests,
      failuresPerSecond: all.failures,
      ...(this.#judged.requests > 0 ? this.#judged : this.#warmUp),
      ofSecond: percentilesOf(all.answers),
      recent: percentilesOf(this.#window.all),
    };
  }
}

function percentilesOf(times: Histogram): LivePercentiles | undefined {
  const [p50Us, p95Us, p99Us] = times.percentiles([0.5, 0.95, 0.99]) ?? [];
  return p50Us === undefined || p95Us === undefined || p99Us === undefined ? undefined : { p50Us, p95Us, p99Us };
}
