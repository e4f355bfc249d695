import { AHEAD_MAX, type ToPool } from '../core/hand-over.ts';
import type { Tell } from './start-pool.ts';

/** While more are left than this for each worker, workers get some ahead of need. */
const LEFT_PER_WORKER = 8;
/** Iterations whose numbers are kept for each worker before its reports are looked at. */
const KEPT_MAX = 4_096;

interface IterationPoolOptions {
  readonly iterations: number;
  /** Those that take part at present, kept up to date by the owner. */
  readonly workers: ReadonlySet<number>;
  readonly tell: Tell;
  /** What a worker has from the beginning. */
  firstOf(worker: number): readonly number[];
  /** How many iterations a worker has reported as begun. */
  begunOf(worker: number): number;
}

/**
 * The iterations of one scenario that go to whichever user is free: what is left is handed out, some ahead of need while there are many. When
 * nothing is left and somebody waits, the others give back what they have not begun, and it is handed out one by one.
 */
export class IterationPool {
  readonly #options: IterationPoolOptions;
  #next: number;
  /** Come back from workers. */
  #returned: number[] = [];
  readonly #waiting = new Map<number, number>();
  /** Handed to a worker and not known to be begun, in order; and how many before them were begun. */
  readonly #handed = new Map<number, { indices: number[]; begunBefore: number }>();
  /** Who has yet to give back; undefined: nobody was asked so far. */
  #recalled: Set<number> | undefined;

  constructor(options: IterationPoolOptions) {
    this.#options = options;
    this.#next = 0;
    for (const worker of options.workers) {
      const first = options.firstOf(worker);
      this.#next += first.length;
      this.#handed.set(worker, { indices: [...first], begunBefore: 0 });
    }
  }

  get #left(): number {
    return this.#returned.length + this.#options.iterations - this.#next;
  }

  take(worker: number, { waiting, stock, claims }: ToPool): void {
    if (stock !== undefined) this.#takeBack(worker, stock);
    if (claims === true) return this.#claim(worker);
    if (waiting !== undefined) this.#waiting.set(worker, (this.#waiting.get(worker) ?? 0) + waiting);
    this.#handOut();
  }

  /** A worker comes in the place of a lost one: what that had not begun is there again. */
  joined(worker: number): void {
    this.#handed.set(worker, { indices: [], begunBefore: 0 });
  }

  /** A worker is done or lost. */
  gone(worker: number): void {
    this.#trim(worker);
    this.#returned.push(...(this.#handed.get(worker)?.indices ?? []));
    this.#handed.delete(worker);
    this.#waiting.delete(worker);
    this.#recalled?.delete(worker);
    this.#handOut();
  }

  #handOut(): void {
    for (const [worker, wanted] of this.#waiting) {
      const ahead = this.#recalled === undefined ? this.#aheadOf() : 0;
      const count = Math.min(wanted + ahead, this.#left);
      if (count === 0 && wanted > 0) continue;
      this.#waiting.delete(worker);
      if (count > 0 && count < wanted) this.#waiting.set(worker, wanted - count);
      this.#give(worker, count);
    }
    if (this.#waiting.size > 0) this.#goOn();
  }

  #aheadOf(): number {
    return Math.min(AHEAD_MAX, Math.floor(this.#left / (LEFT_PER_WORKER * Math.max(1, this.#options.workers.size))));
  }

  #give(worker: number, count: number): void {
    const back = this.#returned.splice(0, count);
    const fresh = Array.from({ length: count - back.length }, () => this.#next++);
    const iterations = [...back, ...fresh];
    const handed = this.#handed.get(worker);
    handed?.indices.push(...iterations);
    if ((handed?.indices.length ?? 0) > KEPT_MAX) this.#trim(worker);
    this.#options.tell(worker, { iterations });
  }

  /** Somebody waits and nothing is left: what others have in stock comes back, once; then it is over. */
  #goOn(): void {
    const { workers, tell } = this.#options;
    if (this.#recalled === undefined) {
      this.#recalled = new Set([...workers].filter((worker) => !this.#waiting.has(worker)));
      for (const worker of this.#recalled) tell(worker, { recall: true });
    }
    if (this.#recalled.size > 0 || this.#left > 0) return;
    for (const worker of workers) tell(worker, { isOver: true });
    this.#waiting.clear();
  }

  #takeBack(worker: number, stock: readonly number[]): void {
    this.#recalled?.delete(worker);
    this.#returned.push(...stock);
    const handed = this.#handed.get(worker);
    if (handed !== undefined) handed.indices = handed.indices.slice(0, handed.indices.length - stock.length);
  }

  #claim(worker: number): void {
    const rest = { count: this.#left, next: this.#returned[0] ?? this.#next };
    // what others give back after this is counted by whoever claims next: nobody gives back after its own claim
    [this.#returned, this.#next] = [[], this.#options.iterations];
    this.#waiting.delete(worker);
    this.#options.tell(worker, { rest });
  }

  /** Forgets what the worker has begun: it begins them in order. */
  #trim(worker: number): void {
    const handed = this.#handed.get(worker);
    if (handed === undefined) return;
    const begun = Math.max(0, this.#options.begunOf(worker) - handed.begunBefore);
    handed.indices = handed.indices.slice(begun);
    handed.begunBefore += begun;
  }
}
