import { dirname, relative, resolve, sep } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { EnvironmentPlan, HealthCheckPlan, RunPlan, ScenarioPlan, ThresholdPlan, WarmUpPlan } from '../core/plan.ts';
import { requireDurationUs } from '../core/units.ts';
import { environmentNotes, resolveEnvironment, scriptVariables } from './environment.ts';
import { hasLoadFlags } from './flag-load.ts';
import { byFlag, checkedTags, durationFlag, iterationsFlag, rateFlag, usersFlag, wholeFlag, wordFlag } from './flag-values.ts';
import type { RunFlags } from './flags.ts';
import { CONFIG_NAME, type LoadedConfig } from './load-config.ts';
import type { ProfileSettings } from './profile-schema.ts';
import { resolveScenarios, startsPerSecondAtOnce, usersAtOnce } from './resolve-scenarios.ts';
import type { ConfigSettings } from './schema.ts';
import { scriptConfigOf } from './script-config.ts';
import type { ScriptFacts } from './script-facts.ts';
import { parseScriptOptions } from './script-options.ts';
import type { ScriptOptions } from './script-options-schema.ts';
import { optionDurationUs } from './script-options-schema.ts';
import { thresholdsOfFlags } from './threshold-flags.ts';
import type { ThresholdLayer } from './thresholds.ts';
import { resolveThresholds } from './thresholds.ts';
import { unknownName } from './unknown-name.ts';

interface PlanInput {
  readonly flags: RunFlags;
  readonly config: LoadedConfig;
  /** Absolute. */
  readonly scriptPath: string;
  readonly script: ScriptFacts;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly runId: string;
  /** See `seedOf`. */
  readonly seed: number;
  readonly coreCount: number;
  /** At least so many workers, each of another agent; default 1. */
  readonly workersMin?: number;
}

const WORKERS_MAX = 64;
/** Users, and of an arrival rate starts a second, that are worth a worker of their own. */
const USERS_PER_WORKER = 5;
const STARTS_PER_WORKER = 100;
/** Of setup() and of teardown(), as in k6. */
const HOOK_TIMEOUT_US_DEFAULT = 60_000_000;
/** Of handleSummary(), as in k6. */
const SUMMARY_TIMEOUT_US_DEFAULT = 120_000_000;
/** Longest that a warm-up waits for latencies to settle. */
const STABLE_MAX_DEFAULT = '60s';

/**
 * Everything a run does, from all that was said: config.yaml < script options < the profile < flags. Nothing is decided after this.
 * @throws {ConfigError} for anything that cannot be run
 */
export function resolvePlan(input: PlanInput): RunPlan {
  const { flags, config, scriptPath, script, processEnv, runId, seed, coreCount, workersMin = 1 } = input;
  const notes: string[] = [];
  if (config.path === undefined)
    notes.push(`no ${CONFIG_NAME} was found: the built-in environments hold, and there are no thresholds but the script's`);
  const { options, notes: optionNotes } = parseScriptOptions(script.options);
  notes.push(...optionNotes);
  const profile = flags.profile === undefined ? undefined : profileOf(flags.profile, config);
  const environment = withRequestRules(resolveEnvironment({ flags, config, processEnv }), options);
  notes.push(...environmentNotes(environment, config, processEnv));
  const scenarios = resolveScenarios({ flags, profile, options, script, notes, usersMax: environment.usersMax });
  boundLoad(scenarios, environment);
  const users = scenarios.reduce((sum, scenario) => sum + scenario.users, 0);
  const isTrial = scenarios.every(({ length }) => length.kind === 'iterations' && length.iterations === 1);
  const tags = { ...checkedTags('options.tags', options.tags ?? {}), ...checkedTags('--tag', flags.tags ?? {}) };
  const isScriptsOwnLoad = profile === undefined && !hasLoadFlags(flags) && flags.scenarios === undefined;
  const thresholds = resolveThresholds(layersOf({ config, options, profile, flags }), { script, scenarios, tags, isScriptsOwnLoad }, notes);
  return deepFrozen({
    version: 1,
    runId,
    seed,
    workers: workersOf(flags, { coreCount, workersMin, scenarios, users, notes }),
    scriptPath,
    configPath: config.path,
    profile: profile?.name,
    environment,
    scenarios,
    thresholds: isTrial ? withoutRate(thresholds, notes) : thresholds,
    healthCheck: healthCheckOf(config.settings.health_check),
    warmUp: isTrial ? withoutWarmUp(config.settings.warm_up, notes) : warmUpOf(config.settings.warm_up),
    setupTimeoutUs: timeoutUs(options.setupTimeout, HOOK_TIMEOUT_US_DEFAULT),
    teardownTimeoutUs: timeoutUs(options.teardownTimeout, HOOK_TIMEOUT_US_DEFAULT),
    handleSummaryTimeoutUs: timeoutUs(options.handleSummaryTimeout, SUMMARY_TIMEOUT_US_DEFAULT),
    scriptConfig: structuredClone({ ...scriptConfigOf(config) }),
    variables: scriptVariables(environment, flags),
    tags,
    ...(Object.keys(script.taskWeights ?? {}).length === 0 ? {} : { taskWeights: { ...script.taskWeights } }),
    isStrict: flags.isStrict ?? false,
    onInconclusive: flags.onInconclusive === undefined ? 'fail' : wordFlag('--on-inconclusive', flags.onInconclusive, ['fail', 'warn']),
    ...reportsByOf(flags, config.settings.reports?.by),
    httpDebug: httpDebugOf(flags.httpDebug),
    notes,
    allowPaths: allowPathsOf(config, scriptPath),
  });
}

