import { parse } from 'yaml';
import { ConfigError } from '../core/errors.ts';

const PARTS = /"([^"]*)"|([^."]+)/g;

/**
 * A tree of config.yaml with the values of `--set`, which are checked with the rest of it.
 * @param sets - `key.path=VALUE`; a key with dots in it is in double quotes, the value is YAML; nothing behind the `=` takes the key away
 * @throws {ConfigError} for what is no such pair, or leads through what is no map
 */
export function withSetValues(tree: unknown, sets: readonly string[]): unknown {
  return sets.reduce((changed, text) => {
    const at = text.indexOf('=');
    const path = at <= 0 ? [] : pathOf(text.slice(0, at).trim());
    if (path.length === 0)
      throw new ConfigError(
        '--set',
        `expected a key of config.yaml and its value, such as thresholds.max_p95=2s; got ${JSON.stringify(text)}`,
      );
    return withValue(changed, path, { value: yamlValueOf(text, text.slice(at + 1)), text });
  }, tree);
}

function pathOf(text: string): string[] {
  const parts = [...text.matchAll(PARTS)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return text.replace(PARTS, '').replaceAll('.', '') === '' ? parts : [];
}

function yamlValueOf(text: string, written: string): unknown {
  try {
    return parse(written) as unknown;
  } catch (error) {
    throw new ConfigError(
      '--set',
      `expected YAML behind the "=" of ${JSON.stringify(text)}; ${(error as Error).message.split('\n', 1)[0]}`,
    );
  }
}

function withValue(tree: unknown, [key = '', ...rest]: readonly string[], what: { value: unknown; text: string }): unknown {
  if (tree !== undefined && tree !== null && (typeof tree !== 'object' || Array.isArray(tree)))
    throw new ConfigError(
      '--set',
      `expected the path to a key; in ${JSON.stringify(what.text)} there is no map around ${JSON.stringify(key)}`,
    );
  const { [key]: before, ...others } = (tree ?? {}) as Record<string, unknown>;
  if (rest.length > 0) return { ...(tree as object), [key]: withValue(before, rest, what) };
  return what.value === null ? others : { ...(tree as object), [key]: what.value };
}
