import type { Problem } from './problems.ts';

/** A tree of config.yaml with its variables filled in as far as they are set. */
export interface Substituted {
  readonly value: unknown;
  /** Variables that are not set and have no default, and malformed ones; the text there is left as written. */
  readonly problems: readonly Problem[];
  /** Paths (as JSON) of texts that came from a variable: where a number is wanted, they may be one. */
  readonly filledPaths: ReadonlySet<string>;
}

/** `$${` is a plain `${`; otherwise everything up to the brace is one reference. */
const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g;
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Fills `${VAR}` and `${VAR:-default}` in all texts (not in keys). As in a shell, the default also stands in for an empty variable.
 * What a variable brings is not looked at again.
 */
export function substitute(root: unknown, env: Readonly<Record<string, string | undefined>>): Substituted {
  const problems: Problem[] = [];
  const filledPaths = new Set<string>();

  const fill = (text: string, path: readonly PropertyKey[]): string =>
    text.replace(REFERENCE, (whole: string, body: string | undefined, end: string | undefined) => {
      if (whole === '$${') return '${';
      const parts = end === '}' ? NAME_AND_DEFAULT.exec(body ?? '') : null;
      if (parts === null) {
        problems.push({ path, text: `expected \${NAME} or \${NAME:-default} ($\${ for a plain \${); got ${JSON.stringify(whole)}` });
        return whole;
      }
      const [, name, fallback] = parts as unknown as [string, string, string | undefined];
      const value = env[name];
      filledPaths.add(JSON.stringify(path));
      if (value !== undefined && (value !== '' || fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      problems.push({
        path,
        text: `expected the environment variable ${name} to be set; it is not (\${${name}:-default} gives a default)`,
      });
      return whole;
    });

  const walk = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') return value.includes('${') ? fill(value, path) : value;
    if (Array.isArray(value)) return value.map((item, i) => walk(item, [...path, i]));
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
    return value;
  };

  return { value: walk(root, []), problems, filledPaths };
}
