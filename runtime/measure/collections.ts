import { PerformanceObserver } from 'node:perf_hooks';

/** Garbage collection since the last look. */
export interface Collections {
  /** Pauses in all, µs. */
  readonly us: number;
  readonly usMax: number;
}

/** Adds up the pauses of V8's garbage collector, which Node reports a moment after each. */
export class CollectionMeter {
  #observer: PerformanceObserver | undefined;
  #us = 0;
  #usMax = 0;

  start(): void {
    this.stop();
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.record(Math.round(duration * 1000));
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  record(us: number): void {
    this.#us += us;
    if (us > this.#usMax) this.#usMax = us;
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  take(): Collections {
    const collections = { us: this.#us, usMax: this.#usMax };
    this.#us = this.#usMax = 0;
    return collections;
  }
}
