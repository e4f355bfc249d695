import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { environmentSchema } from './environment-schema.ts';
import { parseSection } from './parse-section.ts';
import type { Problem } from './problems.ts';
import { errorOfProblems } from './problems.ts';
import type { ConfigSettings } from './schema.ts';
import { configSchema } from './schema.ts';
import { withSetValues } from './set-values.ts';
import { substitute } from './variables.ts';
import { readYamlFile } from './yaml-file.ts';

/** A config.yaml that was found valid, or the built-in defaults. */
export interface LoadedConfig {
  /** Absolute; undefined: no file was found, and the built-in defaults hold. */
  readonly path: string | undefined;
  /** Folder that paths in the settings are relative to. */
  readonly folder: string;
  readonly settings: Omit<ConfigSettings, 'environments'>;
  /** As written: variables are filled in only for the environment that is selected. */
  readonly environments: Readonly<Record<string, unknown>>;
  readonly lineOf: (path: readonly PropertyKey[]) => number | undefined;
}

interface LoadOptions {
  /** Absolute path of the script; its folder is where the search begins. */
  readonly scriptPath?: string;
  readonly cwd: string;
  /** `--config FILE`, relative to `cwd`. */
  readonly configFlag?: string;
  /** `--set`, over what is written. */
  readonly sets?: readonly string[];
  readonly processEnv: Readonly<Record<string, string | undefined>>;
}

export const CONFIG_NAME = 'config.yaml';

/** What holds where there is no config.yaml: the API on this machine, or the embedded one; no profiles, no thresholds. */
const BUILT_IN_ENVIRONMENTS = { local: { base_url: 'http://localhost:8000' }, demo: { target: 'embedded', truth: 'shapes' } } as const;

const BUILT_IN = { value: { environments: BUILT_IN_ENVIRONMENTS }, lineOf: (): undefined => undefined };

/**
 * Finds, reads and checks config.yaml: `--config`, else the nearest one upwards from the script, else from the working folder.
 * @throws {ConfigError} with all problems of the file
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const path = findConfig(options);
  const { sets = [] } = options;
  const { value, lineOf } = path === undefined ? BUILT_IN : readYamlFile(path);
  const tree = withSetValues(withoutEmptySections(value ?? {}), sets);
  const environments = isMap(tree) && isMap(tree['environments']) ? tree['environments'] : {};
  const problems: Problem[] = [];

  const { environments: written, ...rest } = isMap(tree) ? tree : { environments: undefined };
  const isWhole = isMap(tree) && (written === undefined || isMap(written));
  // Environments are checked one by one: a variable that only another one needs must not stand in the way.
  const named = isWhole ? Object.fromEntries(Object.keys(environments).map((name) => [name, { base_url: 'http://localhost' }])) : written;
  const parsed = parseSection(
    configSchema,
    substitute(isMap(tree) ? { ...rest, ...(written === undefined ? {} : { environments: named }) } : tree, options.processEnv),
  );
  if (parsed.kind === 'bad') problems.push(...parsed.problems);
  for (const [name, entry] of Object.entries(environments)) {
    const substituted = substitute(entry, options.processEnv);
    const checked = parseSection(environmentSchema, substituted);
    const lacking = new Set<unknown>(substituted.problems);
    if (checked.kind === 'bad')
      for (const problem of checked.problems)
        if (!lacking.has(problem)) problems.push({ ...problem, path: ['environments', name, ...problem.path] });
  }
  if (parsed.kind === 'bad' || problems.length > 0) throw errorOfProblems(problems, { file: path ?? '--set', lineOf });
  const { environments: _, ...settings } = parsed.settings;
  const { scriptPath, cwd } = options;
  return {
    path,
    folder: path !== undefined ? dirname(path) : scriptPath === undefined ? cwd : dirname(scriptPath),
    settings,
    environments,
    lineOf,
  };
}

/** Absolute path of the config.yaml that holds; undefined when there is none. @throws {ConfigError} when `--config` names no file */
export function findConfig({ scriptPath, cwd, configFlag }: Omit<LoadOptions, 'processEnv'>): string | undefined {
  if (configFlag !== undefined) {
    const path = resolve(cwd, configFlag);
    if (!existsSync(path))
      throw new ConfigError('--config', `expected a file; got ${JSON.stringify(configFlag)}, and there is none at ${path}`);
    return path;
  }
  return (scriptPath === undefined ? undefined : nearestUpwards(dirname(resolve(cwd, scriptPath)))) ?? nearestUpwards(resolve(cwd));
}

function nearestUpwards(folder: string): string | undefined {
  const path = join(folder, CONFIG_NAME);
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : nearestUpwards(dirname(folder));
}

/** `thresholds:` with everything below it commented out is null in YAML, and means nothing. */
function withoutEmptySections(tree: unknown): unknown {
  return isMap(tree) ? Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== null)) : tree;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
