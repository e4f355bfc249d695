import { ConfigError } from '../core/errors.ts';
import type { ScenarioPlan } from '../core/plan.ts';
import type { RunFlags } from './flags.ts';
import type { LoadSettings } from './load-settings.ts';
import { hasLoadFlags, settingsOfOptions, settingsOfProfile, withFlags } from './load-settings.ts';
import type { ProfileSettings } from './profile-schema.ts';
import { openModelError, scenarioPlanOf } from './scenario-plan.ts';
import { USERS_MAX } from './schema-fields.ts';
import type { ScriptFacts } from './script-facts.ts';
import type { ScriptOptions, ScriptScenario } from './script-options-schema.ts';
import { optionDurationUs, SCRIPT_SCENARIO_NAMES } from './script-options-schema.ts';
import { namesOf, unknownName } from './unknown-name.ts';

interface ScenariosInput {
  readonly flags: RunFlags;
  /** The profile named on the command line. */
  readonly profile: { readonly name: string; readonly settings: ProfileSettings } | undefined;
  readonly options: ScriptOptions;
  readonly script: Pick<ScriptFacts, 'exportNames'>;
  /** Gets a line for each decision worth telling. */
  readonly notes: string[];
}

/** Name of the one scenario of a profile, or of options without scenarios (k6's name for it). */
const ONLY_NAME = 'default';
const ONCE: Pick<LoadSettings, 'executor' | 'users' | 'iterations' | 'durationUs' | 'stages' | 'shape' | 'arrivalRate'> = {
  executor: undefined,
  users: 1,
  iterations: 1,
  durationUs: undefined,
  stages: undefined,
  shape: undefined,
  arrivalRate: undefined,
};

/** Script options < the profile < flags: load settings are replaced whole. @throws {ConfigError} */
export function resolveScenarios(input: ScenariosInput): ScenarioPlan[] {
  const { flags, options, profile, notes } = input;
  refuseFlags(flags);
  const ofScript = options.scenarios;
  const isReplaced = profile !== undefined || hasLoadFlags(flags);
  if (ofScript !== undefined && profile === undefined) refuseBesideScenarios(options, notes);
  if (ofScript !== undefined && isReplaced) {
    const who = profile === undefined ? 'the command line' : `profile ${profile.name}`;
    notes.push(`${who} replaces the script's scenarios (${namesOf(Object.keys(ofScript))})`);
  } else if (profile !== undefined && hasLoad(options)) {
    notes.push(`profile ${profile.name} replaces the load of the script's options`);
  }
  const scenarios = ofScript !== undefined && !isReplaced ? scenariosOfScript(ofScript, input) : [onlyScenario(input)];
  const withOffsets = numbered(scenarios);
  const total = withOffsets.reduce((sum, { users }) => sum + users, 0);
  if (total > USERS_MAX) throw new ConfigError('users', `expected at most ${USERS_MAX} users in all scenarios; got ${total}`);
  return withOffsets;
}

/** Most users that are there at the same moment, over all scenarios. */
export function usersAtOnce(scenarios: readonly ScenarioPlan[]): number {
  const endUs = ({ startTimeUs, length, gracefulStopUs }: ScenarioPlan): number =>
    startTimeUs + (length.kind === 'duration' ? length.durationUs : length.durationUsMax) + gracefulStopUs;
  const atStartOf = (moment: ScenarioPlan): number =>
    scenarios
      .filter((other) => other.startTimeUs <= moment.startTimeUs && moment.startTimeUs < endUs(other))
      .reduce((sum, { users }) => sum + users, 0);
  return Math.max(0, ...scenarios.map(atStartOf));
}