/**
 * What can be refused without knowing the script: said before its pictures are rendered.
 * @throws {ConfigError}
 */
export function refuseEarly(flags: RunFlags, config: LoadedConfig): void {
  if (flags.profile !== undefined) profileOf(flags.profile, config);
  if (flags.users !== undefined) usersFlag(flags.users);
  if (flags.iterations !== undefined) iterationsFlag(flags.iterations);
  if (flags.duration !== undefined) durationFlag('--duration', flags.duration);
  if (flags.rate !== undefined) rateFlag(flags.rate);
  byFlag(flags.by ?? []);
  thresholdsOfFlags(flags.thresholdTexts ?? []);
}

function profileOf(name: string, config: LoadedConfig): { name: string; settings: ProfileSettings } {
  const profiles = config.settings.test_profiles ?? {};
  const settings = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  const hint =
    config.path === undefined
      ? `no ${CONFIG_NAME} was found; profiles are its test_profiles`
      : `profiles are test_profiles in ${config.path}`;
  if (settings === undefined) throw unknownName('--profile', name, { kind: 'a profile', known: Object.keys(profiles), hint });
  return { name, settings };
}

function layersOf({
  config,
  options,
  profile,
  flags,
}: {
  config: LoadedConfig;
  options: ScriptOptions;
  profile: { name: string; settings: ProfileSettings } | undefined;
  flags: RunFlags;
}): ThresholdLayer[] {
  return [
    { where: 'thresholds', settings: config.settings.thresholds ?? {}, isShared: true },
    { where: 'options.thresholds', settings: options.thresholds ?? {}, isShared: false },
    { where: `test_profiles.${profile?.name}.thresholds`, settings: profile?.settings.thresholds ?? {}, isShared: true },
    { where: '--threshold', settings: thresholdsOfFlags(flags.thresholdTexts ?? []), isShared: false },
  ];
}

function boundLoad(scenarios: readonly ScenarioPlan[], { name, usersMax, rpsMax }: EnvironmentPlan): void {
  const users = usersAtOnce(scenarios);
  if (usersMax !== undefined && users > usersMax) {
    throw new ConfigError(`environments.${name}.max_users`, `expected at most ${usersMax} users at once; got ${users}`, {
      hint: `give --users ${usersMax}, or raise max_users`,
    });
  }
  // Users are slowed down to max_rps while they run; starts that are due could only wait.
  const starts = startsPerSecondAtOnce(scenarios);
  if (rpsMax !== undefined && starts > rpsMax) {
    throw new ConfigError(
      `environments.${name}.max_rps`,
      `expected at most ${rpsMax} starts a second; got ${Number(starts.toPrecision(6))}`,
      {
        hint: `give --rate ${rpsMax}/s, or raise max_rps`,
      },
    );
  }
}

/** What the script says of all its requests, over what config.yaml says. */
function withRequestRules(environment: EnvironmentPlan, options: ScriptOptions): EnvironmentPlan {
  const { userAgent, maxRedirects, discardResponseBodies, noCookiesReset, noConnectionReuse, noVUConnectionReuse, batch, batchPerHost } =
    options;
  const others = Object.entries(environment.headers).filter(([name]) => name.toLowerCase() !== 'user-agent');
  return {
    ...environment,
    ...(userAgent === undefined ? {} : { headers: { ...Object.fromEntries(others), 'user-agent': userAgent } }),
    ...(noConnectionReuse === true ? { keepAlive: { ...environment.keepAlive, reuses: false } } : {}),
    requests: {
      ...environment.requests,
      ...(maxRedirects === undefined ? {} : { redirectsMax: maxRedirects }),
      ...(discardResponseBodies === undefined ? {} : { discardsBodies: discardResponseBodies }),
      ...(noCookiesReset === false ? { resetsCookies: true } : {}),
      ...(noVUConnectionReuse === true ? { closesConnections: true } : {}),
      ...(options.throw === true ? { throws: true } : {}),
      ...(batch === undefined ? {} : { batchMax: batch }),
      ...(batchPerHost === undefined ? {} : { batchPerHostMax: batchPerHost }),
    },
  };
}

