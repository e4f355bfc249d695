import type { RunFlags } from '../config/flags.ts';
import { perSecondOf, rateOf } from '../config/rate-text.ts';
import type { StartForm } from '../server/api.ts';

/** The part of a form that flags of `stressrun ui` may have filled in. */
export type FormDefaults = Pick<StartForm, 'environment' | 'profile' | 'users' | 'rate' | 'duration'>;

type TypedFlags = Omit<RunFlags, 'script'>;

const LOAD_KEYS = ['profile', 'users', 'rate', 'duration'] as const;

/** What the form begins with. What it has no field for, and what is no value, is left out. */
export function formDefaults({ environment, profile, users, rate, duration }: TypedFlags): FormDefaults {
  const amount = users === undefined ? undefined : Number(users);
  const typedRate = rate === undefined ? undefined : rateOf(rate);
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(profile === undefined ? {} : { profile }),
    ...(amount === undefined || !Number.isInteger(amount) ? {} : { users: amount }),
    ...(typedRate === undefined ? {} : { rate: perSecondOf(typedRate) }),
    ...(duration === undefined ? {} : { duration }),
  };
}

/**
 * What a form means on a command line, beside the flags that it has no fields for. Profile, users, rate and duration are as the form says and
 * nowhere else: their flags were in it when it was opened, and a field that was emptied takes its flag back. Stages, iterations and `--once`
 * have no fields; they hold until the form says how much load there is.
 */
export function flagsOfForm(flags: TypedFlags, form: StartForm): TypedFlags {
  const { environment, profile, users, rate, duration, mix, thresholds, allowProduction } = form;
  const { profile: _, users: __, rate: ___, duration: ____, ...rest } = flags;
  const { stages: _____, iterations: ______, isOnce: _______, ...others } = rest;
  const defaults = formDefaults(flags);
  const isLoadGiven = LOAD_KEYS.some((key) => isGiven(form[key]) && form[key] !== defaults[key]);
  return {
    ...(isLoadGiven ? others : rest),
    ...(environment === undefined ? {} : { environment }),
    ...(profile === undefined || profile === '' ? {} : { profile }),
    ...(users === undefined ? {} : { users: String(users) }),
    ...(rate === undefined ? {} : { rate: String(rate) }),
    ...(duration === undefined || duration === '' ? {} : { duration }),
    ...(mix === undefined ? {} : { mix }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(allowProduction === undefined ? {} : { allowProduction: [allowProduction] }),
  };
}

function isGiven(value: string | number | undefined): boolean {
  return value !== undefined && value !== '';
}
