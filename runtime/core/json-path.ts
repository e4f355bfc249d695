// taken once: inside the sandbox a global is slow
const { isArray } = Array;
const { hasOwn } = Object;

/**
 * Follows a path such as `predictions`, `predictions.0.class` or `a["odd.key"]` into a parsed JSON value.
 * @returns undefined where nothing is; `a.length` and `a.#` count an array
 */
export function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of keysOf(path)) {
    if (at === null || typeof at !== 'object') return undefined;
    if (isArray(at) && (key === '#' || key === 'length')) at = at.length;
    else at = hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }
  return at;
}

/** Paths are few and come again and again. */
const known = new Map<string, readonly string[]>();
const KNOWN_MAX = 1_000;

function keysOf(path: string): readonly string[] {
  let keys = known.get(path);
  if (keys === undefined) {
    keys = parsePath(path);
    if (known.size < KNOWN_MAX) known.set(path, keys);
  }
  return keys;
}

function parsePath(path: string): string[] {
  const keys: string[] = [];
  for (const match of path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g))
    keys.push(match[1]?.replace(/\\(.)/g, '$1') ?? match[2] ?? match[3] ?? '');
  return keys;
}
