import { randomBytes } from 'node:crypto';
import type { ScriptBundle } from '../bundle/bundle-script.ts';
import { FACTORY_PARAMETERS, SCRIPT_FILE, wrapFactory } from '../bundle/factory.ts';
import { AVAILABLE_ENCODINGS, scriptVariables } from '../config/environment.ts';
import type { RunFlags } from '../config/flags.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { scriptConfigOf } from '../config/script-config.ts';
import type { GuestScenario, GuestSettings } from '../core/guest-settings.ts';
import { PACKAGE } from '../core/package-files.ts';
import type { EnvironmentPlan, RunPlan, ScenarioPlan } from '../core/plan.ts';
import { longestUs } from '../core/plan-length.ts';
import type { WorkerSetup } from '../messages/messages.ts';

const LOGS_PER_VU = 1_000;

/** What all workers of a run are told alike. */
export interface SharedSetup extends Omit<WorkerSetup, 'type' | 'share' | 'epochUs' | 'settings'> {
  readonly settings: Omit<GuestSettings, 'activity'>;
}

/** For module level alone, before there is a plan: one user, no scenario, and nobody who looks at requests or samples. */
export function moduleLevelSetup(
  what: { flags: RunFlags; seed: number; environment: EnvironmentPlan; config: LoadedConfig; bundle: ScriptBundle },
  guestText: string,
): SharedSetup {
  const { flags, seed, environment, config, bundle } = what;
  return {
    guestText,
    script: { code: wrapFactory(bundle.code), filename: SCRIPT_FILE, parameters: [...FACTORY_PARAMETERS] },
    version: PACKAGE.version,
    httpDebug: 'off',
    tags: {},
    wantsSamples: false,
    settings: {
      seed,
      usersTotal: 1,
      isStrict: flags.isStrict ?? false,
      usesContext: bundle.usesContext,
      scenarios: [],
      requests: {},
      config: scriptConfigOf(config),
      environment: {
        name: environment.name,
        base_url: environment.baseUrl,
        truth: environment.truth,
        production: environment.isProduction,
      },
      env: scriptVariables(environment, flags),
      logsPerVu: LOGS_PER_VU,
      taskTags: { only: flags.onlyTags ?? [], except: flags.exceptTags ?? [] },
      usesGlobalObject: /\b(globalThis|global|self|window)\b/.test(bundle.code),
      httpClient: environment.httpClient ?? 'own',
      bodyEncodings: AVAILABLE_ENCODINGS,
      judgesAnswers: /(?:\.|\[\s*["'`])fail\b/.test(bundle.code), // `.fail(` of an answer; that of `test` costs little
    },
  };
}

/** For the run, now that it is planned. @param what - `environment`: with the address that an embedded target got */
export function runSetup(
  { settings, ...shared }: SharedSetup,
  { plan, environment, wantsSamples }: { plan: RunPlan; environment: EnvironmentPlan; wantsSamples: boolean },
): SharedSetup {
  return {
    ...shared,
    httpDebug: plan.httpDebug,
    tags: { ...plan.tags },
    wantsSamples,
    settings: {
      ...settings,
      usersTotal: plan.scenarios.reduce((sum, scenario) => sum + scenario.users, 0),
      isStrict: plan.isStrict,
      scenarios: plan.scenarios.map(guestScenarioOf),
      requests: environment.requests ?? {},
      environment: { ...settings.environment, base_url: environment.baseUrl },
      env: { ...plan.variables },
    },
  };
}

/** What scripts are told of a scenario. */
function guestScenarioOf({ name, exec, executor, users, vuOffset, startTimeUs, length, env }: ScenarioPlan): GuestScenario {
  const iterations = length.kind === 'duration' ? 0 : length.iterations;
  const span = { startMs: startTimeUs / 1000, durationMs: longestUs(length) / 1000, iterations };
  return { name, exec, executor, users, vuOffset, ...span, env: { ...env } };
}

/** All that one worker is told. @param own - what of the run is its, and where the run's clock begins on its own */
export function setupOf({ settings, ...shared }: SharedSetup, own: Pick<WorkerSetup, 'share' | 'epochUs'>): WorkerSetup {
  const activity = { magic: newMagic(), rows: settings.usersTotal };
  return { type: 'configure', ...shared, ...own, settings: { ...settings, activity } };
}

/** Tells one worker's activity table from all other memory. */
function newMagic(): number[] {
  const bytes = randomBytes(16);
  return [0, 4, 8, 12].map((at) => bytes.readInt32LE(at));
}
