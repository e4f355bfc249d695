import type { LivePercentiles } from '../record/live-view.ts';
import type { LiveState } from '../verdict/live-state.ts';

/** One second of the last minute. */
export interface LiveSecond {
  /** 0-based, since the run began. */
  readonly second: number;
  /** Logical requests that ended in it, failures included. */
  readonly requests: number;
  /** Response time of expected answers, from the due time; undefined when there were none. */
  readonly p50Us: number | undefined;
  readonly p95Us: number | undefined;
  readonly p99Us: number | undefined;
}

/** How far a scenario is. */
export interface ScenarioProgress {
  readonly name: string;
  /** What it is made to do now: `20 users`, `50/s`. */
  readonly load: string;
  /** 0 to 1, of its time or of its iterations. */
  readonly doneRatio: number;
  /** To its planned end; undefined when that is not known (iterations). */
  readonly remainingUs: number | undefined;
  /** Until it begins; 0 or less once it has. */
  readonly startsInUs: number;
  /** Of a scenario that ends with them. */
  readonly iterations: { readonly begun: number; readonly planned: number } | undefined;
}

/** Requests of one task, method and name so far. */
export interface LiveRequests {
  readonly task: string;
  readonly method: string;
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  /** Response time of expected answers, from the due time; undefined when there were none. */
  readonly p95Us: number | undefined;
}

/** What the generator is like: a slow generator measures itself. */
export interface GeneratorHealth {
  readonly workers: number;
  /** Of the last second and the worst worker; 1 is a core. */
  readonly loopLagUsP99: number;
  readonly cpu: number;
  /** Measured seconds in which some worker was beyond a limit, of all that were measured. */
  readonly saturatedSeconds: number;
  readonly measuredSeconds: number;
  /** As the verdict would have it now; undefined: not measured for long enough to say. */
  readonly isSaturated: boolean | undefined;
}

/** All that a live view shows beyond one line. Names come from scripts: not yet safe to print. */
export interface LiveDetail {
  readonly script: string;
  readonly environment: string;
  readonly baseUrl: string;
  readonly profile: string | undefined;
  readonly inFlight: number;
  /** Starts of the measured period that were late or never begun. */
  readonly late: number;
  readonly dropped: number;
  readonly scenarios: readonly ScenarioProgress[];
  /** The last minute, oldest first; at most 60. */
  readonly seconds: readonly LiveSecond[];
  /** Of the last 10 seconds; undefined when nothing was answered. */
  readonly recent: LivePercentiles | undefined;
  readonly recentPerSecond: number;
  /** In the order of the report. */
  readonly requests: readonly LiveRequests[];
  readonly thresholds: LiveState;
  /** Undefined until the generator has been measured. */
  readonly generator: GeneratorHealth | undefined;
}
