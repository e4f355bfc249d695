/** How asking for a slot ended: `full` when the queue has no room, `left` when the asker went away while waiting. */
export type Entry = 'entered' | 'full' | 'left';

/** The places of a model server where work is done, and the queue before them: first come, first served. */
export class Slots {
  readonly #slots: number;
  readonly #queue: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  /** undefined: no limit. */
  constructor(slots: number | undefined, queue: number | undefined) {
    this.#slots = slots ?? Number.POSITIVE_INFINITY;
    this.#queue = queue ?? Number.POSITIVE_INFINITY;
  }

  /** Slots in use. */
  get taken(): number {
    return this.#taken;
  }

  /** How many wait for one. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when there is a slot, or none will come. Everyone who `entered` must {@link leave}. */
  enter(signal: AbortSignal): Promise<Entry> {
    if (signal.aborted) return Promise.resolve('left');
    if (this.#taken < this.#slots) {
      this.#taken++;
      return Promise.resolve('entered');
    }
    if (this.#waiting.size >= this.#queue) return Promise.resolve('full');
    return new Promise((resolve) => {
      const goAway = (): void => {
        this.#waiting.delete(begin);
        resolve('left');
      };
      const begin = (): void => {
        signal.removeEventListener('abort', goAway);
        resolve('entered');
      };
      this.#waiting.add(begin);
      signal.addEventListener('abort', goAway, { once: true });
    });
  }

  /** Gives the slot to the one who has waited longest, if anyone does. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
