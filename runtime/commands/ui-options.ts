import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { resolveEnvironment } from '../config/environment.ts';
import { thresholdTexts } from '../config/form-overrides.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { settingsOfProfile } from '../config/profile-load.ts';
import type { ProfileSettings } from '../config/profile-schema.ts';
import { unknownName } from '../config/unknown-name.ts';
import { ConfigError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import { formatDurationUs } from '../core/units.ts';
import { availableCores } from '../monitor/machine-load.ts';
import { counted } from '../run/scenario-text.ts';
import type { Options, StartForm } from '../views/api.ts';

/** Folders of a project that scripts are started from. */
const SCRIPT_FOLDERS = ['scripts', 'examples'];
const SCRIPT_FILE = /\.(?:ts|js|mts|mjs)$/;
const DEPTH_MAX = 4;
const SCRIPTS_MAX = 500;

/** What a script turned out to have when it was planned. */
export interface PlannedScript {
  readonly tasks: readonly string[];
  /** Names of the scenarios of its options. */
  readonly scenarios: readonly string[];
}

/** What was typed, as far as the form may know it. */
interface Typed {
  readonly defaults: StartForm;
  /** Names of variables. */
  readonly variables?: readonly string[];
}

/** What the form of the web UI offers. @param plannedOf - a script as far as it is known */
export function optionsOf(
  config: LoadedConfig,
  { defaults, variables = [] }: Typed,
  plannedOf: (path: string) => PlannedScript | undefined,
): Options {
  const { settings, environments } = config;
  const mix = { ...settings.test_mix };
  const names = Object.keys(environments);
  const byDefault = defaults.environment ?? settings.defaults?.environment ?? (names.length === 1 ? names[0] : undefined);
  return {
    version: PACKAGE.version,
    scripts: scriptPathsIn(config.folder).map((path) => scriptOf(config.folder, path, { mix, planned: plannedOf(path) })),
    environments: names.map((name) => environmentOf(config, name, name === byDefault)),
    profiles: Object.entries(settings.test_profiles ?? {}).map(([name, profile]) => profileOf(name, profile)),
    mix,
    thresholds: thresholdTexts(settings.thresholds ?? {}),
    defaults,
    variables: [...variables],
    workers: availableCores(),
  };
}

/** Paths from the project's folder, with `/`. Links are not followed. */
export function scriptPathsIn(folder: string): string[] {
  const found: string[] = [];
  const visit = (at: string, depth: number): void => {
    if (depth > DEPTH_MAX || !existsSync(at) || lstatSync(at).isSymbolicLink()) return;
    for (const entry of readdirSync(at, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')) visit(path, depth + 1);
      else if (
        entry.isFile() &&
        SCRIPT_FILE.test(entry.name) &&
        !/\.(?:d|config|test)\.\w+$/.test(entry.name) &&
        found.length < SCRIPTS_MAX
      )
        found.push(relative(folder, path).split(sep).join('/'));
    }
  };
  for (const name of SCRIPT_FOLDERS) visit(join(folder, name), 1);
  return found;
}

/**
 * Absolute path of a script that a form names: one of those offered, or the one on the command line.
 * @throws {ConfigError} for anything else, wherever it lies
 */
export function scriptPathOf(folder: string, path: string | undefined, given: string | undefined): string {
  if (path === undefined || path === '') {
    if (given !== undefined) return resolve(given);
    throw new ConfigError('script', 'expected a script; got none');
  }
  const offered = scriptPathsIn(folder);
  if (given !== undefined && (path === given || (!offered.includes(path) && resolve(folder, path) === resolve(given))))
    return resolve(given);
  if (!offered.includes(path)) throw unknownName('script', path, { kind: 'a script', known: offered });
  const absolute = join(folder, path);
  // a folder above it may be a link too
  const isInside = realpathSync(absolute).startsWith(realpathSync(folder) + sep);
  if (!isInside) throw new ConfigError('script', `expected a script in the project's folder; ${JSON.stringify(path)} leads out of it`);
  return absolute;
}

function scriptOf(
  folder: string,
  path: string,
  { mix, planned }: { mix: Readonly<Record<string, number>>; planned: PlannedScript | undefined },
): Options['scripts'][number] {
  const text = readFileSync(join(folder, path), 'utf8');
  const isOfMix = /\bconfig\.test_mix\b/.test(text);
  return {
    path,
    hasDefault: /\bexport\s+default\b|\bas\s+default\b/.test(text),
    tasks: [...(planned?.tasks ?? (isOfMix ? Object.keys(mix) : []))],
    scenarios: [...(planned?.scenarios ?? [])],
  };
}

/** An environment that cannot be resolved, for want of a variable say, is offered all the same: starting it says what is missing. */
function environmentOf(config: LoadedConfig, name: string, isDefault: boolean): Options['environments'][number] {
  try {
    const { baseUrl, isProduction, usersMax, rpsMax, target } = resolveEnvironment({
      flags: { environment: name },
      config,
      processEnv: process.env,
    });
    return {
      name,
      baseUrl: target === 'embedded' ? 'built-in inference server' : baseUrl,
      isProduction,
      ...(usersMax === undefined ? {} : { usersMax }),
      ...(rpsMax === undefined ? {} : { rpsMax }),
      isDefault,
    };
  } catch {
    const { production } = (config.environments[name] ?? {}) as { production?: unknown };
    return { name, baseUrl: '', isProduction: production === true || production === 'true', isDefault };
  }
}

function profileOf(name: string, profile: ProfileSettings): Options['profiles'][number] {
  const { users, durationUs, open, iterations, stages, shape } = settingsOfProfile(name, profile);
  const lengthUs = stages === undefined ? durationUs : stages.reduce((sum, stage) => sum + stage.durationUs, 0);
  const rate =
    open === undefined ? null : (Math.max(open.rate, ...(stages ?? []).map(({ target }) => target)) * 1_000_000) / open.timeUnitUs;
  const most = open === undefined ? Math.max(users ?? 0, ...(stages ?? []).map(({ target }) => target)) : (open.usersMax ?? null);
  const amount = rate === null ? counted(most ?? 0, 'user') : `${Number(rate.toPrecision(6))}/s`;
  const parts = [
    stages === undefined ? amount : `up to ${amount}`,
    iterations === undefined ? '' : `, ${counted(iterations, 'iteration')}`,
    lengthUs === undefined ? '' : ` for ${formatDurationUs(lengthUs)}`,
    shape === undefined ? '' : `, ${shape}`,
  ];
  return {
    name,
    description: profile.description ?? '',
    summary: parts.join(''),
    users: most,
    ratePerSecond: rate,
    durationS: lengthUs === undefined ? null : lengthUs / 1_000_000,
    thresholds: thresholdTexts(profile.thresholds ?? {}),
  };
}
