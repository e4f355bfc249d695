import type { RunFlags } from '../config/flags.ts';
import { ConfigError } from '../core/errors.ts';
import { given, listOf, pairsOf, SEE_HELP, switchOf, type TypedValues, textOf } from './typed-values.ts';

/**
 * What was typed, as config reads it; flags win over variables.
 * @throws {ConfigError} for what config never sees: two environments, a tag without `=`
 */
export function runFlagsOf(script: string, typed: TypedValues, variables: TypedValues): RunFlags {
  const values = { ...variables, ...typed };
  const { environment, variables: scriptVariables } = environmentOf(typed, variables);
  const tags = listOf(values, 'tag');
  const scenarios = namesOf(values, 'scenario');
  const optional = given({
    config: textOf(values, 'config'),
    environment,
    baseUrl: textOf(values, 'base-url'),
    profile: textOf(values, 'profile'),
    users: textOf(values, 'users'),
    duration: textOf(values, 'duration'),
    iterations: textOf(values, 'iterations'),
    stages: listOf(values, 'stage'),
    rate: textOf(values, 'rate'),
    isOnce: switchOf(values, 'once'),
    seed: textOf(values, 'seed'),
    workers: textOf(values, 'workers'),
    variables: scriptVariables,
    tags: tags === undefined ? undefined : pairsOf('--tag', tags),
    scenarios,
    sets: listOf(values, 'set'),
    thresholdTexts: listOf(values, 'threshold'),
    onlyTags: namesOf(values, 'tags'),
    exceptTags: namesOf(values, 'exclude-tags'),
    by: namesOf(values, 'by'),
    allowProduction: listOf(values, 'allow-production'),
    onInconclusive: textOf(values, 'on-inconclusive'),
    isStrict: switchOf(values, 'strict'),
    httpDebug: textOf(values, 'http-debug'),
    outs: listOf(values, 'out'),
  });
  return { script, ...optional };
}

/** `a,b` and again `c`. */
export function namesOf(values: TypedValues, flag: string): string[] | undefined {
  return listOf(values, flag)?.flatMap((names) => names.split(',').map((name) => name.trim()));
}

/** `-e` means two things: with an `=` a variable of the script, without one the environment. */
function environmentOf(
  typed: TypedValues,
  variables: TypedValues,
): { environment: string | undefined; variables: Record<string, string> | undefined } {
  const given = listOf(typed, 'env') ?? [];
  const preset = listOf(variables, 'env') ?? [];
  const pairs = [...preset, ...given].filter(isPair);
  const names = [...new Set(given.filter((text) => !isPair(text)))];
  if (names.length > 1) {
    throw new ConfigError('--env', `expected one environment; got ${names.map((name) => JSON.stringify(name)).join(' and ')}`, {
      hint: 'a variable of the script is -e KEY=VALUE',
    });
  }
  if (names[0] === '') throw new ConfigError('--env', 'expected the name of an environment or KEY=VALUE; got ""', { hint: SEE_HELP });
  return {
    environment: names[0] ?? preset.find((text) => !isPair(text)),
    variables: pairs.length === 0 ? undefined : pairsOf('--env', pairs),
  };
}

function isPair(text: string): boolean {
  return text.includes('=');
}
