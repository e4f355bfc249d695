import type { RunFlags } from '../config/flags.ts';
import { perSecondOf, rateOf } from '../config/rate-text.ts';
import type { StartForm } from '../views/api.ts';

/** The part of a form that flags of `stressrun ui` may have filled in. */
export type FormDefaults = Pick<StartForm, 'environment' | 'profile' | 'users' | 'rate' | 'duration' | 'stages' | 'scenarios' | 'tags'>;

type TypedFlags = Omit<RunFlags, 'script'>;

const LOAD_KEYS = ['profile', 'users', 'rate', 'duration', 'stages'] as const;

/** What the form begins with. What it has no field for, and what is no value, is left out; so are variables, which may be secrets. */
export function formDefaults({ environment, profile, users, rate, duration, stages, scenarios, tags }: TypedFlags): FormDefaults {
  const amount = users === undefined ? undefined : Number(users);
  const typedRate = rate === undefined ? undefined : rateOf(rate);
  return {
    ...(environment === undefined ? {} : { environment }),
    ...(profile === undefined ? {} : { profile }),
    ...(amount === undefined || !Number.isInteger(amount) ? {} : { users: amount }),
    ...(typedRate === undefined ? {} : { rate: perSecondOf(typedRate) }),
    ...(duration === undefined ? {} : { duration }),
    ...(stages === undefined ? {} : { stages: [...stages] }),
    ...(scenarios === undefined ? {} : { scenarios: [...scenarios] }),
    ...(tags === undefined ? {} : { tags: { ...tags } }),
  };
}

/**
 * What a form means on a command line, beside the flags that it has no fields for. Load, scenarios and tags are as the form says and nowhere
 * else: their flags were in it when it was opened, and a field that was emptied takes its flag back. Iterations and `--once` have no fields;
 * they hold until the form says how much load there is. Variables of the form stand over those that were typed, which the form never saw.
 */
export function flagsOfForm(flags: TypedFlags, form: StartForm): TypedFlags {
  const { environment, profile, users, rate, duration, stages, scenarios, variables, tags, mix, thresholds, allowProduction } = form;
  const rest = without(flags, [...LOAD_KEYS, 'scenarios', 'tags']);
  const others = without(rest, ['iterations', 'isOnce']);
  const defaults = formDefaults(flags);
  const isLoadGiven = LOAD_KEYS.some((key) => isGiven(form[key]) && JSON.stringify(form[key]) !== JSON.stringify(defaults[key]));
  return {
    ...(isLoadGiven ? others : rest),
    ...(environment === undefined ? {} : { environment }),
    ...(profile === undefined || profile === '' ? {} : { profile }),
    ...(users === undefined ? {} : { users: String(users) }),
    ...(rate === undefined ? {} : { rate: String(rate) }),
    ...(duration === undefined || duration === '' ? {} : { duration }),
    ...(isGiven(stages) ? { stages } : {}),
    ...(isGiven(scenarios) ? { scenarios } : {}),
    ...(variables === undefined ? {} : { variables: { ...flags.variables, ...variables } }),
    ...(tags === undefined ? {} : { tags }),
    ...(mix === undefined ? {} : { mix }),
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(allowProduction === undefined ? {} : { allowProduction: [allowProduction] }),
  };
}

function isGiven<T extends string | number | readonly string[]>(value: T | undefined): value is T {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

function without<T extends object, K extends string>(record: T, keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}
