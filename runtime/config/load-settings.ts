import type { ThinkTime } from '../core/plan.ts';
import type { SampledShape, Stage } from './levels.ts';
import type { Executor } from './profile-schema.ts';
import type { Rate } from './rate-text.ts';
import type { Shape } from './shapes.ts';

/** How one scenario is to be run, whoever said so; times in µs. What is undefined has a default. */
export interface LoadSettings {
  /** Who said so, for messages: `test_profiles.smoke`, `options`, `the command line`. */
  readonly where: string;
  /** Only `per-vu-iterations` says more than the other settings do. */
  readonly executor?: Executor | undefined;
  /** At once; beside `stages` those at the start. Of a closed model. */
  readonly users?: number | undefined;
  readonly durationUs?: number | undefined;
  readonly iterations?: number | undefined;
  readonly stages?: readonly Stage[] | undefined;
  readonly shape?: Shape | undefined;
  /** A shape that the script computes. */
  readonly sampled?: SampledShape | undefined;
  readonly spawnRatePerSecond?: number | undefined;
  readonly thinkTime?: ThinkTime | undefined;
  readonly paceUs?: number | undefined;
  readonly gracefulStopUs?: number | undefined;
  readonly gracefulRampDownUs?: number | undefined;
  readonly iterationUsMin?: number | undefined;
  /** Starts are due when the plan says. Undefined: a closed model. */
  readonly open?: OpenSettings | undefined;
}

/** What an open model has besides; targets of `stages` and the values of a shape are rates then, and `rate` is that at the start or at the peak. */
export interface OpenSettings extends Rate {
  readonly usersMax?: number | undefined;
  readonly preAllocatedUsers?: number | undefined;
  readonly arrivals?: 'even' | 'poisson' | undefined;
  readonly onBusy: 'queue' | 'drop';
}

/** What a load is resolved beside. */
export interface LoadContext {
  /** Gets a line for each decision worth telling. */
  readonly notes: string[];
  /** Most users of the environment: a default stays below it. */
  readonly usersMax?: number | undefined;
}
