import { Histogram } from '../core/histogram.ts';
import { HistogramWindow } from './histogram-window.ts';

interface WindowSecond {
  readonly lengthS: number;
  readonly requests: number;
  readonly failures: number;
}

/** What is called the last seconds, wherever it is told. */
export const RECENT_S = 10;
/** Of the ticks' own jitter, in a window of seconds. */
export const JITTER_S = 0.5;

/** Requests and answers of the last `windowS` seconds, or of as many as there have been since the first request. */
export class AnswerWindow {
  readonly #windowS: number;
  readonly #answers = new HistogramWindow();
  #seconds: WindowSecond[] = [];

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  add(answers: Histogram, second: WindowSecond): void {
    if (this.#seconds.length === 0 && second.requests === 0) return; // nothing has begun yet: that is no slow second
    this.#answers.push(answers);
    this.#seconds.push(second);
    // what a delayed tick took together stands for all of its seconds
    while (this.#seconds.length > 1 && this.#sumOf('lengthS') > this.#windowS + JITTER_S) {
      this.#seconds.shift();
      this.#answers.shift();
    }
  }

  clear(): void {
    this.#answers.clear();
    this.#seconds = [];
  }

  requestsPerSecond(): number {
    return this.#rate('requests');
  }

  failuresPerSecond(): number {
    return this.#rate('failures');
  }

  /** µs. @returns undefined while empty */
  percentiles(ratios: readonly number[]): number[] | undefined {
    return this.#answers.all.percentiles(ratios);
  }

  #sumOf(what: keyof WindowSecond): number {
    return this.#seconds.reduce((sum, second) => sum + second[what], 0);
  }

  #rate(what: 'requests' | 'failures'): number {
    const lengthS = this.#sumOf('lengthS');
    return lengthS === 0 ? 0 : this.#sumOf(what) / lengthS;
  }
}

/** Requests and answers since the measured period began. */
export class AnswerTotals {
  requests = 0;
  failures = 0;
  bytes = 0;
  /** µs. */
  readonly answers = new Histogram('time');
}
