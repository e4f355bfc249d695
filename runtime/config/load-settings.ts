import { ConfigError } from '../core/errors.ts';
import type { ThinkTime } from '../core/plan.ts';
import { durationUsOf, formatDurationUs } from '../core/units.ts';
import { durationFlag, iterationsFlag, stageFlag, usersFlag } from './flag-values.ts';
import type { RunFlags } from './flags.ts';
import type { Executor, ProfileSettings } from './profile-schema.ts';
import type { ScriptOptions, ScriptScenario } from './script-options-schema.ts';
import { optionDurationUs } from './script-options-schema.ts';
import type { Shape } from './shapes.ts';

/** How one scenario is to be run, whoever said so; times in µs. What is undefined has a default. */
export interface LoadSettings {
  /** Who said so, for messages: `test_profiles.smoke`, `options`, `the command line`. */
  readonly where: string;
  readonly executor?: Executor | undefined;
  /** At once; beside `stages` those at the start. */
  readonly users?: number | undefined;
  readonly durationUs?: number | undefined;
  readonly iterations?: number | undefined;
  readonly stages?: readonly Stage[] | undefined;
  readonly shape?: Shape | undefined;
  /** As written; the open model is refused later, if it is still wanted then. */
  readonly arrivalRate?: string | undefined;
  readonly spawnRatePerSecond?: number | undefined;
  readonly thinkTime?: ThinkTime | undefined;
  readonly paceUs?: number | undefined;
  readonly gracefulStopUs?: number | undefined;
}

/** Users change to `target` in a straight line over `durationUs`. */
export interface Stage {
  readonly durationUs: number;
  readonly target: number;
}

/** Load of a profile. */
export function settingsOfProfile(name: string, profile: ProfileSettings): LoadSettings {
  const us = (text: string | undefined): number | undefined => (text === undefined ? undefined : durationUsOf(text));
  return {
    where: `test_profiles.${name}`,
    executor: profile.executor,
    users: profile.users,
    durationUs: us(profile.duration),
    iterations: profile.iterations,
    stages: profile.stages?.map((stage) => ({ durationUs: us(stage.duration) ?? 0, target: stage.target })),
    shape: profile.shape,
    arrivalRate: profile.arrival_rate === undefined ? undefined : String(profile.arrival_rate),
    spawnRatePerSecond: profile.spawn_rate,
    thinkTime: thinkTimeOf(profile.think_time),
    paceUs: us(profile.pace),
    gracefulStopUs: us(profile.graceful_stop),
  };
}

function thinkTimeOf(value: ProfileSettings['think_time']): ThinkTime | undefined {
  if (value === undefined) return undefined;
  const [min, max] = typeof value === 'string' ? [value, value] : [value.min, value.max];
  return { minUs: durationUsOf(min) ?? 0, maxUs: durationUsOf(max) ?? 0 };
}

/** Load of script options without scenarios, or of one of their scenarios. */
export function settingsOfOptions(where: string, options: ScriptOptions | ScriptScenario): LoadSettings {
  const { vus, iterations, stages } = options;
  const us = (value: string | number | undefined): number | undefined => (value === undefined ? undefined : optionDurationUs(value));
  if (iterations !== undefined && stages !== undefined) throw new ConfigError(where, 'expected iterations or stages; got both');
  if (options.duration !== undefined && stages !== undefined) throw new ConfigError(where, 'expected duration or stages; got both');
  const scenario = 'executor' in options ? (options as ScriptScenario) : undefined;
  return {
    where,
    executor: scenario?.executor,
    users: stages === undefined ? vus : (scenario?.startVUs ?? vus),
    durationUs: us(scenario?.maxDuration ?? options.duration),
    iterations,
    stages: stages?.map((stage) => ({ durationUs: us(stage.duration) ?? 0, target: stage.target })),
    gracefulStopUs: us(scenario?.gracefulStop),
  };
}

/** Whether the command line says how much load there is. */
export function hasLoadFlags({ users, duration, iterations, stages }: RunFlags): boolean {
  return [users, duration, iterations, stages].some((flag) => flag !== undefined);
}

/** Flags over the load of a profile or of script options. @throws {ConfigError} for flags that do not go with it */
export function withFlags(base: LoadSettings, flags: RunFlags): LoadSettings {
  const users = flags.users === undefined ? undefined : usersFlag(flags.users);
  const durationUs = flags.duration === undefined ? undefined : durationFlag('--duration', flags.duration);
  const iterations = flags.iterations === undefined ? undefined : iterationsFlag(flags.iterations);

  if (flags.stages !== undefined) {
    const beside = durationUs !== undefined ? '--duration' : iterations !== undefined ? '--iterations' : undefined;
    if (beside !== undefined) throw new ConfigError(beside, 'expected nothing beside --stage, which says how long it takes; got both');
    return {
      ...base,
      where: '--stage',
      executor: undefined,
      shape: undefined,
      durationUs: undefined,
      iterations: undefined,
      users,
      stages: flags.stages.map(stageFlag),
    };
  }
  if (base.stages !== undefined) {
    const beside =
      durationUs !== undefined ? '--duration' : iterations !== undefined ? '--iterations' : users !== undefined ? '--users' : undefined;
    if (beside !== undefined) throw besideStages(beside, base.where, base.stages);
  }
  if (iterations !== undefined && base.shape !== undefined) {
    throw new ConfigError('--iterations', `expected a load without a shape; got the shape ${base.shape} of ${base.where}`, {
      hint: 'give --duration to rescale the shape',
    });
  }
  const isLengthGiven = durationUs !== undefined || iterations !== undefined;
  return { ...base, ...(users === undefined ? {} : { users }), ...(isLengthGiven ? { executor: undefined, durationUs, iterations } : {}) };
}

function besideStages(flag: string, where: string, stages: readonly Stage[]): ConfigError {
  const totalUs = stages.reduce((sum, stage) => sum + stage.durationUs, 0);
  const what = `${stages.length} stage${stages.length === 1 ? '' : 's'} over ${formatDurationUs(totalUs)}`;
  return new ConfigError(flag, `expected no stages beside it; got those of ${where} (${what})`, {
    hint: 'give --stage DURATION:USERS to replace them',
  });
}
