import type { DueStart } from '../core/hand-over.ts';
import type { ArrivalPacer } from './arrival-pacer.ts';

/** Starts that a worker is to begin, in order of due times: its own by the pacer, and those that came from others or came back. */
export class StartQueue {
  readonly #pacer: ArrivalPacer;
  /** In order of due times; few: no more than users were free for once. */
  #held: DueStart[] = [];

  constructor(pacer: ArrivalPacer) {
    this.#pacer = pacer;
  }

  /** When the next one is due, in µs since the run began; Infinity: there is none. */
  get nextDueUs(): number {
    return Math.min(this.#held[0]?.dueAtUs ?? Number.POSITIVE_INFINITY, this.#pacer.nextDueUs);
  }

  /** Takes the next one. There must be one. */
  take(): DueStart {
    const { nextIndex, nextDueUs } = this.#pacer;
    if (nextDueUs > this.nextDueUs) return this.#held.shift() as DueStart;
    this.#pacer.advance();
    return { index: nextIndex, dueAtUs: nextDueUs };
  }

  /** Takes those that are due by then, so many at the most. */
  takeDue(byUs: number, most: number): DueStart[] {
    const taken: DueStart[] = [];
    while (taken.length < most && this.nextDueUs <= byUs) taken.push(this.take());
    return taken;
  }

  /** It waits here until a user is free. */
  hold(start: DueStart): void {
    const after = this.#held.findIndex(({ dueAtUs }) => dueAtUs > start.dueAtUs);
    this.#held.splice(after === -1 ? this.#held.length : after, 0, start);
  }

  /** Takes all that are not the pacer's. */
  takeHeld(): DueStart[] {
    return this.#held.splice(0);
  }
}
