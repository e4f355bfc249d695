// What scripts see of config.yaml: the types of `config`. A test holds them against the schema that reads the file.
import type { Thresholds } from './options.d.ts';

export interface ImageSize {
  width: number;
  height: number;
}

/** `target` is users, `rate` is starts such as '50/s'; each stage has one of them. */
export interface ProfileStage {
  duration: string;
  target?: number;
  rate?: string | number;
}

/** An entry of `test_profiles` as it is written: durations are texts such as '30s'. */
export interface Profile {
  description?: string;
  users?: number;
  duration?: string;
  iterations?: number;
  shape?: 'spike' | 'steps' | 'ramp';
  stages?: readonly ProfileStage[];
  /** Starts, such as '50/s'. */
  arrival_rate?: string | number;
  max_users?: number;
  pre_allocated_users?: number;
  on_busy?: 'queue' | 'drop';
  arrivals?: 'even' | 'poisson';
  executor?: 'constant-vus' | 'ramping-vus' | 'shared-iterations' | 'per-vu-iterations' | 'constant-arrival-rate' | 'ramping-arrival-rate';
  /** Users a second. */
  spawn_rate?: number;
  think_time?: string | { min: string; max: string };
  pace?: string;
  graceful_stop?: string;
  graceful_ramp_down?: string;
  thresholds?: Thresholds;
}

/** config.yaml without its environments; sizes are numbers, whichever way they are written. */
export interface Config {
  readonly image_sizes: Readonly<Record<string, ImageSize>>;
  readonly test_mix: Readonly<Record<string, number>>;
  readonly thresholds: Readonly<Thresholds>;
  readonly test_profiles: Readonly<Record<string, Profile>>;
}
