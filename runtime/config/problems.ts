import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { insteadOfKey } from './other-tools-keys.ts';
import { guessOf } from './unknown-name.ts';

/** Something wrong at a place of a file or of an object. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** The key below `path` that should not be there: its line is the one to look at. */
  readonly key?: string;
  /** `expected …; got …` */
  readonly text: string;
}

/** Problems told at once at most. */
const PROBLEMS_MAX = 10;
const GOT_LENGTH_MAX = 80;
/** Values below these keys are never printed. */
const SECRET_KEYS: ReadonlySet<PropertyKey> = new Set(['auth', 'secrets', 'headers', 'passphrase', 'proxy']);

type Issue = z.core.$ZodIssue;

/** What zod found, in words: what is allowed and what came, with the nearest match for an unknown key. */
export function problemsOf(error: z.ZodError, input: unknown): Problem[] {
  const problems = error.issues.flatMap((issue) => problemsOfIssue(issue, [], input));
  // A text that breaks two rules of its field is told once.
  const seen = new Set<string>();
  return problems.filter(({ path, text }) => {
    const key = `${JSON.stringify(path)} ${text}`;
    return !seen.has(key) && seen.add(key);
  });
}

function problemsOfIssue(issue: Issue, prefix: readonly PropertyKey[], input: unknown): Problem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ');
    return issue.keys.map((key) => ({
      path,
      key,
      text: `expected the keys ${issue.message}; got ${JSON.stringify(key)}${insteadOfKey(key) ?? guessOf(key, known)}`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const meant = meantBranch(issue.errors as readonly (readonly Issue[])[]);
    if (meant !== undefined) return meant.flatMap((inner) => problemsOfIssue(inner, path, input));
  }
  if (issue.code === 'invalid_value') {
    const got = valueIn(input, path);
    const guess = typeof got === 'string' ? guessOf(got, issue.values.map(String)) : '';
    return [{ path, text: `expected ${issue.message}; got ${gotText(got, path)}${guess}` }];
  }
  if (isRule(issue)) return [{ path, text: issue.message }];
  if (issue.code === 'invalid_key')
    return [{ path: path.slice(0, -1), text: `expected ${issue.issues[0]?.message ?? issue.message}; got ${gotText(path.at(-1), [])}` }];
  return [{ path, text: `expected ${issue.message}; got ${gotText(valueIn(input, path), path)}` }];
}

/** The branch of a union whose type fits is the one that was meant, and its problems lie deeper: of several, the one with the fewest unknown keys. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter(
    (issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys' || isRule(issue)),
  );
  const strangersIn = (issues: readonly Issue[]): number =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0), 0);
  return fitting.sort((a, b) => strangersIn(a) - strangersIn(b))[0];
}

/** A rule over several fields is only reached when each of them is right. */
function isRule(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.['isWhole'] === true;
}

/** What came, as JSON, shortened; a secret only by its type. */
export function gotText(value: unknown, path: readonly PropertyKey[] = []): string {
  if (value === undefined) return 'nothing';
  if (path.some((key) => SECRET_KEYS.has(key)))
    return value === null ? 'null' : `a ${Array.isArray(value) ? 'list' : typeof value} (not shown)`;
  const json = withoutPassword(JSON.stringify(value) ?? String(value));
  return json.length > GOT_LENGTH_MAX ? `${json.slice(0, GOT_LENGTH_MAX)}…` : json;
}

/** User and password of a URL are nobody's business. */
function withoutPassword(text: string): string {
  return text.replace(/\/\/[^/@\s"]+@/g, '//***@');
}

/** The value at a path; undefined where nothing is. */
export function valueIn(root: unknown, path: readonly PropertyKey[]): unknown {
  let at = root;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[key];
  }
  return at;
}

/** `test_profiles.smoke.stages[0].target`; a key that is no plain word stands in brackets. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (/^[\w-]+$/.test(String(key))) text += text === '' ? String(key) : `.${String(key)}`;
    else text += `[${JSON.stringify(String(key))}]`;
  }
  return text;
}

/**
 * One error for all problems of a file or an object, one line each.
 * @param options.file - named in the error; `lineOf` finds the line of a path in it
 */
export function errorOfProblems(
  problems: readonly Problem[],
  options: { root?: readonly PropertyKey[]; file: string; lineOf?: (path: readonly PropertyKey[]) => number | undefined },
): ConfigError {
  const { root = [], file, lineOf } = options;
  const placed = problems.map(({ path, key, text }) => ({
    where: pathText([...root, ...path]),
    text,
    line: lineOf?.([...root, ...path, ...(key === undefined ? [] : [key])]),
  }));
  const [only] = placed;
  if (only !== undefined && placed.length === 1) {
    return new ConfigError(only.where === '' ? file : only.where, only.text, {
      hint: `in ${file}${only.line === undefined ? '' : `:${only.line}`}`,
    });
  }
  placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = placed
    .slice(0, PROBLEMS_MAX)
    .map(({ where, text, line }) => `\n  ${line === undefined ? '' : `line ${line}: `}${where === '' ? '' : `${where}: `}${text}`);
  const rest = placed.length - lines.length;
  return new ConfigError(file, `${placed.length} problems${lines.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`);
}
