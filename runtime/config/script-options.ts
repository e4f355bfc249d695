import { ConfigError } from '../core/errors.ts';
import { insteadOfKey } from './other-tools-keys.ts';
import { errorOfProblems, problemsOf } from './problems.ts';
import type { ScriptOptions } from './script-options-schema.ts';
import { SCENARIO_KEYS, SCRIPT_OPTION_NAMES, scriptOptionsSchema } from './script-options-schema.ts';
import { guessOf } from './unknown-name.ts';

/** k6's options that change no load: worth a word, not a refusal. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  'tlsAIAFetch summaryTimeUnit systemTags metricSamplesBufferSize consoleOutput cloud ext'.split(' '),
);

const HOSTS = 'allow_hosts of the environment in config.yaml names the hosts that may be asked, and no others are';
const SEGMENTS = 'a run is of one machine; --rate and --users say how much of the load it makes';

/** k6's options without which the load would be another one, and what does the same here. */
const REMEDIES: Readonly<Record<string, string>> = {
  rps: 'max_rps of the environment in config.yaml holds requests back in the same way',
  paused: '--ui without --autostart waits for somebody to press Start',
  executionSegment: SEGMENTS,
  executionSegmentSequence: SEGMENTS,
  dns: 'dns of the environment in config.yaml says it: { ttl, select, family }',
  httpDebug: '--http-debug prints requests and answers',
  insecureSkipTLSVerify: 'tls.verify of the environment in config.yaml says it',
  tlsCipherSuites: 'the ciphers are those of Node',
  tlsVersion: 'tls.min_version of the environment in config.yaml says the lowest',
  tlsAuth: 'tls.client_certs of the environment in config.yaml says it',
  blacklistIPs: HOSTS,
  blockHostnames: HOSTS,
  hosts: 'hosts of the environment in config.yaml says it, with the same names and addresses',
  localIPs: 'requests leave by the address that the system chooses',
};

/** Options of a script, checked, with a note for each that has no effect. @throws {ConfigError} for values of the wrong type or range, and for names that would have changed the load */
export function parseScriptOptions(options: unknown): { options: ScriptOptions; notes: string[] } {
  const result = scriptOptionsSchema.safeParse(options ?? {});
  if (!result.success) throw errorOfProblems(problemsOf(result.error, options), { root: ['options'], file: 'script options' });
  const unknown = Object.keys(result.data).filter((key) => !SCRIPT_OPTION_NAMES.includes(key));
  for (const key of unknown) if (!WITHOUT_EFFECT.has(key)) throw refusalOf(key);
  return {
    options: result.data,
    notes: unknown.map((key) => `options.${key} has no effect: it is one of k6's that this version does not have`),
  };
}

function refusalOf(key: string): ConfigError {
  const remedy = Object.hasOwn(REMEDIES, key) ? REMEDIES[key] : undefined;
  if (remedy !== undefined)
    return new ConfigError(`options.${key}`, 'expected no such option of k6: the load would be another one without it', { hint: remedy });
  if (SCENARIO_KEYS.includes(key))
    return new ConfigError(`options.${key}`, 'expected it in a scenario, where it changes the load; got it beside them', {
      hint: `write options.scenarios.NAME.${key}, with the executor that the scenario is of`,
    });
  return new ConfigError(
    `options.${key}`,
    `expected an option that is known; got ${JSON.stringify(key)}${insteadOfKey(key) ?? guessOf(key, SCRIPT_OPTION_NAMES)}`,
    {
      hint: `options are ${SCRIPT_OPTION_NAMES.join(', ')}`,
    },
  );
}
