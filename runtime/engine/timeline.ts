import type { Clock } from '../core/clock.ts';

/** Entries run in one event-loop turn at most: thousands of users that leave in the same moment do not stall the others. */
const ENTRIES_PER_TURN = 50;

/** Things that happen at moments known beforehand, all on one timer; an entry tells when it should have been run. */
export class Timeline<Entry extends { readonly atUs: number }> {
  readonly #clock: Clock;
  readonly #onDue: (entry: Entry) => void;
  #entries: Entry[] = [];
  #next = 0;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onDue: (entry: Entry) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Takes effect with the next {@link start}. At the same moment, entries run in the order they were added. */
  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** Takes out everything from `atUs` on that has not run. */
  cutFrom(atUs: number): Entry[] {
    const left = this.#entries.slice(this.#next);
    this.#entries = left.filter((entry) => entry.atUs < atUs);
    this.#next = 0;
    return left.filter((entry) => entry.atUs >= atUs);
  }

  /** Runs what is due; again after entries were added or taken out. */
  start(): void {
    this.#cancel?.();
    this.#entries.sort((a, b) => a.atUs - b.atUs);
    this.#run();
  }

  /** The rest does not happen. */
  clear(): void {
    this.#cancel?.();
    this.#entries = [];
    this.#next = 0;
  }

  #run(): void {
    const nowUs = this.#clock.nowUs();
    for (let run = 0; run < ENTRIES_PER_TURN; run++) {
      const entry = this.#entries[this.#next];
      if (entry === undefined || entry.atUs > nowUs) break;
      this.#next++;
      this.#onDue(entry);
    }
    const next = this.#entries[this.#next];
    this.#cancel = next && this.#clock.at(next.atUs, () => this.#run());
  }
}
