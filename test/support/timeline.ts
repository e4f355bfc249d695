interface Due {
  readonly atUs: number;
  readonly run: () => void;
}

/** Time that passes only when nothing else is left to do, and then at once to the next thing that is due. */
export class Timeline {
  nowUs = 0;
  readonly #waiting: Due[] = [];
  #isTicking = false;

  /** @returns how to call it off */
  after(delayUs: number, run: () => void): () => void {
    const due: Due = { atUs: this.nowUs + delayUs, run };
    const before = this.#waiting.findIndex((other) => other.atUs > due.atUs);
    this.#waiting.splice(before < 0 ? this.#waiting.length : before, 0, due);
    this.#tickSoon();
    return () => {
      const place = this.#waiting.indexOf(due);
      if (place >= 0) this.#waiting.splice(place, 1);
    };
  }

  /** Two event-loop turns later: whoever was woken by the last thing has run dry by then. */
  #tickSoon(): void {
    if (this.#isTicking || this.#waiting.length === 0) return;
    this.#isTicking = true;
    setImmediate(setImmediate, () => this.#tick());
  }

  #tick(): void {
    this.#isTicking = false;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.nowUs = Math.max(this.nowUs, next.atUs);
    next.run();
    this.#tickSoon();
  }
}
