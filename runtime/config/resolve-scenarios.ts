import { ConfigError } from '../core/errors.ts';
import type { OpenScenarioPlan, ScenarioPlan } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import { hasLoadFlags, ONCE, withFlags } from './flag-load.ts';
import { checkedTags } from './flag-values.ts';
import type { RunFlags } from './flags.ts';
import type { LoadSettings } from './load-settings.ts';
import { settingsOfProfile } from './profile-load.ts';
import type { ProfileSettings } from './profile-schema.ts';
import { perSecondOf } from './rate-text.ts';
import { scenarioPlanOf } from './scenario-plan.ts';
import { USERS_MAX } from './schema-fields.ts';
import type { ScriptFacts } from './script-facts.ts';
import { settingsOfOptions, settingsOfScenario } from './script-load.ts';
import type { ScriptOptions, ScriptScenario } from './script-options-schema.ts';
import { optionDurationUs } from './script-options-schema.ts';
import { namesOf, unknownName } from './unknown-name.ts';

interface ScenariosInput {
  readonly flags: RunFlags;
  /** The profile named on the command line. */
  readonly profile: { readonly name: string; readonly settings: ProfileSettings } | undefined;
  readonly options: ScriptOptions;
  readonly script: Pick<ScriptFacts, 'exportNames'>;
  /** Gets a line for each decision worth telling. */
  readonly notes: string[];
  /** Most users of the environment. */
  readonly usersMax?: number | undefined;
}

/** Name of the one scenario of a profile, or of options without scenarios (k6's name for it). */
const ONLY_NAME = 'default';
/** VU numbers that a live change may add, for each scenario: apart from those of the plan and from each other. */
const EXTRA_VUS = 1_000_000;

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
  const atStartOf = (moment: ScenarioPlan): number =>
    scenarios
      .filter((other) => other.startTimeUs <= moment.startTimeUs && moment.startTimeUs < lengthOf([other]).withGraceUs)
      .reduce((sum, { users }) => sum + users, 0);
  return Math.max(0, ...scenarios.map(atStartOf));
}

/** Most starts a second that arrival rates plan at the same moment, over all scenarios. */
export function startsPerSecondAtOnce(scenarios: readonly ScenarioPlan[]): number {
  const open = scenarios.filter((scenario) => scenario.kind === 'open');
  const peakOf = ({ curve, timeUnitUs }: OpenScenarioPlan): number =>
    perSecondOf({ rate: Math.max(...curve.map(({ rate }) => rate)), timeUnitUs });
  const atStartOf = ({ startTimeUs: atUs }: OpenScenarioPlan): number =>
    open
      .filter((other) => other.startTimeUs <= atUs && atUs < other.startTimeUs + other.length.durationUs)
      .reduce((sum, other) => sum + peakOf(other), 0);
  return Math.max(0, ...open.map(atStartOf));
}

function onlyScenario({ flags, profile, options, script, notes, usersMax }: ScenariosInput): ScenarioPlan {
  const base: LoadSettings =
    profile !== undefined
      ? settingsOfProfile(profile.name, profile.settings)
      : options.scenarios !== undefined
        ? { where: 'the command line' }
        : replacedStages(flags, options, notes)
          ? { where: 'the command line' }
          : settingsOfOptions(options);
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
  const settings = { ...(flags.isOnce === true ? { ...base, ...ONCE } : withFlags(base, flags, notes)), ...iterationOf(options) };
  return scenarioPlanOf(settings, { name: ONLY_NAME, exec: 'default' }, { notes, usersMax });
}

/** Whether flags replace stages of the script's options whole, as they do its scenarios. */
function replacedStages(flags: RunFlags, { stages }: ScriptOptions, notes: string[]): boolean {
  const { duration, iterations, rate } = flags;
  if (stages === undefined || [duration, iterations, rate].every((flag) => flag === undefined)) return false;
  notes.push("the command line replaces the script's stages");
  return true;
}

function scenariosOfScript(scenarios: Readonly<Record<string, ScriptScenario>>, input: ScenariosInput): ScenarioPlan[] {
  const { flags, script, notes, usersMax } = input;
  const names = Object.keys(scenarios);
  if (names.length === 0) throw new ConfigError('options.scenarios', 'expected at least one scenario; got {}');
  const functions = script.exportNames.filter((name) => name !== 'options');
  return selectOf(flags, names, 'scenarios are in the options of the script').map((name) => {
    const scenario = scenarios[name] as ScriptScenario;
    const where = `options.scenarios.${name}`;
    const exec = scenario.exec ?? 'default';
    if (!functions.includes(exec)) throw unknownName(`${where}.exec`, exec, { kind: 'an exported function', known: functions });
    const base = settingsOfScenario(where, scenario);
    const isOnce = flags.isOnce === true;
    const startTimeUs = isOnce ? 0 : (optionDurationUs(scenario.startTime ?? 0) ?? 0);
    const tags = scenario.tags ?? {};
    checkedTags(`${where}.tags`, tags);
    const extras = { name, exec, startTimeUs, tags, env: scenario.env ?? {} };
    const settings = { ...base, ...(isOnce ? ONCE : {}), ...iterationOf(input.options) };
    return scenarioPlanOf(settings, extras, { notes, usersMax });
  });
}

/** How long an iteration is at the least: the script's, whatever says how many there are. */
function iterationOf({ minIterationDuration }: ScriptOptions): Pick<LoadSettings, 'iterationUsMin'> {
  return minIterationDuration === undefined ? {} : { iterationUsMin: optionDurationUs(minIterationDuration) };
}

/** The scenarios named by `--scenario`, in the order of the script; all of them without it. */
function selectOf({ scenarios: wanted }: RunFlags, known: readonly string[], hint: string): readonly string[] {
  if (wanted === undefined) return known;
  for (const name of wanted) if (!known.includes(name)) throw unknownName('--scenario', name, { kind: 'a scenario', known, hint });
  return known.filter((name) => wanted.includes(name));
}

function numbered(scenarios: readonly ScenarioPlan[]): ScenarioPlan[] {
  let vuOffset = 0;
  return scenarios.map((scenario, i) => {
    const placed = { ...scenario, vuOffset, extraVuOffset: EXTRA_VUS * (i + 1) };
    vuOffset += scenario.users;
    return placed;
  });
}

function refuseFlags(flags: RunFlags): void {
  if (flags.isOnce !== true) return;
  const beside = (['users', 'duration', 'iterations', 'stages', 'rate'] as const).find((key) => flags[key] !== undefined);
  if (beside !== undefined)
    throw new ConfigError(
      '--once',
      `expected no --${beside === 'stages' ? 'stage' : beside} beside it, because it is one iteration of one user; got both`,
    );
}

/** k6's conflicts. */
function refuseBesideScenarios(options: ScriptOptions, notes: string[]): void {
  const beside = (['duration', 'iterations', 'stages', 'shape'] as const).find((key) => options[key] !== undefined);
  if (beside !== undefined) throw new ConfigError('options', `expected ${beside} or scenarios; got both`);
  if (options.vus !== undefined) notes.push('options.vus has no effect beside scenarios');
}

function hasLoad({ vus, duration, iterations, stages, shape }: ScriptOptions): boolean {
  return [vus, duration, iterations, stages, shape].some((option) => option !== undefined);
}
