import type { Clock } from '../core/clock.ts';

/** Tasks run in one event-loop turn at most: with iterations that take 500 µs to begin, 25 ms without a look at the sockets. */
const TASKS_PER_TURN = 50;

/** After so many tasks the end of the turn is watched for: a lone VU is spared a timer with each of its iterations. */
const TASKS_BEFORE_WATCH = 16;

/**
 * Runs tasks in order, at once where it can, a bounded number per event-loop turn, and never one inside another:
 * a task that queues a task does not recurse, and a flood of them starves neither sockets nor timers.
 */
export class TurnQueue {
  readonly #clock: Clock;
  #tasks: (() => void)[] = [];
  /** Index of the first task that waits; the array is cut when all have run. */
  #head = 0;
  #ranThisTurn = 0;
  #isDraining = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(task: () => void): void {
    this.#tasks.push(task);
    if (!this.#isDraining) this.#drain();
  }

  #drain(): void {
    this.#isDraining = true;
    try {
      while (this.#head < this.#tasks.length && this.#ranThisTurn < TASKS_PER_TURN) {
        if (++this.#ranThisTurn === TASKS_BEFORE_WATCH) this.#clock.at(this.#clock.nowUs(), this.#onNextTurn);
        const task = this.#tasks[this.#head++] as () => void;
        task();
      }
    } finally {
      this.#isDraining = false;
      this.#cut();
    }
  }

  readonly #onNextTurn = (): void => {
    this.#ranThisTurn = 0;
    this.#drain();
  };

  /** Forgets tasks that have run; half by half, so that a long queue is not copied for each turn. */
  #cut(): void {
    if (this.#head === this.#tasks.length) this.#tasks = [];
    else if (this.#head * 2 > this.#tasks.length) this.#tasks = this.#tasks.slice(this.#head);
    else return;
    this.#head = 0;
  }
}
