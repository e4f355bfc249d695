import { ConfigError } from '../core/errors.ts';
import type { OpenScenarioPlan, PhasePlan, RatePoint } from '../core/plan.ts';
import { curveOfSamples, levelsOfStages } from './levels.ts';
import type { LoadContext, LoadSettings, OpenSettings } from './load-settings.ts';
import { perSecondOf } from './rate-text.ts';
import { RATE_PER_SECOND_MAX } from './schema-fields.ts';
import { rateShapeOf } from './shapes.ts';

/** Users of an arrival rate that names no number of them: as many as its starts of so many seconds, within bounds. */
const SECONDS_OF_USERS = 10;
const USERS_MIN = 10;
const USERS_DEFAULT_MAX = 1000;

type OpenPart = Omit<OpenScenarioPlan, 'name' | 'exec' | 'vuOffset' | 'extraVuOffset' | 'startTimeUs' | 'gracefulStopUs' | 'tags' | 'env'>;
type OpenLoad = LoadSettings & { readonly open: OpenSettings };

/** What an open model has of its own. @throws {ConfigError} */
export function openPartOf(settings: OpenLoad, context: LoadContext): OpenPart {
  const { where, open } = settings;
  const { curve, phases } = curveOf(settings);
  const { timeUnitUs, onBusy } = open;
  const durationUs = curve.at(-1)?.atUs ?? 0;
  const peak = curve.reduce((most, { rate }) => Math.max(most, rate), 0);
  const perSecond = perSecondOf({ rate: peak, timeUnitUs });
  if (durationUs < 1000) throw new ConfigError(where, 'expected stages of 1ms or more in all; got 0s');
  if (peak <= 0) throw new ConfigError(where, 'expected a rate above 0 at some moment; got none');
  if (perSecond > RATE_PER_SECOND_MAX)
    throw new ConfigError(where, `expected at most ${RATE_PER_SECOND_MAX} starts a second; got ${perSecond}`);
  const isConstant = settings.stages === undefined && settings.shape === undefined && settings.sampled === undefined;
  const users = open.usersMax ?? usersDefault(settings, perSecond, context);
  const even = isConstant ? 'from-zero' : 'integral';
  return {
    kind: 'open',
    executor: isConstant ? 'constant-arrival-rate' : 'ramping-arrival-rate',
    users,
    preAllocatedUsers: Math.min(open.preAllocatedUsers ?? users, users),
    timeUnitUs,
    curve,
    arrivals: open.arrivals === 'poisson' ? 'poisson' : even,
    onBusy,
    phases,
    length: { kind: 'duration', durationUs },
  };
}

function curveOf({ where, open, stages, shape, sampled, durationUs }: OpenLoad): { curve: RatePoint[]; phases: readonly PhasePlan[] } {
  const { rate } = open;
  if (sampled !== undefined)
    return { curve: curveOfSamples(sampled, durationUs).map(({ atUs, level }) => ({ atUs, rate: level })), phases: [] };
  if (stages !== undefined) return { curve: levelsOfStages(rate, stages).map(({ atUs, level }) => ({ atUs, rate: level })), phases: [] };
  if (durationUs === undefined) throw new ConfigError(where, 'expected a duration or stages for an arrival rate; got none');
  if (shape !== undefined) return rateShapeOf(shape, rate, durationUs);
  return {
    curve: [
      { atUs: 0, rate },
      { atUs: durationUs, rate },
    ],
    phases: [],
  };
}

function usersDefault({ where, open }: OpenLoad, perSecond: number, { notes, usersMax }: LoadContext): number {
  const enough = Math.min(Math.max(Math.ceil(perSecond * SECONDS_OF_USERS), USERS_MIN), USERS_DEFAULT_MAX);
  const users = Math.max(Math.min(enough, usersMax ?? enough), Math.min(open.preAllocatedUsers ?? 0, usersMax ?? Number.POSITIVE_INFINITY));
  const why =
    users < enough
      ? 'as the environment allows'
      : `enough for answers that take ${SECONDS_OF_USERS} s, within ${USERS_MIN} to ${USERS_DEFAULT_MAX}`;
  notes.push(`${where}: up to ${users} users, ${why}: no number of users was given`);
  return users;
}
