import { errorOfProblems, problemsOf } from './problems.ts';
import type { ScriptOptions } from './script-options-schema.ts';
import { SCRIPT_OPTION_NAMES, scriptOptionsSchema } from './script-options-schema.ts';
import { questionOf } from './unknown-name.ts';

/** k6's options that are understood and not acted on: worth a word, not a guess at a misspelling. */
const K6_ONLY: ReadonlySet<string> = new Set(
  (
    'paused executionSegment executionSegmentSequence noSetup noTeardown rps dns maxRedirects batch batchPerHost userAgent httpDebug ' +
    'insecureSkipTLSVerify tlsCipherSuites tlsVersion tlsAuth tlsAIAFetch throw blacklistIPs blockHostnames hosts localIPs noConnectionReuse noVUConnectionReuse ' +
    'minIterationDuration summaryTimeUnit systemTags metricSamplesBufferSize noCookiesReset discardResponseBodies consoleOutput cloud ext'
  ).split(' '),
);

/** Options of a script, checked, with a note for each that has no effect. @throws {ConfigError} for values of the wrong type or range */
export function parseScriptOptions(options: unknown): { options: ScriptOptions; notes: string[] } {
  const result = scriptOptionsSchema.safeParse(options ?? {});
  if (!result.success) throw errorOfProblems(problemsOf(result.error, options), { root: ['options'], file: 'script options' });
  const notes = Object.keys(result.data)
    .filter((key) => !SCRIPT_OPTION_NAMES.includes(key))
    .map((key) => {
      if (K6_ONLY.has(key)) return `options.${key} has no effect: it is one of k6's that this version does not have`;
      return `options.${key} is not known and has no effect${questionOf(key, SCRIPT_OPTION_NAMES)}`;
    });
  return { options: result.data, notes };
}
