import { Histogram } from '../core/histogram.ts';

type Values = ReturnType<Histogram['values']>;

/** Some seconds of response times as one, of which the oldest is let go. µs. */
export class HistogramWindow {
  readonly all = new Histogram('time');
  readonly #seconds: Values[] = [];

  /** Seconds in it, empty ones too. */
  get length(): number {
    return this.#seconds.length;
  }

  push(second: Histogram): void {
    const values = second.values();
    this.#seconds.push(values);
    this.all.add(values);
  }

  shift(): void {
    const oldest = this.#seconds.shift();
    if (oldest !== undefined) this.all.subtract(oldest, this.#seconds);
  }

  clear(): void {
    this.#seconds.length = 0;
    this.all.clear();
  }
}
