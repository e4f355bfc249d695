import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { HistogramWindow } from './histogram-window.ts';

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
  /** Response time of expected answers of the last 10 closed seconds; undefined when there were none. */
  responseTimeUsP95: number | undefined;
}

/** The last ten seconds, whatever the length of the run. */
export class LiveView {
  readonly #window = new HistogramWindow();
  readonly #answers = new Histogram('time');
  /** Of the open second. */
  #now = { requests: 0, failures: 0 };
  readonly #total = { requests: 0, failures: 0 };

  add({ metric, period, tags }: SeriesIdentity, delta: SeriesDelta): void {
    if (period === 'setup' || period === 'teardown') return;
    if (metric === HTTP.failed && delta.type === 'rate') {
      for (const numbers of [this.#now, this.#total]) {
        numbers.requests += delta.count;
        numbers.failures += delta.passes;
      }
    }
    if (metric === HTTP.responseTime && delta.type === 'trend' && isExpectedAnswer(tags)) this.#answers.add(delta);
  }

  /** Call once a second, after the second's deltas are merged. @returns the numbers of the second that this closes */
  closeSecond(): LiveNumbers {
    const { requests, failures } = this.#now;
    this.#now = { requests: 0, failures: 0 };
    this.#window.push(this.#answers);
    this.#answers.clear();
    if (this.#window.length > WINDOW_SECONDS) this.#window.shift();
    return {
      requestsPerSecond: requests,
      failuresPerSecond: failures,
      ...this.#total,
      responseTimeUsP95: this.#window.all.percentile(0.95),
    };
  }
}
