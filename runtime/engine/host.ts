import type { Clock } from '../core/clock.ts';
import type { IterationEnd, Start, StartCounts } from '../core/records.ts';
import type { TurnQueue } from './turn-queue.ts';

/** What the engine drives: whoever can run an iteration. It never throws; how an iteration went is in its {@link IterationEnd}. */
export interface EngineHost {
  /** Begins an iteration. `onEnd` is called once, at any time, also before `begin` returns; a second call is ignored. */
  begin(start: Start, onEnd: (end: IterationEnd) => void): void;
  /** Cuts the VU's iteration short; its `onEnd` should follow soon, and is given up on after {@link INTERRUPT_ANSWER_US}. */
  interrupt(vu: number): void;
  /** The VU has no more work in this run; called once for every VU owned, also for one that never began. */
  retired?(vu: number): void;
}

/** How far behind its due time a start may begin and not be late. */
export const LATE_US = 10_000;

/** How long an interrupted iteration may take to end before the engine goes on without it. */
export const INTERRUPT_ANSWER_US = 2_000_000;

/** What every part of one engine shares. */
export interface EngineContext {
  readonly clock: Clock;
  readonly host: EngineHost;
  readonly turns: TurnQueue;
  readonly counts: StartCounts;
  readonly seed: number;
}

/** Runs one scenario's share of this worker. A new executor implements this and gets a line in `engine.ts`. */
export interface Executor {
  /** Numbers of the VUs that this worker owns. */
  readonly vus: readonly number[];
  start(): void;
  /** No new iterations; running ones get the scenario's graceful stop. */
  stop(): void;
  /** No new iterations; running ones are interrupted. */
  stopNow(): void;
  /** VUs in their active time or still finishing an iteration. */
  activeUsers(): number;
  /** Makes iterations of a VU due this far apart; undefined: no pace. VUs of others are ignored. */
  setPaceUs(vu: number, us: number | undefined): void;
}
