// The types of `config` are written by hand, so that projects need no zod; here the compiler holds them against the schema. Nothing runs.
import type { z } from 'zod';
import type { profileSchema } from '../../runtime/config/profile-schema.ts';
import type { ScriptConfig } from '../../runtime/config/script-config.ts';
import type { Expressions, ShortThresholds as ShortThresholdsRead } from '../../runtime/config/threshold-schema.ts';
import type { Config, Profile } from '../../runtime/guest/config.d.ts';
import type { LongThreshold, ShortThresholds, Thresholds } from '../../runtime/guest/options.d.ts';
import type { SummaryData, SummaryRun } from '../../runtime/guest/summary.d.ts';
import type { SummaryData as SummaryDataGiven } from '../../runtime/report/handle-summary.ts';

/** Without `readonly`, `?` and the `undefined` that belongs to it: config.yaml knows none of these. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [K in keyof T]-?: Plain<Exclude<T[K], undefined>> }
    : T;
type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];
type Assignable<From, To> = [From] extends [To] ? true : false;
type Same<A, B> =
  | Assignable<Plain<A>, Plain<B>>
  | Assignable<Plain<B>, Plain<A>>
  | Assignable<keyof A, keyof B>
  | Assignable<keyof B, keyof A>;
type SameSection<A, B> = Same<A, B> | Assignable<OptionalKeys<A>, OptionalKeys<B>> | Assignable<OptionalKeys<B>, OptionalKeys<A>>;

/** Compiles only when every part of the comparison is true. */
function holds<_Proof extends true>(): void {}
/** Compiles only when some part is false. */
function fails<_Proof extends boolean>(..._isRefused: true extends _Proof ? (false extends _Proof ? [] : [never]) : []): void {}

type ProfileRead = z.output<typeof profileSchema>;

export function comparisons(): void {
  holds<Assignable<keyof Config, keyof ScriptConfig> | Assignable<keyof ScriptConfig, keyof Config>>();
  holds<Same<Config['image_sizes'], ScriptConfig['image_sizes']>>();
  holds<Same<Config['test_mix'], ScriptConfig['test_mix']>>();
  holds<SameSection<ShortThresholds, ShortThresholdsRead>>();
  holds<Same<Exclude<Thresholds[string], number | LongThreshold<string | number> | undefined>, Expressions | ShortThresholdsRead>>();
  holds<SameSection<Omit<Profile, 'thresholds'>, Omit<ProfileRead, 'thresholds'>>>();
  holds<Assignable<'thresholds', keyof Profile & keyof ProfileRead>>();
  holds<Assignable<SummaryDataGiven, SummaryData>>();
  holds<Assignable<keyof SummaryDataGiven, keyof SummaryData>>();

  // the comparison itself notices a missing key, another type, a key that must be there
  fails<SameSection<Omit<ShortThresholds, 'max_p95'>, ShortThresholdsRead>>();
  fails<SameSection<Omit<ShortThresholds, 'min_rps'> & { min_rps?: string }, ShortThresholdsRead>>();
  fails<SameSection<Omit<Profile, 'users' | 'thresholds'> & { users: number }, Omit<ProfileRead, 'thresholds'>>>();
  fails<Assignable<SummaryDataGiven, Omit<SummaryData, 'stressrun'> & { stressrun: SummaryRun & { gone: string } }>>();
}
