import type { Clock } from '../core/clock.ts';

interface Entry {
  /** µs since the run began. */
  readonly atUs: number;
  readonly action: (atUs: number) => void;
}

/** Actions run in one event-loop turn at most: thousands of users that leave in the same moment do not stall the others. */
const ACTIONS_PER_TURN = 50;

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
    for (let run = 0; run < ACTIONS_PER_TURN; run++) {
      const entry = this.#entries[this.#next];
      if (entry === undefined || entry.atUs > nowUs) break;
      this.#next++;
      entry.action(entry.atUs);
    }
    const next = this.#entries[this.#next];
    this.#cancel = next && this.#clock.at(next.atUs, () => this.#run());
  }
}
