import type { FromPool } from '../core/hand-over.ts';
import type { HandOverPort } from './host.ts';

/** Iterations that go to whichever VU is free, wherever it is. */
export interface SharedIterations {
  /** Those that can be taken now. */
  readonly left: number;
  /** Number of the iteration that {@link take} would give; −1: there is none. */
  readonly next: number;
  /** None is left, and none will come. */
  readonly isOver: boolean;
  /** The next one's number; there must be one left. */
  take(): number;
  /** Calls back once when there may be one again, or when it is over. */
  wait(callback: () => void): void;
  /** So many were begun before it came into the run. */
  skip(count: number): void;
}

/** All of them, where one worker does the whole run: in order. */
export class OwnIterations implements SharedIterations {
  left: number;
  next = 0;

  constructor(iterations: number) {
    this.left = iterations;
  }

  get isOver(): boolean {
    return this.left === 0;
  }

  skip(count: number): void {
    const skipped = Math.min(count, this.left);
    this.next += skipped;
    this.left -= skipped;
  }

  take(): number {
    this.left--;
    return this.next++;
  }

  wait(callback: () => void): void {
    callback();
  }
}

/**
 * Those of one worker of several: the coordinator hands them out from what is left, some ahead of need while there are many, one by one in the end.
 * At the beginning every VU has the iteration of its own number.
 */
export class HandedIterations implements SharedIterations {
  readonly #scenario: number;
  readonly #port: HandOverPort;
  #stock: number[];
  #isOver = false;
  #isAsking = false;
  /** How many the last hand-out brought beyond what VUs waited for. */
  #ahead = 0;
  #waiting: (() => void)[] = [];
  #claimed: ((rest: { count: number; next: number }) => void) | undefined;

  /** @param first - those that it has from the beginning */
  constructor(scenario: number, port: HandOverPort, first: readonly number[]) {
    this.#scenario = scenario;
    this.#port = port;
    this.#stock = [...first];
  }

  get left(): number {
    return this.#stock.length;
  }

  get next(): number {
    return this.#stock[0] ?? -1;
  }

  get isOver(): boolean {
    return this.#isOver && this.#stock.length === 0;
  }

  take(): number {
    const index = this.#stock.shift() as number;
    if (this.#stock.length < this.#ahead / 2) this.#askAhead();
    return index;
  }

  wait(callback: () => void): void {
    this.#waiting.push(callback);
    this.#port.tell({ scenario: this.#scenario, waiting: 1 });
  }

  /** Nothing to do: the coordinator knows what was begun. */
  skip(): void {}

  /** Its time is over. @param done - how many nobody has, if this worker is the one to count them */
  claim(done: (rest: { count: number; next: number }) => void): void {
    this.#claimed = done;
    this.#port.tell({ scenario: this.#scenario, claims: true });
  }

  handed({ iterations, recall, isOver, rest }: FromPool): void {
    if (iterations !== undefined) {
      this.#isAsking = false;
      this.#ahead = Math.max(0, iterations.length - this.#waiting.length);
      this.#stock.push(...iterations);
    }
    if (recall === true) {
      // once its time is over it counts what it has itself
      const isOverHere = this.#claimed !== undefined;
      this.#port.tell({ scenario: this.#scenario, stock: isOverHere ? [] : this.#stock });
      if (!isOverHere) [this.#stock, this.#ahead] = [[], 0];
    }
    if (isOver === true) this.#isOver = true;
    if (rest !== undefined) this.#claimed?.(rest);
    if (isOver !== true && this.#stock.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const callback of waiting) callback();
  }

  #askAhead(): void {
    if (this.#isAsking || this.#isOver) return;
    this.#isAsking = true;
    this.#port.tell({ scenario: this.#scenario, waiting: 0 });
  }
}
