import type { Clock } from '../core/clock.ts';

interface Entry {
  /** µs since the run began. */
  readonly atUs: number;
  readonly action: (atUs: number) => void;
}

/** Actions at moments known beforehand, all on one timer; each is told when it should have been called. */
export class Timeline {
  readonly #clock: Clock;
  readonly #entries: Entry[] = [];
  #next = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Before {@link start} only. At the same moment, actions run in the order they were added. */
  add(atUs: number, action: (atUs: number) => void): void {
    this.#entries.push({ atUs, action });
  }

  start(): void {
    this.#entries.sort((a, b) => a.atUs - b.atUs);
    this.#run();
  }

  /** The rest does not happen. */
  clear(): void {
    this.#cancel?.();
    this.#entries.length = 0;
  }

  #run(): void {
    const nowUs = this.#clock.nowUs();
    for (let entry = this.#entries[this.#next]; entry !== undefined; entry = this.#entries[this.#next]) {
      if (entry.atUs > nowUs) {
        this.#cancel = this.#clock.at(entry.atUs, () => this.#run());
        return;
      }
      this.#next++;
      entry.action(entry.atUs);
    }
  }
}
