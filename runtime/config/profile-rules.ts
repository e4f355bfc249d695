import type { z } from 'zod';
import { refuse } from './schema-fields.ts';

/** What the rules look at. */
interface Profile {
  readonly stages?: readonly { readonly rate?: unknown }[] | undefined;
  readonly executor?: string | undefined;
  readonly [key: string]: unknown;
}

const OF_OPEN = ['max_users', 'pre_allocated_users', 'on_busy', 'arrivals'] as const;
const OF_CLOSED = ['users', 'iterations', 'spawn_rate', 'think_time', 'pace', 'graceful_ramp_down'] as const;

/** Rules over several keys of a profile: which of them go together. */
export function checkProfile(profile: Profile, context: z.core.$RefinementCtx): void {
  const rateStages = profile.stages?.filter((stage) => stage.rate !== undefined).length ?? 0;
  if (rateStages > 0 && rateStages < (profile.stages?.length ?? 0))
    return refuse(context, ['stages'], 'expected either target or rate in every stage; got both kinds');
  checkLength(profile, context);
  if (profile['arrival_rate'] !== undefined || rateStages > 0) checkOpen(profile, context);
  else checkClosed(profile, context);
}

/** Keys of `names` that are given. */
function given(profile: Profile, names: readonly string[]): string[] {
  return names.filter((name) => profile[name] !== undefined);
}

function checkLength(profile: Profile, context: z.core.$RefinementCtx): void {
  const lengths = given(profile, ['duration', 'iterations', 'stages']);
  if (lengths.length === 0) refuse(context, [], 'expected duration, iterations or stages; got none of them');
  if (profile.stages !== undefined && lengths.length > 1) {
    const beside = lengths.filter((key) => key !== 'stages').join(' and ');
    refuse(context, ['stages'], `expected neither duration nor iterations beside stages; got ${beside}`);
  }
  if (profile['shape'] !== undefined && lengths.join() !== 'duration')
    refuse(context, ['shape'], 'expected a duration, and neither stages nor iterations, beside a shape');
}

function checkOpen(profile: Profile, context: z.core.$RefinementCtx): void {
  const { stages, executor } = profile;
  const what = profile['arrival_rate'] === undefined ? 'stages of rates' : 'an arrival rate';
  for (const key of given(profile, OF_CLOSED)) {
    const instead = key === 'users' ? 'max_users, not users,' : `no ${key}`;
    refuse(context, [key], `expected ${instead} beside ${what}, which says when iterations start`);
  }
  if (stages?.every((stage) => stage.rate === undefined))
    refuse(
      context,
      ['stages'],
      'expected rates, such as { duration: 30s, rate: 50/s }, beside an arrival rate; got targets, which are users',
    );
  if (stages === undefined && /^0*(?:\.0*)?(?:\s*\/|$)/.test(String(profile['arrival_rate'])))
    refuse(context, ['arrival_rate'], `expected a rate above 0 where no stages follow; got ${JSON.stringify(profile['arrival_rate'])}`);
  const fitting = stages === undefined && profile['shape'] === undefined ? 'constant-arrival-rate' : 'ramping-arrival-rate';
  if (executor !== undefined && executor !== fitting)
    refuse(context, ['executor'], `expected ${fitting}, which is what these settings make; got ${JSON.stringify(executor)}`);
  const [least, most] = [profile['pre_allocated_users'], profile['max_users']];
  if (typeof least === 'number' && typeof most === 'number' && least > most)
    refuse(context, ['max_users'], `expected at least pre_allocated_users, ${least}; got ${most}`);
}

function checkClosed(profile: Profile, context: z.core.$RefinementCtx): void {
  const { executor } = profile;
  for (const key of given(profile, OF_OPEN)) refuse(context, [key], `expected arrival_rate beside ${key}, which is of arrival rates`);
  if (executor?.endsWith('-arrival-rate') === true)
    refuse(context, ['executor'], `expected arrival_rate, such as 50/s, for the executor ${executor}; got none`);
  const has = (key: string): boolean => profile[key] !== undefined;
  if (executor === 'constant-vus' && (!has('duration') || has('iterations') || has('shape')))
    refuse(context, ['executor'], 'expected a duration, and neither a shape nor iterations, for the executor constant-vus');
  if (executor === 'ramping-vus' && !has('stages') && !has('shape'))
    refuse(context, ['executor'], 'expected stages or a shape for the executor ramping-vus; got none');
  if (executor?.endsWith('-iterations') === true && (has('stages') || has('shape')))
    refuse(context, ['executor'], `expected iterations for the executor ${executor}; got ${has('stages') ? 'stages' : 'a shape'}`);
}
