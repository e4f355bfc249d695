import type { SeriesDelta, SeriesIdentity, TrendValues } from './delta.ts';
import { sumOf } from './second-book.ts';
import { SlidingTrend } from './sliding-totals.ts';

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
  answers: TrendValues | undefined;
}

/** The last ten seconds, whatever the length of the run. */
export class LiveView {
  readonly #answers = new SlidingTrend('time');
  /** Oldest first; the last one is open. */
  #seconds: Second[] = [noSecond()];
  #requests = 0;
  #failures = 0;

  add({ metric, period }: SeriesIdentity, delta: SeriesDelta): void {
    if (period === 'setup' || period === 'teardown') return;
    const second = this.#seconds.at(-1) as Second;
    if (metric === 'http_req_failed' && delta.type === 'rate') {
      second.requests += delta.count;
      second.failures += delta.passes;
      this.#requests += delta.count;
      this.#failures += delta.passes;
    }
    if (metric === 'http_req_response_time' && delta.type === 'trend') {
      second.answers = sumOf(second.answers, delta) as TrendValues;
    }
  }

  /** Call once a second, after the second's deltas are merged. @returns the numbers of the second that this closes */
  closeSecond(): LiveNumbers {
    const closed = this.#seconds.at(-1) as Second;
    if (closed.answers !== undefined) this.#answers.add(closed.answers);
    const left = this.#seconds.length > WINDOW_SECONDS ? this.#seconds.shift() : undefined;
    if (left?.answers !== undefined) {
      this.#answers.remove(
        left.answers,
        this.#seconds.flatMap(({ answers }) => answers ?? []),
      );
    }
    this.#seconds.push(noSecond());
    return {
      requestsPerSecond: closed.requests,
      failuresPerSecond: closed.failures,
      requests: this.#requests,
      failures: this.#failures,
      responseTimeUsP95: this.#answers.percentile(0.95),
    };
  }
}

function noSecond(): Second {
  return { requests: 0, failures: 0, answers: undefined };
}
