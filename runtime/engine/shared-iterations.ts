import { type IndexRange, owns } from '../core/partition.ts';

interface Share {
  readonly iterations: number;
  readonly users: number;
  readonly vuOffset: number;
  readonly range: IndexRange;
}

/**
 * Iterations that go to whichever VU of this worker is free: those i whose VU `i mod users` it owns, in order.
 * So a worker's share is in proportion to its VUs, and all workers together have each iteration once.
 */
export class SharedIterations {
  readonly #users: number;
  /** i mod users of the iterations that are this worker's, ascending. */
  readonly #residues: readonly number[];
  #taken = 0;
  /** Iterations that nobody has taken yet. */
  left: number;

  constructor({ iterations, users, vuOffset, range }: Share) {
    this.#users = users;
    this.#residues = Array.from({ length: users }, (_, v) => v).filter((v) => owns(range, vuOffset + v));
    this.left = this.#residues.reduce((sum, v) => sum + Math.max(0, Math.ceil((iterations - v) / users)), 0);
  }

  /** Number of the iteration that {@link take} would give. */
  get next(): number {
    const { length } = this.#residues;
    return Math.floor(this.#taken / length) * this.#users + (this.#residues[this.#taken % length] as number);
  }

  /** So many were taken by workers that had this share before. */
  skip(count: number): void {
    const skipped = Math.min(count, this.left);
    this.#taken += skipped;
    this.left -= skipped;
  }

  /** The next one's number; there must be one left. */
  take(): number {
    const index = this.next;
    this.#taken++;
    this.left--;
    return index;
  }
}
