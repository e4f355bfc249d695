import { BUCKETS_MAX, highestEquivalent } from './buckets.ts';
import type { SecondHistogram } from './second-histogram.ts';
import { rankOf } from './trend-totals.ts';

/** Dense counts that can also be taken back: of a window that moves, or of all so far. In µs. */
class RunningHistogram {
  count = 0;
  readonly #counts = new Float64Array(BUCKETS_MAX);

  /** @param sign −1 takes back what was added */
  add(pairs: readonly number[], sign: 1 | -1): void {
    for (let i = 0; i < pairs.length; i += 2) {
      const index = pairs[i] as number;
      this.#counts[index] = (this.#counts[index] as number) + sign * (pairs[i + 1] as number);
      this.count += sign * (pairs[i + 1] as number);
    }
  }

  /** @param ratios ascending; @returns µs, never outside `bounds` */
  percentiles(ratios: readonly number[], bounds: { min: number; max: number }): (number | null)[] {
    if (this.count === 0) return ratios.map(() => null);
    let [index, seen] = [-1, 0];
    return ratios.map((ratio) => {
      const rank = rankOf(ratio, this.count);
      if (rank >= this.count) return bounds.max;
      while (seen < rank && index < BUCKETS_MAX - 1) seen += this.#counts[++index] as number;
      return Math.min(Math.max(highestEquivalent(index), bounds.min), bounds.max);
    });
  }
}

interface WindowSecond {
  pairs: number[];
  min: number;
  max: number;
  lengthS: number;
  requests: number;
  failures: number;
}

/** Requests and answers of the last `windowS` seconds. */
export class AnswerWindow {
  readonly #windowS: number;
  readonly #histogram = new RunningHistogram();
  #seconds: WindowSecond[] = [];

  constructor(windowS: number) {
    this.#windowS = windowS;
  }

  add(answers: SecondHistogram, { lengthS, requests, failures }: { lengthS: number; requests: number; failures: number }): void {
    const second: WindowSecond = { pairs: answers.pairs(), min: answers.min, max: answers.max, lengthS, requests, failures };
    this.#histogram.add(second.pairs, 1);
    this.#seconds.push(second);
    // What a delayed tick took together stands for all of its seconds; half a second of tolerance for the ticks' own jitter.
    while (this.#seconds.length > 1 && this.#lengthS() > this.#windowS + 0.5) {
      const left = this.#seconds.shift();
      if (left !== undefined) this.#histogram.add(left.pairs, -1);
    }
  }

  requestsPerSecond(): number {
    return this.#rate((second) => second.requests);
  }

  failuresPerSecond(): number {
    return this.#rate((second) => second.failures);
  }

  /** µs. */
  percentiles(ratios: readonly number[]): (number | null)[] {
    const busy = this.#seconds.filter((second) => second.pairs.length > 0);
    const min = Math.min(...busy.map((second) => second.min));
    return this.#histogram.percentiles(ratios, { min, max: Math.max(...busy.map((second) => second.max)) });
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
  readonly #histogram = new RunningHistogram();

  add(answers: SecondHistogram): void {
    if (answers.count === 0) return;
    this.#histogram.add(answers.pairs(), 1);
    this.min = Math.min(this.min ?? answers.min, answers.min);
    this.#max = Math.max(this.#max, answers.max);
    this.#sum += answers.sum;
  }

  get avg(): number | null {
    return this.#histogram.count === 0 ? null : this.#sum / this.#histogram.count;
  }

  /** µs. */
  percentiles(ratios: readonly number[]): (number | null)[] {
    return this.#histogram.percentiles(ratios, { min: this.min ?? 0, max: this.#max });
  }
}
