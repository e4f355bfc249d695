import type { z } from 'zod';
import type { Problem } from './problems.ts';
import { problemsOf, valueIn } from './problems.ts';
import type { Substituted } from './variables.ts';

/** Either the settings or what is wrong with them. */
export type Parsed<T> = { readonly kind: 'ok'; readonly settings: T } | { readonly kind: 'bad'; readonly problems: readonly Problem[] };

/**
 * Checks a tree against its schema. A text that came from a variable becomes a number or a boolean where the schema wants one:
 * `users: ${USERS:-5}` is five users, and a token of digits stays a text.
 */
export function parseSection<Schema extends z.ZodType>(
  schema: Schema,
  { value, problems, filledPaths }: Substituted,
): Parsed<z.output<Schema>> {
  const unset = new Set(problems.map((problem) => JSON.stringify(problem.path)));
  let tree = value;
  let result = schema.safeParse(tree);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const text = valueIn(tree, issue.path);
      if (filledPaths.has(JSON.stringify(issue.path)) && typeof text === 'string') tree = withValueAt(tree, issue.path, plainValueOf(text));
    }
    if (tree !== value) result = schema.safeParse(tree);
  }
  // What stands where a variable is missing says nothing about the file.
  const found = result.success ? [] : problemsOf(result.error, tree).filter((problem) => !unset.has(JSON.stringify(problem.path)));
  const all = [...problems, ...found];
  return all.length > 0 || !result.success ? { kind: 'bad', problems: all } : { kind: 'ok', settings: result.data };
}

function plainValueOf(text: string): unknown {
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

function withValueAt(tree: unknown, path: readonly PropertyKey[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(tree)) return tree.map((item, i) => (i === key ? withValueAt(item, rest, value) : item));
  return { ...(tree as object), [key]: withValueAt((tree as Record<PropertyKey, unknown>)[key], rest, value) };
}
