import { NO_MOMENT_US } from '../core/clock.ts';
import type { KeepAlivePlan } from '../core/reach-plan.ts';
import type { Failure } from './error-codes.ts';

/** Idle connections are kept as long as Go keeps them; a server that announces less is heeded. */
export const KEEP_ALIVE_MS = 90_000;
/** How much earlier than the server announces an idle connection is given up. */
export const KEEP_ALIVE_MARGIN_MS = 500;
/** From then on that it had been idle is why a kept connection was closed. */
const SUSPICIOUS_IDLE_US = 1_000_000;
const WITHOUT_WORD =
  'it was a kept connection: a server or proxy that ends one after each answer and does not say so needs keep_alive.reuse: false of the environment';

/** How old a connection is and since when it is idle, and how long it may be both: the rule of the environment, and what the server announces. */
export class KeptConnection {
  readonly #ageUsMax: number;
  readonly #idleUsMax: number;
  #bornAtUs = NO_MOMENT_US;
  #freeAtUs = NO_MOMENT_US;
  #usableUntilUs = NO_MOMENT_US;
  /** How long it had been idle when it was last taken, µs. */
  idleUs = 0;

  constructor(rules: KeepAlivePlan | undefined) {
    this.#ageUsMax = rules?.ageUsMax ?? Number.POSITIVE_INFINITY;
    this.#idleUsMax = rules?.idleUsMax ?? KEEP_ALIVE_MS * 1000;
  }

  /** It is there, and new. All times here are monotonic µs. */
  born(nowUs: number): void {
    this.#bornAtUs = nowUs;
    this.idleUs = 0;
  }

  /** An answer is whole. @param announcedUs - how long the server says it keeps it from now on; undefined: it says nothing @returns whether it may be used again */
  freed(nowUs: number, announcedUs: number | undefined): boolean {
    const idleUsMax = Math.min(
      this.#idleUsMax,
      announcedUs === undefined ? Number.POSITIVE_INFINITY : announcedUs - KEEP_ALIVE_MARGIN_MS * 1000,
    );
    this.#freeAtUs = nowUs;
    this.#usableUntilUs = Math.min(nowUs + idleUsMax, this.#bornAtUs + this.#ageUsMax);
    return nowUs < this.#usableUntilUs;
  }

  isUsable(nowUs: number): boolean {
    return nowUs < this.#usableUntilUs;
  }

  /** The next request takes it. @param freeAtUs - since when nothing was asked on it, where others share it */
  taken(nowUs: number, freeAtUs: number = this.#freeAtUs): void {
    this.idleUs = nowUs - freeAtUs;
  }

  /** The failure of a request that found the connection closed: what had become of it, and what to set. */
  explain(failure: Failure): Failure {
    if (this.idleUs < SUSPICIOUS_IDLE_US) return { ...failure, error: `${failure.error}; ${WITHOUT_WORD}` };
    const seconds = Math.round(this.idleUs / 1_000_000);
    const error = `${failure.error}; it had been idle for ${seconds} s, and the server ends such: keep_alive.max_idle of the environment should be less than what the server allows`;
    return { ...failure, error };
  }
}
