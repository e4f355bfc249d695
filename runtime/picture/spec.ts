import { ConfigError } from '../core/errors.ts';
import { questionTo } from '../core/nearest.ts';

/** Formats that pictures are drawn in. */
export type DrawnFormat = 'jpeg' | 'png' | 'webp';

/** What `image.pool()` asks for, with every default filled in. */
export interface ResolvedImageSpec {
  readonly width: number;
  readonly height: number;
  readonly format: DrawnFormat;
  /** 1 to 100; png is lossless and takes no notice of it. */
  readonly quality: number;
  readonly content: 'scene' | 'noise' | 'gradient';
  /** Different pictures in the pool. */
  readonly variants: number;
  readonly unique: 'none' | 'bytes' | 'pixels';
}

const SIDE_MIN = 16;
const SIDE_MAX = 8192;
const PIXELS_MAX = 33_000_000;
const VARIANTS_MAX = 1000;

const DEFAULTS = { format: 'jpeg', quality: 85, content: 'scene', variants: 32, unique: 'none' } as const;
const FORMATS = ['jpeg', 'png', 'webp'] as const;
const CONTENTS = ['scene', 'noise', 'gradient'] as const;
const UNIQUES = ['none', 'bytes', 'pixels'] as const;
const KEYS = ['width', 'height', 'format', 'quality', 'content', 'variants', 'unique'];

/** Reads the argument of `image.pool()`. @throws {ConfigError} naming the key under `where`, what is allowed and what came */
export function resolveImageSpec(where: string, spec: unknown): ResolvedImageSpec {
  const fields = requireFields(where, spec, KEYS);
  return {
    ...requireSize(where, fields),
    format: requireOneOf(`${where}.format`, fields['format'] ?? DEFAULTS.format, FORMATS),
    quality: requireInteger(`${where}.quality`, fields['quality'] ?? DEFAULTS.quality, [1, 100]),
    content: requireOneOf(`${where}.content`, fields['content'] ?? DEFAULTS.content, CONTENTS),
    variants: requireInteger(`${where}.variants`, fields['variants'] ?? DEFAULTS.variants, [1, VARIANTS_MAX]),
    unique: requireOneOf(`${where}.unique`, fields['unique'] ?? DEFAULTS.unique, UNIQUES),
  };
}

/** A size to bring pictures to. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How files are taken by `image.file()` and `image.folder()`. */
export interface FileOptions {
  /** Absent: their bytes stay as they are. */
  readonly resize?: Size;
  readonly unique: 'none' | 'bytes';
}

const FILE_UNIQUES = ['none', 'bytes'] as const;

/** Reads the options of a call that takes files. @throws {ConfigError} as {@link resolveImageSpec} */
export function resolveFileOptions(where: string, options: unknown, keys: readonly string[]): FileOptions {
  const { resize, unique = 'none' } = requireFields(where, options ?? {}, keys, '');
  const size =
    resize === undefined ? {} : { resize: requireSize(`${where}: resize`, requireFields(`${where}: resize`, resize, ['width', 'height'])) };
  return { ...size, unique: requireOneOf(`${where}: unique`, unique, FILE_UNIQUES) };
}

/** The options of a call. @throws {ConfigError} when they are none, or one of them is not among `keys` */
export function requireFields(
  where: string,
  value: unknown,
  keys: readonly string[],
  ...[needed = ', of which width and height are needed']: [needed?: string]
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(where, `expected { ${keys.join(', ')} }${needed}; got ${shown(value)}`);
  }
  const stranger = Object.keys(value).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw new ConfigError(where, `expected ${keys.join(', ')}; got "${stranger}"`, questionTo(stranger, keys));
  return value as Record<string, unknown>;
}

function requireSize(where: string, fields: Record<string, unknown>): Size {
  const width = requireInteger(`${where}.width`, fields['width'], [SIDE_MIN, SIDE_MAX]);
  const height = requireInteger(`${where}.height`, fields['height'], [SIDE_MIN, SIDE_MAX]);
  if (width * height > PIXELS_MAX) {
    throw new ConfigError(
      where,
      `expected at most ${PIXELS_MAX / 1_000_000} million pixels; got ${width}x${height} = ${(width * height) / 1_000_000} million`,
    );
  }
  return { width, height };
}

function requireInteger(where: string, value: unknown, [min, max]: readonly [number, number]): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new ConfigError(where, `expected a whole number from ${min} to ${max}; got ${shown(value)}`);
  }
  return value;
}

function requireOneOf<T extends string>(where: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  throw new ConfigError(
    where,
    `expected ${allowed.join(', ')}; got ${shown(value)}`,
    typeof value === 'string' ? questionTo(value, allowed) : {},
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
}
