import type { Options, StartForm } from '../../views/api.ts';

/** The form as it is typed; an empty text means: as config.yaml, the profile or the script say. */
export interface FormTexts {
  readonly script: string;
  readonly environment: string;
  readonly profile: string;
  readonly users: string;
  readonly rate: string;
  readonly duration: string;
  /** `30s:10, 2m:50`. */
  readonly stages: string;
  /** Names of those chosen; null: all of them. */
  readonly scenarios: readonly string[] | null;
  /** `KEY=VALUE`, one a line. */
  readonly variables: string;
  /** `name=value`, one a line. */
  readonly tags: string;
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
    stages: (defaults.stages ?? []).join(', '),
    scenarios: defaults.scenarios ?? null,
    variables: '',
    tags: Object.entries(defaults.tags ?? {})
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    mix: mapValues(defaults.mix ?? {}, String),
    thresholds: { ...defaults.thresholds },
    allowProduction: '',
  };
}

/** Short thresholds that hold unless others are typed: those of config.yaml, and of the profile over them. */
export function thresholdsInForce({ thresholds, profiles }: Options, profile: string): Record<string, string> {
  return { ...thresholds, ...profiles.find(({ name }) => name === profile)?.thresholds };
}

/** Whether the form says how much load there is: then the script's own scenarios are replaced. */
export function saysLoad({ profile, users, rate, duration, stages }: FormTexts): boolean {
  return [profile, users, rate, duration, stages].some((text) => text.trim() !== '');
}

/** Only what was changed goes out, so that a run says what differs from its files. */
export function formOf(texts: FormTexts, options: Options): StartForm {
  const { mix } = options;
  const weights = changed(texts.mix, mapValues(mix, String));
  const limits = changed(texts.thresholds, thresholdsInForce(options, texts.profile));
  const stages = texts.stages.split(/[\s,;]+/).filter((text) => text !== '');
  const [variables, tags] = [pairsIn(texts.variables).pairs, pairsIn(texts.tags).pairs];
  return {
    script: texts.script,
    environment: texts.environment,
    ...(texts.profile === '' ? {} : { profile: texts.profile }),
    ...(texts.users.trim() === '' ? {} : { users: Number(texts.users) }),
    ...(texts.rate.trim() === '' ? {} : { rate: Number(texts.rate) }),
    ...(texts.duration.trim() === '' ? {} : { duration: texts.duration.trim() }),
    ...(stages.length === 0 ? {} : { stages }),
    ...(texts.scenarios === null || saysLoad(texts) ? {} : { scenarios: [...texts.scenarios] }),
    ...(Object.keys(variables).length === 0 ? {} : { variables }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(Object.keys(weights).length === 0 ? {} : { mix: { ...mix, ...mapValues(weights, Number) } }),
    ...(Object.keys(limits).length === 0 ? {} : { thresholds: limits }),
    ...(texts.allowProduction === '' ? {} : { allowProduction: texts.allowProduction }),
  };
}

/** `KEY=VALUE` lines; `wrong` is the first line that is none. */
export function pairsIn(text: string): { pairs: Record<string, string>; wrong: string | undefined } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const wrong = lines.find((line) => line.trim().indexOf('=') < 1);
  const good = lines.filter((line) => line.trim().indexOf('=') >= 1);
  return {
    wrong,
    pairs: Object.fromEntries(good.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()])),
  };
}

function changed(texts: Readonly<Record<string, string>>, usual: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key, text]) => text.trim() !== '' && text.trim() !== usual[key]));
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]));
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value));
