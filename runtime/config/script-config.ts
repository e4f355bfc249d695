import type { LoadedConfig } from './load-config.ts';
import type { ConfigSettings } from './schema.ts';

type ImageSize = NonNullable<ConfigSettings['image_sizes']>[string];

/** The `config` of scripts. Their types of it are written by hand in `guest/config.d.ts`; a test compares the two. */
export interface ScriptConfig {
  readonly image_sizes: Readonly<Record<string, { width: number; height: number }>>;
  readonly test_mix: NonNullable<ConfigSettings['test_mix']>;
  readonly thresholds: NonNullable<ConfigSettings['thresholds']>;
  readonly test_profiles: NonNullable<ConfigSettings['test_profiles']>;
}

/** The part of config.yaml that scripts see as `config`: sizes as numbers, and nothing of the environments. The init pass needs it before there is a plan. */
export function scriptConfigOf({ settings }: Pick<LoadedConfig, 'settings'>): ScriptConfig {
  const sizes = Object.entries(settings.image_sizes ?? {}).map(([name, size]) => [name, sizeOf(size)]);
  return {
    image_sizes: Object.fromEntries(sizes),
    test_mix: settings.test_mix ?? {},
    thresholds: settings.thresholds ?? {},
    test_profiles: settings.test_profiles ?? {},
  };
}

function sizeOf(size: ImageSize): { width: number; height: number } {
  if (typeof size !== 'string') return size;
  const [width, height] = size.split('x').map(Number);
  return { width: width as number, height: height as number };
}
