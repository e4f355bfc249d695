import { hashOfText, uniformOf } from '../core/random.ts';
import type { HttpOutcome } from '../core/records.ts';

const DELAY_US_MIN = 100_000;
const DELAY_US_MAX = 1_000_000;
const STREAM = hashOfText('back-off');

/**
 * How long a VU waits after a connection that failed: 100 ms, doubling to 1 s, of which a seeded part between a half and the
 * whole is waited, so that VUs that failed together do not come back together.
 */
export class BackOff {
  readonly #seed: number;
  readonly #vu: number;
  #draws = 0;
  #failuresInRow = 0;

  constructor(seed: number, vu: number) {
    this.#seed = seed;
    this.#vu = vu;
  }

  /** @returns µs to wait before the next request */
  failed(): number {
    const limitUs = Math.min(DELAY_US_MIN * 2 ** this.#failuresInRow, DELAY_US_MAX);
    this.#failuresInRow++;
    return Math.round(limitUs * (0.5 + uniformOf(this.#seed, STREAM, this.#vu, this.#draws++) / 2));
  }

  succeeded(): void {
    this.#failuresInRow = 0;
  }
}

/** Whether no connection came about, which is when a VU backs off. A refused address is none: nothing was dialled. */
export function isConnectionFailure(outcome: HttpOutcome): boolean {
  return outcome.kind === 'connect-failed' || outcome.kind === 'dns-failed' || outcome.kind === 'tls-failed' || outcome.errorCode === 1211;
}
