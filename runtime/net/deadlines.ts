import { monotonicUs } from '../core/clock.ts';

const TIMEOUT_MS_MAX = 2_147_483_647;

/** Something that must have ended by a moment. */
export interface Expiring {
  /** Monotonic µs; Infinity: never. */
  readonly deadlineUs: number;
  onDeadline(): void;
  abort(): void;
}

/**
 * The requests of a VU that are under way, and one timer for them all. A request that ends in time costs no timer call: the timer
 * fires at a deadline long met, finds nothing due, and is set for the next.
 */
export class Deadlines {
  /** Few at a time. An array, because a Set that one item enters and leaves grows a new table every few requests, and old tables keep dead requests alive. */
  readonly #open: Expiring[] = [];
  #timer: NodeJS.Timeout | undefined;
  #timerAtUs = Number.POSITIVE_INFINITY;

  /** Ends all that are under way now, not what begins in their callbacks. Newest first: those may be queued behind the others, and must not begin yet. */
  abortAll(): void {
    for (const item of [...this.#open].reverse()) item.abort();
  }

  add(item: Expiring): void {
    this.#open.push(item);
    if (item.deadlineUs < this.#timerAtUs) this.#arm(item.deadlineUs);
  }

  remove(item: Expiring): void {
    const at = this.#open.lastIndexOf(item);
    if (at >= 0 && at === this.#open.length - 1) this.#open.pop();
    else if (at >= 0) this.#open.splice(at, 1);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timerAtUs = Number.POSITIVE_INFINITY;
  }

  #arm(atUs: number): void {
    clearTimeout(this.#timer);
    this.#timerAtUs = atUs;
    this.#timer = setTimeout(this.#onTimer, Math.min(Math.max(Math.ceil((atUs - monotonicUs()) / 1000), 1), TIMEOUT_MS_MAX));
    this.#timer.unref();
  }

  readonly #onTimer = (): void => {
    this.#timerAtUs = Number.POSITIVE_INFINITY;
    const nowUs = monotonicUs();
    const due = this.#open.filter((item) => item.deadlineUs <= nowUs);
    if (due.length > 0) setImmediate(() => this.#expire(due));
    const nextUs = Math.min(...this.#open.map((item) => item.deadlineUs).filter((atUs) => atUs > nowUs));
    if (nextUs < this.#timerAtUs) this.#arm(nextUs);
  };

  /** After the poll phase: an answer that had arrived in time while this process was busy is not called late. */
  #expire(due: readonly Expiring[]): void {
    for (const item of due.toReversed()) if (this.#open.includes(item)) item.onDeadline();
  }
}
