import { BucketCounts, percentilesOf } from './bucket-counts.ts';
import type { BucketPairs, SecondHistogram } from './second-histogram.ts';

interface WindowSecond {
  pairs: BucketPairs;
  count: number;
  min: number;
  max: number;
  lengthS: number;
  requests: number;
  failures: number;
}

/** Requests and answers of the last `windowS` seconds, or of as many as there have been since the first request. */
export class AnswerWindow {
  readonly #windowS: number;
  readonly #counts = new BucketCounts('time');
  #seconds: WindowSecond[] = [];

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  add(answers: SecondHistogram, { lengthS, requests, failures }: { lengthS: number; requests: number; failures: number }): void {
    if (this.#seconds.length === 0 && requests === 0) return; // nothing has begun yet: that is no slow second
    const second: WindowSecond = {
      pairs: answers.pairs(),
      count: answers.count,
      min: answers.min,
      max: answers.max,
      lengthS,
      requests,
      failures,
    };
    this.#counts.add(second.pairs);
    this.#seconds.push(second);
    // What a delayed tick took together stands for all of its seconds; half a second of tolerance for the ticks' own jitter.
    while (this.#seconds.length > 1 && this.#lengthS() > this.#windowS + 0.5) {
      const left = this.#seconds.shift();
      if (left !== undefined) this.#counts.remove(left.pairs);
    }
  }

  clear(): void {
    for (const { pairs } of this.#seconds) this.#counts.remove(pairs);
    this.#seconds = [];
  }

  requestsPerSecond(): number {
    return this.#rate((second) => second.requests);
  }

  failuresPerSecond(): number {
    return this.#rate((second) => second.failures);
  }

  /** µs. */
  percentiles(ratios: readonly number[]): (number | null)[] {
    const busy = this.#seconds.filter(({ count }) => count > 0);
    if (busy.length === 0) return ratios.map(() => null);
    const count = busy.reduce((sum, second) => sum + second.count, 0);
    const min = Math.min(...busy.map((second) => second.min));
    return percentilesOf(this.#counts, { count, min, max: Math.max(...busy.map((second) => second.max)) }, ratios);
  }

  #lengthS(): number {
    return this.#seconds.reduce((sum, second) => sum + second.lengthS, 0);
  }

  #rate(amountOf: (second: WindowSecond) => number): number {
    const lengthS = this.#lengthS();
    return lengthS === 0 ? 0 : this.#seconds.reduce((sum, second) => sum + amountOf(second), 0) / lengthS;
  }
}

/** Requests and answers since the measured period began. */
export class AnswerTotals {
  requests = 0;
  failures = 0;
  bytes = 0;
  /** µs; null while empty. */
  min: number | null = null;
  #max = 0;
  #sum = 0;
  #count = 0;
  readonly #counts = new BucketCounts('time');

  add(answers: SecondHistogram): void {
    if (answers.count === 0) return;
    this.#counts.add(answers.pairs());
    this.#count += answers.count;
    this.min = Math.min(this.min ?? answers.min, answers.min);
    this.#max = Math.max(this.#max, answers.max);
    this.#sum += answers.sum;
  }

  get avg(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }

  /** µs. */
  percentiles(ratios: readonly number[]): (number | null)[] {
    if (this.#count === 0) return ratios.map(() => null);
    return percentilesOf(this.#counts, { count: this.#count, min: this.min ?? 0, max: this.#max }, ratios);
  }
}
