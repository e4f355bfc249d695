import { ConfigError } from '../core/errors.ts';
import type { RunFlags } from './flags.ts';
import type { LoadedConfig } from './load-config.ts';
import { problemsOf } from './problems.ts';
import { configSchema } from './schema.ts';
import { SHORT_THRESHOLD_NAMES, type ShortThreshold, type ThresholdSettings, thresholdsSchema } from './threshold-schema.ts';

const mixSchema = configSchema.shape.test_mix;

/** Short thresholds as texts by key: `max_p95: 2s`; those of a task as `health.max_p95`. */
export function thresholdTexts(settings: ThresholdSettings): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (isShortName(key)) texts[key] = textOf(value as ShortThreshold);
    else if (value !== null && typeof value === 'object' && !Array.isArray(value))
      for (const [name, inner] of Object.entries(value)) if (isShortName(name)) texts[`${key}.${name}`] = textOf(inner as ShortThreshold);
  }
  return texts;
}

/** Short thresholds of the configuration and of a profile, which wins. */
function thresholdTextsInForce({ settings }: LoadedConfig, profile: string | undefined): Record<string, string> {
  const profiles = settings.test_profiles ?? {};
  const own = profile !== undefined && Object.hasOwn(profiles, profile) ? profiles[profile]?.thresholds : undefined;
  return { ...thresholdTexts(settings.thresholds ?? {}), ...thresholdTexts(own ?? {}) };
}

/**
 * The configuration with the mix and the thresholds that a form gives in place of its own; they win over those of a profile too. An empty
 * threshold takes one away; one that reads as what is in force is no change.
 * @throws {ConfigError} naming the key
 */
export function withOverrides(
  config: LoadedConfig,
  { mix, thresholds, profile: name }: Pick<RunFlags, 'mix' | 'thresholds' | 'profile'>,
): LoadedConfig {
  if (mix === undefined && thresholds === undefined) return config;
  const { settings } = config;
  const written = settings.thresholds ?? {};
  const shown = thresholdTextsInForce(config, name);
  const changes = Object.entries(thresholds ?? {}).filter(([key, text]) => shown[key] !== text.trim());
  const merged = changes.reduce<Record<string, unknown>>((tree, [key, text]) => withKey(tree, key, text), { ...written });
  const profiles = Object.entries(settings.test_profiles ?? {}).map(([name, profile]) => {
    if (profile.thresholds === undefined) return [name, profile] as const;
    const own = changes.reduce<Record<string, unknown>>((tree, [key]) => withKey(tree, key, ''), { ...profile.thresholds });
    return [name, { ...profile, thresholds: own as ThresholdSettings }] as const;
  });
  return {
    ...config,
    settings: {
      ...settings,
      ...(mix === undefined ? {} : { test_mix: checkedMix(mix) }),
      ...(changes.length === 0 ? {} : { thresholds: checkedThresholds(merged), test_profiles: Object.fromEntries(profiles) }),
    },
  };
}

function checkedMix(mix: Readonly<Record<string, number>>): Record<string, number> {
  const parsed = mixSchema.safeParse(mix);
  if (parsed.success) return parsed.data ?? {};
  const [problem] = problemsOf(parsed.error, mix);
  throw new ConfigError(['mix', ...(problem?.path ?? [])].join('.'), problem?.text ?? 'expected a map of weights by task');
}

function checkedThresholds(tree: unknown): ThresholdSettings {
  const parsed = thresholdsSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  const [problem] = problemsOf(parsed.error, tree);
  throw new ConfigError(['thresholds', ...(problem?.path ?? [])].join('.'), problem?.text ?? 'expected a map of thresholds');
}

/** A tree with one key set, or taken away when the text is empty. */
function withKey(tree: Record<string, unknown>, key: string, text: string): Record<string, unknown> {
  const at = key.lastIndexOf('.');
  const task = at > 0 && isShortName(key.slice(at + 1)) ? key.slice(0, at) : undefined;
  if (task !== undefined) {
    const inner = tree[task];
    const own = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
    const changed = withKey({ ...own }, key.slice(at + 1), text);
    const { [task]: _, ...others } = tree;
    return Object.keys(changed).length === 0 ? others : { ...others, [task]: changed };
  }
  const { [key]: _, ...rest } = tree;
  const value = text.trim();
  if (value === '') return rest;
  return { ...rest, [key]: /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value };
}

function textOf(value: ShortThreshold): string {
  if (typeof value !== 'object') return String(value);
  const window = value.for !== undefined ? ` for ${value.for}` : value.in !== undefined ? ` in ${value.in} of seconds` : '';
  return `${value.limit}${window}`;
}

function isShortName(key: string): boolean {
  return (SHORT_THRESHOLD_NAMES as readonly string[]).includes(key);
}