/** One iteration is a trial, not a load: its rate says nothing, and there is nothing to warm up. */
function withoutRate(thresholds: readonly ThresholdPlan[], notes: string[]): ThresholdPlan[] {
  return thresholds.filter((threshold) => {
    if (threshold.special !== 'rps') return true;
    notes.push(`${threshold.source} is left out: one iteration has no rate`);
    return false;
  });
}

function withoutWarmUp(settings: ConfigSettings['warm_up'], notes: string[]): WarmUpPlan {
  if (warmUpOf(settings).kind !== 'none') notes.push('warm_up is left out: one iteration is all there is');
  return { kind: 'none' };
}

function workersOf(
  flags: RunFlags,
  {
    coreCount,
    workersMin,
    scenarios,
    users,
    notes,
  }: { coreCount: number; workersMin: number; scenarios: readonly ScenarioPlan[]; users: number; notes: string[] },
): number {
  const most = Math.max(1, users);
  if (flags.workers === undefined) {
    const wished = Math.min(Math.max(workersMin, workersFor(scenarios)), most);
    if (wished < workersMin)
      notes.push(`${workersMin - wished} of ${workersMin} agents have nothing to do, because there are no more users`);
    return Math.max(1, Math.min(coreCount, WORKERS_MAX, wished));
  }
  const wanted = wholeFlag('--workers', flags.workers, { what: 'workers', min: 1, max: WORKERS_MAX });
  if (wanted > most) notes.push(`${most} worker${most === 1 ? '' : 's'} instead of ${wanted}, because there are no more users`);
  return Math.min(wanted, most);
}

/** As many as have enough to do: users that share a worker wait for no other one. */
function workersFor(scenarios: readonly ScenarioPlan[]): number {
  const shares = scenarios.map((scenario) => {
    const byUsers = scenario.users / USERS_PER_WORKER;
    return scenario.kind === 'closed' ? byUsers : Math.min(byUsers, startsPerSecondAtOnce([scenario]) / STARTS_PER_WORKER);
  });
  return Math.ceil(shares.reduce((sum, share) => sum + share, 0));
}

function healthCheckOf(settings: ConfigSettings['health_check']): HealthCheckPlan {
  return {
    path: settings?.path ?? '/health',
    expect: settings?.expect ?? {},
    waitUs: requireDurationUs('health_check.wait', settings?.wait ?? '0s'),
    onFailure: settings?.on_failure ?? 'warn',
  };
}

function warmUpOf(settings: ConfigSettings['warm_up']): WarmUpPlan {
  if (settings === undefined) return { kind: 'none' };
  if (typeof settings === 'object' && 'until' in settings)
    return { kind: 'stable', durationUsMax: requireDurationUs('warm_up.max', settings.max ?? STABLE_MAX_DEFAULT) };
  if (typeof settings === 'object' && 'requests' in settings)
    return settings.requests === 0 ? { kind: 'none' } : { kind: 'requests', requests: settings.requests };
  const durationUs = requireDurationUs('warm_up', typeof settings === 'string' ? settings : settings.duration);
  return durationUs === 0 ? { kind: 'none' } : { kind: 'duration', durationUs };
}

function timeoutUs(value: string | number | undefined, defaultUs: number): number {
  return value === undefined ? defaultUs : (optionDurationUs(value) ?? defaultUs);
}

function reportsByOf(flags: RunFlags, ofConfig: readonly string[] | undefined): Pick<RunPlan, 'reportsBy'> {
  const by = flags.by === undefined ? ofConfig : byFlag(flags.by);
  return by === undefined || by.length === 0 ? {} : { reportsBy: [...new Set(by)] };
}

function httpDebugOf(text: string | undefined): RunPlan['httpDebug'] {
  if (text === undefined) return 'off';
  if (['', 'true', 'full'].includes(text)) return 'all';
  return wordFlag('--http-debug', text, ['failed', 'all', 'off']);
}

/** The project's folder: that of config.yaml when the script lies in it, else the script's. */
export function allowPathsOf({ path, folder, settings }: LoadedConfig, scriptPath: string): string[] {
  const isInside = path !== undefined && !relative(folder, scriptPath).split(sep).includes('..');
  const project = isInside ? folder : dirname(scriptPath);
  return [...new Set([project, ...(settings.allow_paths ?? []).map((allowed) => resolve(folder, allowed))])];
}

function deepFrozen<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFrozen(inner);
  return Object.freeze(value);
}
