import type { Clock } from '../core/clock.ts';

/** One timer for whatever is due next: set again only when that has changed. */
export class DueTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #dueUs = Number.NaN;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  waitUntil(dueUs: number): void {
    if (dueUs === this.#dueUs) return;
    this.#cancel();
    this.#dueUs = dueUs;
    this.#cancel = this.#clock.at(dueUs, () => {
      this.#dueUs = Number.NaN;
      this.#onDue();
    });
  }

  cancel(): void {
    this.#cancel();
  }
}
