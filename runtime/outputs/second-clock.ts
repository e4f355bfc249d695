/** Every so many seconds all series are sent, not only those that changed. */
const FULL_EVERY = 60;

/** Moments of what is sent: each later than the last, whatever the system's clock does, since of two values at one moment a database keeps one. */
export class SecondClock {
  #lastMs = 0;
  #seconds = 0;

  at(ms: number): number {
    this.#lastMs = Math.max(ms, this.#lastMs + 1);
    return this.#lastMs;
  }

  /** Once a second. */
  isFull(): boolean {
    this.#seconds++;
    return this.#seconds % FULL_EVERY === 0;
  }
}
