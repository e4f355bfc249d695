import type { Clock } from '../core/clock.ts';

/**
 * Event-loop lag: how late a callback is, asked at every 10 ms of the clock's grid.
 *
 * A stall counts with every moment of the grid that it covers (60, 50, 40 … ms late), so the percentiles are those of a
 * request that becomes due at any moment. `perf_hooks.monitorEventLoopDelay` runs under the hardened flags too, but it
 * counts a stall once, however long: 200 ms of standstill in each second leave its p99 at zero.
 */
export interface LoopLag {
  /** µs. A timer has a grain of 1 ms, so an idle loop is at 0 to 2,000. */
  p50Us: number;
  p99Us: number;
  maxUs: number;
}

/** Distance of the moments asked about. */
export const LAG_GRID_US = 10_000;

/** Moments kept between two calls of `take()`: ten seconds of them; later ones count in the maximum only. */
const LAGS_MAX = 1000;

export class LoopLagSampler {
  readonly #clock: Clock;
  readonly #lagsUs = new Float64Array(LAGS_MAX);
  #count = 0;
  #maxUs = 0;
  #nextUs = 0;
  #cancel: (() => void) | undefined;

  readonly #onTimer: (atUs: number) => void;

  /** @param onTimer - told of each timer that is set, and when it is due */
  constructor(clock: Clock, onTimer: (atUs: number) => void = () => undefined) {
    this.#clock = clock;
    this.#onTimer = onTimer;
  }

  start(): void {
    this.#cancel?.();
    this.#nextUs = (Math.floor(this.#clock.nowUs() / LAG_GRID_US) + 1) * LAG_GRID_US;
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#onTimer(Number.POSITIVE_INFINITY);
  }

  /** Lag since the last call, a stall that is just ending included. @returns undefined when no moment of the grid has passed */
  take(): LoopLag | undefined {
    this.#sample();
    if (this.#count === 0) return undefined;
    const lagsUs = this.#lagsUs.subarray(0, this.#count).sort();
    const lag = { p50Us: nearestRank(lagsUs, 0.5), p99Us: nearestRank(lagsUs, 0.99), maxUs: this.#maxUs };
    this.#count = 0;
    this.#maxUs = 0;
    return lag;
  }

  #schedule(): void {
    this.#onTimer(this.#nextUs);
    this.#cancel = this.#clock.at(this.#nextUs, () => {
      this.#sample();
      this.#schedule();
    });
  }

  #sample(): void {
    if (this.#cancel === undefined) return;
    const nowUs = this.#clock.nowUs();
    if (nowUs < this.#nextUs) return;
    this.#maxUs = Math.max(this.#maxUs, nowUs - this.#nextUs);
    for (; this.#nextUs <= nowUs && this.#count < LAGS_MAX; this.#nextUs += LAG_GRID_US) this.#lagsUs[this.#count++] = nowUs - this.#nextUs;
    if (this.#nextUs <= nowUs) this.#nextUs = (Math.floor(nowUs / LAG_GRID_US) + 1) * LAG_GRID_US;
  }
}

/** @param sorted - not empty, ascending @param ratio - 0 to 1 */
function nearestRank(sorted: Float64Array, ratio: number): number {
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] as number;
}
