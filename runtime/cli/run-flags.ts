import type { TargetFlags, UiFlags } from '../commands/inputs.ts';
import type { ClusterFlags } from '../commands/k8s/cluster-settings.ts';
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

/** How the web UI is wanted; undefined: not at all. @param token - of the variable alone: a flag would be seen by everyone on the machine */
export function uiFlagsOf(values: TypedValues, mode: UiFlags['mode'], token: string | undefined): UiFlags | undefined {
  const address = textOf(values, 'ui');
  if (mode === 'run' && (address === undefined || switchOf(values, 'headless') === true)) return undefined;
  return {
    address: address === undefined || address === '' ? listenTextOf(values) : address,
    mode,
    isAutostart: switchOf(values, 'autostart') ?? false,
    ...given({
      token,
      autoquit: textOf(values, 'autoquit'),
      basePath: textOf(values, 'base-path'),
      isProxyTrusted: switchOf(values, 'trust-proxy'),
    }),
  };
}

/** `--host` and `--port` as one. */
function listenTextOf(values: TypedValues): string {
  const [host, port] = [textOf(values, 'host'), textOf(values, 'port')];
  if (host === undefined) return port ?? '';
  return `${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port ?? UI_PORT}`;
}

const UI_PORT = 8089;

/** The flags of the target as its own parser wants them. */
export function targetFlagsOf(typed: TypedValues, variables: TypedValues): TargetFlags {
  const values = { ...variables, ...typed };
  return given({
    port: textOf(values, 'port'),
    host: textOf(values, 'host'),
    latency: textOf(values, 'latency'),
    slots: textOf(values, 'slots'),
    queue: textOf(values, 'queue'),
    errorRate: textOf(values, 'error-rate'),
    coldStart: textOf(values, 'cold-start'),
    seed: textOf(values, 'seed'),
    serverTiming: switchOf(values, 'server-timing')?.toString(),
  });
}

/** The flags of the cluster as `stressrun k8s` wants them. */
export function clusterFlagsOf(values: TypedValues): ClusterFlags {
  return given({
    image: textOf(values, 'image'),
    namespace: textOf(values, 'namespace'),
    targetPods: textOf(values, 'target-pods'),
    targetPort: textOf(values, 'target-port'),
    resultsClaim: textOf(values, 'results-claim'),
    files: textOf(values, 'files'),
  });
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
