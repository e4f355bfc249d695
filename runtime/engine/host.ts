import type { Clock } from '../core/clock.ts';
import type { FromPool, ToPool } from '../core/hand-over.ts';
import type { IndexRange } from '../core/partition.ts';
import type { LoadChange, ScenarioPlan } from '../core/plan.ts';
import type { IterationEnd, Start, StartCounts } from '../core/records.ts';
import type { TurnQueue } from './turn-queue.ts';

/** Starts that were due and never begun. */
export interface DroppedStarts {
  readonly scenario: number;
  /** Of the first of them; −1 where starts have no index. */
  readonly index: number;
  /** Of the one due last, µs since the run began; the planned end for iterations that were due at no set time. */
  readonly dueAtUs: number;
  /**
   * What each of them has waited at the least, µs. A start that found all users busy waited until the first of them was free, or the run over:
   * so long would it have waited however fast the target was after that. 0 for iterations that were due at no set time.
   */
  readonly waitedUs: number;
  readonly phase: string;
  readonly count: number;
  /** They came from another worker: so long each had waited there for the users' sake alone, µs. */
  readonly busyUs?: number;
  /** They went with a worker that was lost. */
  readonly isLost?: boolean;
}

/** What the engine drives: whoever can run an iteration. It never throws; how an iteration went is in its {@link IterationEnd}. */
export interface EngineHost {
  /** Begins an iteration. `onEnd` is called once, at any time, also before `begin` returns; a second call is ignored. */
  begin(start: Start, onEnd: (end: IterationEnd) => void): void;
  /** Cuts the VU's iteration short; its `onEnd` should follow soon, and is given up on after {@link INTERRUPT_ANSWER_US}. */
  interrupt(vu: number): void;
  /** The VU has no more work in this run, unless a live change brings it back; called for every VU owned, also for one that never began. */
  retired?(vu: number): void;
  /**
   * Told when it is known how long they waited, which is later than they are counted: a drop for want of a free user
   * is told when a user gets free. All counts together are `dropped` of the scenario's counts when it is done.
   */
  dropped?(drop: DroppedStarts): void;
  /** Of what starts of an open scenario have waited since their due time: the most that may be for this worker's own stalls, µs. Absent: nothing is. */
  ownWaitUs?(scenario: number, waitedUs: number): number;
}

/** Where a worker tells what it cannot do itself, or could do for others; answers come by `Engine.handed`. */
export interface HandOverPort {
  tell(what: ToPool): void;
}

/** How far behind its due time a start may begin and not be late. */
export const LATE_US = 10_000;

/** How long an interrupted iteration may take to end before the engine goes on without it. */
export const INTERRUPT_ANSWER_US = 2_000_000;

/** What the parts of one scenario share; all but the counts with those of the other scenarios. */
export interface EngineContext {
  readonly clock: Clock;
  readonly host: EngineHost;
  readonly turns: TurnQueue;
  readonly counts: StartCounts;
  /** A VU whose iteration ended sooner is free only when so long has passed since it began; 0: at once. */
  readonly iterationUsMin: number;
  readonly seed: number;
  /** Undefined: there is no other worker. */
  readonly handOver: HandOverPort | undefined;
}

/** What an executor is made from. */
export interface ScenarioOptions<Plan extends ScenarioPlan> {
  readonly plan: Plan;
  /** Index of the scenario in the plan. */
  readonly scenario: number;
  readonly range: IndexRange;
  /** It comes into a period that goes on, in the place of workers that had reported so many starts. */
  readonly join?: { readonly atUs: number; readonly due: number; readonly begun: number };
  /** No more comes of this scenario, live changes included. */
  readonly onDone: () => void;
}

/** Runs one scenario's share of this worker. A new executor implements this and gets a line in `engine.ts`. */
export interface Executor {
  /** Numbers of the VUs that this worker owns, those included that live changes have added. */
  readonly vus: readonly number[];
  start(): void;
  /** No new iterations; running ones get the scenario's graceful stop. */
  stop(): void;
  /** No new iterations; running ones are interrupted. */
  stopNow(): void;
  /** Replaces all that the plan said from `change.atUs` on, but not its end. Ignored once it is stopped. */
  adjust(change: LoadChange): void;
  /** What the coordinator says of work that whoever is free does. */
  handed(what: FromPool): void;
  /** VUs in their active time or still finishing an iteration; in an open model those that run one. */
  activeUsers(): number;
  /** Makes iterations of a VU due this far apart; undefined: no pace. VUs of others and of open models are ignored. */
  setPaceUs(vu: number, us: number | undefined): void;
}
