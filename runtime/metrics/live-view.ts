import { BUCKETS_MAX, highestEquivalent } from './buckets.ts';
import type { SeriesDelta, SeriesIdentity } from './delta.ts';
import { rankOf } from './trend-totals.ts';

/** Seconds that the percentile looks back. */
const WINDOW_SECONDS = 10;

/** What a progress line says. Warm-up counts here: it is what happens now. */
export interface LiveNumbers {
  /** Logical requests that ended in the last closed second, failures included. */
  requestsPerSecond: number;
  failuresPerSecond: number;
  /** Logical requests and failures since the run began. */
  requests: number;
  failures: number;
  /** Response time over all answers of the last 10 closed seconds; undefined when there were none. */
  responseTimeUsP95: number | undefined;
}

interface Second {
  requests: number;
  failures: number;
  answers: number;
  readonly counts: Float64Array;
}

/** The last ten seconds in a ring of fixed size (about 2 MB), whatever the run does. */
export class LiveView {
  readonly #seconds: Second[] = Array.from({ length: WINDOW_SECONDS + 1 }, () => ({
    requests: 0,
    failures: 0,
    answers: 0,
    counts: new Float64Array(BUCKETS_MAX),
  }));
  #open = 0;
  #requests = 0;
  #failures = 0;

  add({ metric, period }: SeriesIdentity, delta: SeriesDelta): void {
    if (period === 'setup' || period === 'teardown') return;
    const second = this.#seconds[this.#open] as Second;
    if (metric === 'http_req_failed' && delta.type === 'rate') {
      second.requests += delta.count;
      second.failures += delta.passes;
      this.#requests += delta.count;
      this.#failures += delta.passes;
    }
    if (metric === 'http_req_response_time' && delta.type === 'trend') {
      second.answers += delta.count;
      for (let i = 0; i < delta.buckets.length; i += 2) {
        const index = delta.buckets[i] as number;
        second.counts[index] = (second.counts[index] as number) + (delta.buckets[i + 1] as number);
      }
    }
  }

  /** Call once a second, after the second's deltas are merged. @returns the numbers of the second that this closes */
  closeSecond(): LiveNumbers {
    const closed = this.#seconds[this.#open] as Second;
    this.#open = (this.#open + 1) % this.#seconds.length;
    const numbers: LiveNumbers = {
      requestsPerSecond: closed.requests,
      failuresPerSecond: closed.failures,
      requests: this.#requests,
      failures: this.#failures,
      responseTimeUsP95: this.#percentile(0.95),
    };
    const opened = this.#seconds[this.#open] as Second;
    if (opened.answers > 0) opened.counts.fill(0);
    opened.requests = opened.failures = opened.answers = 0;
    return numbers;
  }

  /** Over all but the open slot, which holds the second that leaves the window. */
  #percentile(ratio: number): number | undefined {
    const window = this.#seconds.filter((second, i) => i !== this.#open && second.answers > 0);
    const answers = window.reduce((sum, second) => sum + second.answers, 0);
    if (answers === 0) return undefined;
    const rank = rankOf(ratio, answers);
    let seen = 0;
    for (let index = 0; index < BUCKETS_MAX; index++) {
      for (const second of window) seen += second.counts[index] as number;
      if (seen >= rank) return highestEquivalent(index);
    }
    return undefined;
  }
}
