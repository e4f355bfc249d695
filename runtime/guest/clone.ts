import { namedError } from './bytes.ts';

/** A deep copy of plain values, arrays, maps, sets, dates, errors, patterns and bytes; what cannot be copied is refused. */
export function structuredClone<T>(value: T): T {
  return copyOf(value, new Map()) as T;
}

function copyOf(value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw namedError('DataCloneError', `structuredClone: a ${typeof value} cannot be copied`);
  if (value === null || typeof value !== 'object') return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy = leafOf(value);
  if (copy !== undefined) {
    seen.set(value, copy);
    return copy;
  }
  return deepCopyOf(value, seen);
}

/** Copies what holds nothing that has to be copied in turn. */
function leafOf(value: object): object | undefined {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof RegExp) return new RegExp(value.source, value.flags);
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof DataView) return new DataView(value.buffer.slice(0), value.byteOffset, value.byteLength);
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice();
  if (value instanceof Boolean || value instanceof Number || value instanceof String) return Object(value.valueOf()) as object;
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    throw namedError('DataCloneError', 'structuredClone: a promise, a WeakMap or a WeakSet cannot be copied');
  return undefined;
}

function deepCopyOf(value: object, seen: Map<unknown, unknown>): unknown {
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>();
    seen.set(value, copy);
    for (const [key, item] of value) copy.set(copyOf(key, seen), copyOf(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>();
    seen.set(value, copy);
    for (const item of value) copy.add(copyOf(item, seen));
    return copy;
  }
  if (value instanceof Error) return errorCopyOf(value, seen);
  const copy = (Array.isArray(value) ? new Array(value.length) : {}) as Record<string, unknown>;
  seen.set(value, copy);
  for (const [key, item] of Object.entries(value)) define(copy, key, copyOf(item, seen));
  return copy;
}

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } as const;

function errorCopyOf(value: Error, seen: Map<unknown, unknown>): Error {
  const Type = ERRORS[String(value.name) as keyof typeof ERRORS] ?? Error;
  const copy = new Type(String(value.message));
  seen.set(value, copy);
  define(copy, 'stack', String(value.stack));
  if ('cause' in value) define(copy, 'cause', copyOf(value.cause, seen));
  return copy;
}

/** Whatever the key is called: an assignment to `__proto__` would set the prototype. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: !(target instanceof Error), configurable: true });
}
