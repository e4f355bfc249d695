import { AnswerWindow, RECENT_S } from './answer-history.ts';
import type { Second } from './second.ts';

const SHOWN = [0.5, 0.95, 0.99] as const;

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
  /** Requests a second of the last 10 seconds. Here as above nothing of before the measured period is left once one of its requests has ended. */
  recentPerSecond: number;
}

/** The last ten seconds, whatever the length of the run. */
export class LiveView {
  readonly #window = new AnswerWindow(RECENT_S);
  readonly #warmUp = { requests: 0, failures: 0 };
  readonly #judged = { requests: 0, failures: 0 };

  /** Call with every second, in order. */
  take({ all, warmUp, judged, lengthS }: Pick<Second, 'all' | 'warmUp' | 'judged' | 'lengthS'>): LiveNumbers {
    if (this.#judged.requests === 0 && judged.requests > 0) this.#window.clear();
    for (const [totals, { requests, failures }] of [[this.#warmUp, warmUp] as const, [this.#judged, judged] as const]) {
      totals.requests += requests;
      totals.failures += failures;
    }
    this.#window.add(all.answers, { lengthS, requests: all.requests, failures: all.failures });
    return {
      requestsPerSecond: all.requests,
      failuresPerSecond: all.failures,
      ...(this.#judged.requests > 0 ? this.#judged : this.#warmUp),
      ofSecond: named(all.answers.percentiles(SHOWN)),
      recent: named(this.#window.percentiles(SHOWN)),
      recentPerSecond: this.#window.requestsPerSecond(),
    };
  }
}

function named([p50Us, p95Us, p99Us]: readonly number[] = []): LivePercentiles | undefined {
  return p50Us === undefined || p95Us === undefined || p99Us === undefined ? undefined : { p50Us, p95Us, p99Us };
}
