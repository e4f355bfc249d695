import { ConfigError } from '../core/errors.ts';
import { formatDurationUs } from '../core/units.ts';
import { durationFlag, iterationsFlag, rateFlag, stageFlag, usersFlag } from './flag-values.ts';
import type { RunFlags } from './flags.ts';
import type { Stage } from './levels.ts';
import type { LoadSettings } from './load-settings.ts';
import { type Rate, rateText } from './rate-text.ts';

/** Load flags, read. */
interface TypedLoad {
  readonly users?: number | undefined;
  readonly durationUs?: number | undefined;
  readonly iterations?: number | undefined;
  readonly rate?: Rate | undefined;
  readonly stages?: readonly Stage[] | undefined;
}

/** What a flag that replaces the load whole leaves of it: nothing of what says how much there is. */
const BLANK = {
  executor: undefined,
  users: undefined,
  durationUs: undefined,
  iterations: undefined,
  stages: undefined,
  shape: undefined,
  sampled: undefined,
  open: undefined,
} as const satisfies Partial<LoadSettings>;

/** One user, one iteration: `--once`. */
export const ONCE = { ...BLANK, users: 1, iterations: 1 } as const satisfies Partial<LoadSettings>;

/** Whether the command line says how much load there is. */
export function hasLoadFlags({ users, duration, iterations, stages, rate }: RunFlags): boolean {
  return [users, duration, iterations, stages, rate].some((flag) => flag !== undefined);
}

/**
 * Flags over the load of a profile or of script options.
 * @param notes - gets a line for each setting that `--rate` leaves without effect
 * @throws {ConfigError} for flags that do not go with it, or with each other
 */
export function withFlags(base: LoadSettings, flags: RunFlags, notes: string[]): LoadSettings {
  const typed = typedLoadOf(flags);
  refuseTogether(typed);
  if (typed.stages !== undefined) return { ...base, ...BLANK, where: '--stage', users: typed.users, stages: typed.stages };
  if (base.stages !== undefined) refuseBesideStages(typed, base, base.stages);
  refuseBesideShape(typed, base);
  if (typed.rate !== undefined) return openByRate(base, { ...typed, rate: typed.rate }, notes);
  if (base.open !== undefined) return openWithFlags(base, typed);
  const { users, durationUs, iterations } = typed;
  const isLengthGiven = durationUs !== undefined || iterations !== undefined;
  return { ...base, ...(users === undefined ? {} : { users }), ...(isLengthGiven ? { executor: undefined, durationUs, iterations } : {}) };
}

function typedLoadOf({ users, duration, iterations, stages, rate }: RunFlags): TypedLoad {
  return {
    users: users === undefined ? undefined : usersFlag(users),
    durationUs: duration === undefined ? undefined : durationFlag('--duration', duration),
    iterations: iterations === undefined ? undefined : iterationsFlag(iterations),
    stages: stages?.map(stageFlag),
    rate: rate === undefined ? undefined : rateFlag(rate),
  };
}

function refuseTogether({ durationUs, iterations, rate, stages }: TypedLoad): void {
  if (stages !== undefined) {
    const beside =
      durationUs !== undefined ? '--duration' : iterations !== undefined ? '--iterations' : rate !== undefined ? '--rate' : undefined;
    const why = beside === '--rate' ? 'which is of users' : 'which says how long it takes';
    if (beside !== undefined) throw new ConfigError(beside, `expected nothing beside --stage, ${why}; got both`);
  }
  if (rate !== undefined && iterations !== undefined)
    throw new ConfigError('--iterations', 'expected no --iterations beside --rate, which goes on for a --duration; got both');
}

function refuseBesideStages(
  { users, durationUs, iterations, rate }: TypedLoad,
  { where, open }: LoadSettings,
  stages: readonly Stage[],
): void {
  const isUsersRefused = users !== undefined && open === undefined; // of an open model they are the most, not the curve
  const flag =
    durationUs !== undefined
      ? '--duration'
      : iterations !== undefined
        ? '--iterations'
        : rate !== undefined
          ? '--rate'
          : isUsersRefused
            ? '--users'
            : undefined;
  if (flag === undefined) return;
  const totalUs = stages.reduce((sum, stage) => sum + stage.durationUs, 0);
  const what = `${stages.length} stage${stages.length === 1 ? '' : 's'} over ${formatDurationUs(totalUs)}`;
  throw new ConfigError(flag, `expected no stages beside it; got those of ${where} (${what})`, {
    hint: 'give --stage DURATION:USERS to replace them',
  });
}

function refuseBesideShape({ users, iterations, rate }: TypedLoad, { where, shape, sampled, open }: LoadSettings): void {
  if (shape === undefined && sampled === undefined) {
    if (iterations === undefined || open === undefined) return;
    throw new ConfigError('--iterations', `expected a load of users; got the arrival rate ${rateText(open)} of ${where}`, {
      hint: 'give --duration; iterations are rate × duration',
    });
  }
  const what = shape === undefined ? 'the shape function' : `the shape ${shape}`;
  if (iterations !== undefined)
    throw new ConfigError('--iterations', `expected a load without a shape; got ${what} of ${where}`, {
      hint: shape === undefined ? 'give --duration to cut the shape' : 'give --duration to rescale the shape',
    });
  const flag = users !== undefined && open === undefined ? '--users' : rate !== undefined ? '--rate' : undefined;
  if (sampled !== undefined && flag !== undefined)
    throw new ConfigError(flag, `expected a load without a shape function, which says it all; got that of ${where}`);
}

/** `--rate` makes an open model of any load that has a duration. */
function openByRate(base: LoadSettings, { rate, users, durationUs }: TypedLoad & { rate: Rate }, notes: string[]): LoadSettings {
  const isEnding = base.iterations === undefined && base.durationUs !== undefined;
  if (durationUs === undefined && !isEnding)
    throw new ConfigError('--rate', `expected a duration for it; got none in ${base.where}`, { hint: 'give --duration as well' });
  const idle = [
    base.thinkTime === undefined ? '' : 'think_time',
    base.paceUs === undefined ? '' : 'pace',
    base.spawnRatePerSecond === undefined ? '' : 'spawn_rate',
  ].filter((name) => name !== '');
  if (idle.length > 0)
    notes.push(
      `${idle.join(', ')} of ${base.where} ${idle.length === 1 ? 'has' : 'have'} no effect with --rate, which says when iterations start`,
    );
  const open = { onBusy: 'queue' as const, ...base.open, ...rate };
  const settings = {
    ...base,
    executor: undefined,
    users: undefined,
    iterations: undefined,
    spawnRatePerSecond: undefined,
    thinkTime: undefined,
    paceUs: undefined,
    open,
  };
  return openWithFlags(settings, { users, durationUs });
}

/** Users are the most of them here. */
function openWithFlags(base: LoadSettings, { users, durationUs }: TypedLoad): LoadSettings {
  const { open } = base;
  const ready = open?.preAllocatedUsers;
  return {
    ...base,
    ...(durationUs === undefined ? {} : { durationUs }),
    ...(users === undefined || open === undefined
      ? {}
      : { open: { ...open, usersMax: users, preAllocatedUsers: ready === undefined ? undefined : Math.min(ready, users) } }),
  };
}
