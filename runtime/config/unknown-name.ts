import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';

/** Names shown in a message at most; the rest is counted. */
const NAMES_MAX = 20;

/** `: did you mean "users"?`, or nothing. */
export function guessOf(name: string, known: readonly string[]): string {
  const nearest = nearestOf(name, known);
  return nearest === undefined ? '' : `: did you mean "${nearest}"?`;
}

/** `; did you mean "users"?`, or nothing: behind a sentence of its own. */
export function questionOf(name: string, known: readonly string[]): string {
  return guessOf(name, known).replace(/^:/, ';');
}

/** `a, b, c` with the rest counted; `none` when there are none. */
export function namesOf(known: readonly string[]): string {
  if (known.length === 0) return 'none';
  const rest = known.length - NAMES_MAX;
  return rest > 0 ? `${known.slice(0, NAMES_MAX).join(', ')} and ${rest} more` : known.join(', ');
}

/**
 * For a name that nobody knows: the list of the known ones and the nearest of them.
 * @param options - `kind` is what was expected, such as `a profile`; `hint` says where to look
 */
export function unknownName(where: string, name: string, options: { kind: string; known: readonly string[]; hint?: string }): ConfigError {
  const { kind, known, hint } = options;
  const choices = known.length === 0 ? `${kind}, but there is none` : `${kind}, one of ${namesOf(known)}`;
  return new ConfigError(
    where,
    `expected ${choices}; got ${JSON.stringify(name)}${guessOf(name, known)}`,
    hint === undefined ? {} : { hint },
  );
}
