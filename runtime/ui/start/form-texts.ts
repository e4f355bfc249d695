import type { Options, StartForm } from '../../server/api.ts';

/** The form as it is typed; an empty text means: as config.yaml, the profile or the script say. */
export interface FormTexts {
  readonly script: string;
  readonly environment: string;
  readonly profile: string;
  readonly users: string;
  readonly rate: string;
  readonly duration: string;
  readonly mix: Readonly<Record<string, string>>;
  readonly thresholds: Readonly<Record<string, string>>;
  readonly allowProduction: string;
}

/** What the form begins with: the flags, else what is usual. */
export function firstTexts({ defaults, scripts, environments }: Options): FormTexts {
  return {
    script: defaults.script ?? scripts[0]?.path ?? '',
    environment: defaults.environment ?? environments.find(({ isDefault }) => isDefault)?.name ?? environments[0]?.name ?? '',
    profile: defaults.profile ?? '',
    users: textOf(defaults.users),
    rate: textOf(defaults.rate),
    duration: defaults.duration ?? '',
    mix: mapValues(defaults.mix ?? {}, String),
    thresholds: { ...defaults.thresholds },
    allowProduction: '',
  };
}

/** Only what was changed goes out, so that a run says what differs from its files. */
export function formOf(texts: FormTexts, { mix, thresholds }: Options): StartForm {
  const weights = changed(texts.mix, mapValues(mix, String));
  const limits = changed(texts.thresholds, thresholds);
  return {
    script: texts.script,
    environment: texts.environment,
    ...(texts.profile === '' ? {} : { profile: texts.profile }),
    ...(texts.users.trim() === '' ? {} : { users: Number(texts.users) }),
    ...(texts.rate.trim() === '' ? {} : { rate: Number(texts.rate) }),
    ...(texts.duration.trim() === '' ? {} : { duration: texts.duration.trim() }),
    ...(Object.keys(weights).length === 0 ? {} : { mix: { ...mix, ...mapValues(weights, Number) } }),
    ...(Object.keys(limits).length === 0 ? {} : { thresholds: limits }),
    ...(texts.allowProduction === '' ? {} : { allowProduction: texts.allowProduction }),
  };
}

function changed(texts: Readonly<Record<string, string>>, usual: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key, text]) => text.trim() !== '' && text.trim() !== usual[key]));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value));
