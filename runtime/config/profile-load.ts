import type { ThinkTime } from '../core/plan.ts';
import { durationUsOf } from '../core/units.ts';
import type { Stage } from './levels.ts';
import type { LoadSettings, OpenSettings } from './load-settings.ts';
import type { ProfileSettings } from './profile-schema.ts';
import { inOneUnit, type Rate, rateOf, SECOND_US } from './rate-text.ts';

const NOTHING: Rate = { rate: 0, timeUnitUs: SECOND_US };

/** Load of a profile that its schema found in order. */
export function settingsOfProfile(name: string, profile: ProfileSettings): LoadSettings {
  const gracefulStopUs = usOf(profile.graceful_stop);
  return {
    where: `test_profiles.${name}`,
    executor: profile.executor,
    users: profile.users,
    durationUs: usOf(profile.duration),
    iterations: profile.iterations,
    stages: profile.stages?.map(({ duration, target }) => ({ durationUs: usOf(duration) ?? 0, target: target ?? 0 })),
    shape: profile.shape,
    spawnRatePerSecond: profile.spawn_rate,
    thinkTime: thinkTimeOf(profile.think_time),
    paceUs: usOf(profile.pace),
    gracefulStopUs,
    gracefulRampDownUs: usOf(profile.graceful_ramp_down) ?? gracefulStopUs,
    ...openOf(profile),
  };
}

/** The rates of a profile, all in one unit. */
function openOf(profile: ProfileSettings): { open?: OpenSettings; stages?: Stage[] } {
  const { arrival_rate: start, stages = [] } = profile;
  if (start === undefined && stages.every(({ rate }) => rate === undefined)) return {};
  const written = [start ?? 0, ...stages.map(({ rate }) => rate ?? 0)].map((value) => rateOf(value) ?? NOTHING);
  const { rates, timeUnitUs } = inOneUnit(written);
  const open: OpenSettings = {
    rate: rates[0] ?? 0,
    timeUnitUs,
    usersMax: profile.max_users,
    preAllocatedUsers: profile.pre_allocated_users,
    arrivals: profile.arrivals,
    onBusy: profile.on_busy ?? 'queue',
  };
  if (stages.length === 0) return { open };
  return { open, stages: stages.map(({ duration }, i) => ({ durationUs: usOf(duration) ?? 0, target: rates[i + 1] ?? 0 })) };
}

function usOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : durationUsOf(text);
}

/** What users do between two iterations. @param value - as its schema found it in order */
export function thinkTimeOf(value: ProfileSettings['think_time']): ThinkTime | undefined {
  if (value === undefined) return undefined;
  const [min, max] = typeof value === 'string' ? [value, value] : [value.min, value.max];
  return { minUs: durationUsOf(min) ?? 0, maxUs: durationUsOf(max) ?? 0 };
}
