import { monotonicUs } from '../core/clock.ts';

/** That a run was told to stop, and when; the first time counts. */
export class StopSignal {
  /** Monotonic µs; undefined: not so far. */
  atUs: number | undefined;
  #settle: () => void = () => undefined;
  readonly #told = new Promise<void>((resolve) => {
    this.#settle = resolve;
  });

  tell(): void {
    this.atUs ??= monotonicUs();
    this.#settle();
  }

  /** Waits for work that a stop does not wait for, such as vuSetup() of thousands of users or of one that never ends. @throws what the work throws before a stop */
  async unlessTold(work: Promise<void>): Promise<void> {
    work.catch(() => undefined); // what fails after a stop is nobody's concern
    await Promise.race([work, this.#told]);
  }
}
