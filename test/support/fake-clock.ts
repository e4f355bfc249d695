import type { Clock } from '../../runtime/core/clock.ts';

interface Timer {
  atUs: number;
  /** Order among timers of the same moment. */
  serial: number;
  callback: () => void;
}

/** Callbacks at one moment after which the clock gives up: something asks for one more turn for ever. */
const CALLBACKS_PER_MOMENT_MAX = 1_000_000;

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  readonly #turnUs: number;
  readonly #timers: Timer[] = [];
  #nowUs: number;
  #serial = 0;
  /** Event-loop turns so far: callbacks run. */
  turns = 0;

  /** @param turnUs - how long an event-loop turn takes: a callback asked for a past moment comes that much after now */
  constructor({ nowUs = 0, turnUs = 0 }: { nowUs?: number; turnUs?: number } = {}) {
    this.#nowUs = nowUs;
    this.#turnUs = turnUs;
  }

  /** Callbacks that wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  at(atUs: number, callback: () => void): () => void {
    const timer = { atUs: atUs > this.#nowUs ? atUs : this.#nowUs + this.#turnUs, serial: this.#serial++, callback };
    this.#timers.splice(this.#placeOf(timer), 0, timer);
    return () => {
      const place = this.#placeOf(timer);
      if (this.#timers[place] === timer) this.#timers.splice(place, 1);
    };
  }

  /** Runs everything due up to and at `us`, in order, each at its time; the clock then stands at `us`. */
  advanceTo(us: number): void {
    let callbacks = 0;
    for (let next = this.#timers[0]; next !== undefined && next.atUs <= us; next = this.#timers[0]) {
      callbacks = next.atUs > this.#nowUs ? 0 : callbacks + 1;
      if (callbacks > CALLBACKS_PER_MOMENT_MAX)
        throw new Error(`the clock stands at ${this.#nowUs} µs: expected an end of callbacks; give it a turnUs`);
      this.#nowUs = Math.max(this.#nowUs, next.atUs);
      this.#timers.shift();
      this.turns++;
      next.callback();
    }
    this.#nowUs = Math.max(this.#nowUs, us);
  }

  /** A stall: time passes and nothing runs; what was due is late. */
  stallUntil(us: number): void {
    this.#nowUs = Math.max(this.#nowUs, us);
  }

  /** Index of the first timer not before this one. */
  #placeOf(timer: Timer): number {
    let [from, to] = [0, this.#timers.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      const other = this.#timers[middle] as Timer;
      if (other.atUs < timer.atUs || (other.atUs === timer.atUs && other.serial < timer.serial)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