function onlyScenario({ flags, profile, options, script, notes }: ScenariosInput): ScenarioPlan {
  const base: LoadSettings =
    profile !== undefined
      ? settingsOfProfile(profile.name, profile.settings)
      : options.scenarios !== undefined
        ? { where: 'the command line' }
        : settingsOfOptions('options', options);
  if (!script.exportNames.includes('default')) {
    const needs = profile !== undefined ? `profile ${profile.name} runs` : 'a run without scenarios runs';
    const has = script.exportNames.length === 0 ? 'a script that exports nothing' : `a script that exports ${namesOf(script.exportNames)}`;
    const where = profile !== undefined ? '--profile' : 'default';
    throw new ConfigError(where, `expected a script with a default function, which is what ${needs}; got ${has}`, {
      hint: 'add: export default async function () { … }',
    });
  }
  selectOf(
    flags,
    [ONLY_NAME],
    profile === undefined ? 'the script names no scenarios' : `profile ${profile.name} replaces the script's scenarios`,
  );
  const settings = flags.isOnce === true ? { ...base, ...ONCE } : withFlags(base, flags);
  return scenarioPlanOf(settings, { name: ONLY_NAME, exec: 'default' }, notes);
}

function scenariosOfScript(scenarios: Readonly<Record<string, ScriptScenario>>, { flags, script, notes }: ScenariosInput): ScenarioPlan[] {
  const names = Object.keys(scenarios);
  if (names.length === 0) throw new ConfigError('options.scenarios', 'expected at least one scenario; got {}');
  const functions = script.exportNames.filter((name) => name !== 'options');
  return selectOf(flags, names, 'scenarios are in the options of the script').map((name) => {
    const scenario = scenarios[name] as ScriptScenario;
    const where = `options.scenarios.${name}`;
    const exec = scenario.exec ?? 'default';
    if (!functions.includes(exec)) throw unknownName(`${where}.exec`, exec, { kind: 'an exported function', known: functions });
    if (scenario.gracefulRampDown !== undefined) notes.push(`${where}.gracefulRampDown has no effect in this version`);
    if (!scenario.executor.endsWith('-arrival-rate')) {
      const idle = Object.keys(scenario).filter((key) => !SCRIPT_SCENARIO_NAMES.includes(key));
      for (const key of idle) notes.push(`${where}.${key} is not known and has no effect`);
    }
    const base = settingsOfOptions(where, scenario);
    const isOnce = flags.isOnce === true;
    const startTimeUs = isOnce ? 0 : (optionDurationUs(scenario.startTime ?? 0) ?? 0);
    return scenarioPlanOf(
      isOnce ? { ...base, ...ONCE } : base,
      { name, exec, startTimeUs, tags: scenario.tags ?? {}, env: scenario.env ?? {} },
      notes,
    );
  });
}

/** The scenarios named by `--scenario`, in the order of the script; all of them without it. */
function selectOf({ scenarios: wanted }: RunFlags, known: readonly string[], hint: string): readonly string[] {
  if (wanted === undefined) return known;
  for (const name of wanted) if (!known.includes(name)) throw unknownName('--scenario', name, { kind: 'a scenario', known, hint });
  return known.filter((name) => wanted.includes(name));
}

function numbered(scenarios: readonly ScenarioPlan[]): ScenarioPlan[] {
  let vuOffset = 0;
  return scenarios.map((scenario) => {
    const placed = { ...scenario, vuOffset };
    vuOffset += scenario.users;
    return placed;
  });
}

function refuseFlags(flags: RunFlags): void {
  if (flags.rate !== undefined) throw openModelError('--rate', JSON.stringify(flags.rate));
  if (flags.isOnce !== true) return;
  const beside = (['users', 'duration', 'iterations', 'stages'] as const).find((key) => flags[key] !== undefined);
  if (beside !== undefined)
    throw new ConfigError(
      '--once',
      `expected no --${beside === 'stages' ? 'stage' : beside} beside it, because it is one iteration of one user; got both`,
    );
}

/** k6's conflicts. */
function refuseBesideScenarios(options: ScriptOptions, notes: string[]): void {
  const beside = (['duration', 'iterations', 'stages'] as const).find((key) => options[key] !== undefined);
  if (beside !== undefined) throw new ConfigError('options', `expected ${beside} or scenarios; got both`);
  if (options.vus !== undefined) notes.push('options.vus has no effect beside scenarios');
}

function hasLoad({ vus, duration, iterations, stages }: ScriptOptions): boolean {
  return [vus, duration, iterations, stages].some((option) => option !== undefined);
}
