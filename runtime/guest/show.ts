import { LIMITS } from '../core/mailbox.ts';
import { GuestSearchParams, GuestUrl } from './url.ts';

const DEPTH_MAX = 4;
const ITEMS_MAX = 50;

/** How much of a message may still be written: a value is not looked at any further when that is used up. */
export interface Budget {
  left: number;
}

/** A value as text, as consoles show it; never throws, never calls what it shows. */
export function show(value: unknown, budget: Budget = { left: LIMITS.logLength }, seen: readonly object[] = []): string {
  if (budget.left <= 0) return '…';
  if (value === null || typeof value !== 'object') return spend(budget, shownPrimitive(value, seen.length > 0));
  if (seen.includes(value)) return '[circular]';
  if (seen.length >= DEPTH_MAX) return '…';
  try {
    return showObject(value, budget, [...seen, value]);
  } catch {
    return '[object that throws when looked at]';
  }
}

function spend(budget: Budget, text: string): string {
  budget.left -= text.length;
  return text;
}

export function start(text: string): string {
  return text.length > LIMITS.logLength ? `${text.slice(0, LIMITS.logLength)}…` : text;
}

function shownPrimitive(value: unknown, isQuoted: boolean): string {
  if (typeof value === 'string') return isQuoted ? JSON.stringify(start(value)) : start(value);
  if (typeof value === 'bigint') return `${start(String(value))}n`;
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'symbol') return start(String(value));
  return String(value);
}

function showObject(value: object, budget: Budget, seen: readonly object[]): string {
  const inner = (item: unknown): string => show(item, budget, seen);
  if (value instanceof Error) return spend(budget, start(errorText(value, inner)));
  if (value instanceof RegExp) return spend(budget, start(RegExp.prototype.toString.call(value)));
  if (Array.isArray(value)) return `[${listOf(value, inner)}]`;
  if (ArrayBuffer.isView(value))
    return `${value.byteLength} bytes${value instanceof DataView ? '' : ` [${listOf(value as Uint8Array, inner)}]`}`;
  if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return `Map ${braced(firstOf(value, ([key, item]) => `${inner(key)} => ${inner(item)}`))}`;
  if (value instanceof Set) return `Set ${braced(firstOf(value, inner))}`;
  if (value instanceof WeakMap) return 'WeakMap {}';
  if (value instanceof WeakSet) return 'WeakSet {}';
  if (value instanceof Promise) return 'Promise {}';
  if (value instanceof String || value instanceof Number || value instanceof Boolean) return inner(value.valueOf());
  if (value instanceof GuestUrl || value instanceof GuestSearchParams) return spend(budget, start(String(value)));
  const entry = (key: string): string => `${spend(budget, start(key))}: ${inner((value as Record<string, unknown>)[key])}`;
  return braced(firstOf(Object.keys(value), entry));
}

function braced(items: string): string {
  return items === '' ? '{}' : `{ ${items} }`;
}

function listOf(items: ArrayLike<unknown>, inner: (item: unknown) => string): string {
  const shown = Math.min(items.length, ITEMS_MAX);
  const texts = Array.from({ length: shown }, (_, i) => inner(items[i]));
  return `${texts.join(', ')}${items.length > shown ? ', …' : ''}`;
}

function firstOf<Item>(items: Iterable<Item>, showItem: (item: Item) => string): string {
  const texts: string[] = [];
  for (const item of items) {
    if (texts.length === ITEMS_MAX) return `${texts.join(', ')}, …`;
    texts.push(showItem(item));
  }
  return texts.join(', ');
}

/** Causes that are followed, and errors of an AggregateError that are shown. */
const INNER_MAX = 5;
const INNER_TEXT_MAX = 300;

/**
 * An error with what is inside: the first line names its causes and the errors of an AggregateError, then come its frames and the stacks of those.
 * @param inner - shows a value that is no Error
 */
function errorText(error: Error, inner: (value: unknown) => string): string {
  const stack = typeof error.stack === 'string' ? error.stack : 'Error';
  const within = innerOf(error);
  if (within.length === 0) return stack;
  const [head = '', ...rest] = stack.split('\n');
  const named = within.map(({ label, value }) => `${label} ${value instanceof Error ? headOf(value) : inner(value)}`).join('; ');
  const stacks = within.flatMap(({ label, value }) =>
    value instanceof Error && typeof value.stack === 'string' ? [`${label} ${value.stack}`] : [],
  );
  return [`${head} (${named.replace(/\s+/g, ' ').slice(0, INNER_TEXT_MAX)})`, ...rest, ...stacks].join('\n');
}

/** From the outside in. */
function innerOf(error: Error): { label: string; value: unknown }[] {
  const inner: { label: string; value: unknown }[] = [];
  const seen = new Set<unknown>([error]);
  let at: unknown = error;
  while (at instanceof Error && inner.length < INNER_MAX) {
    const { errors } = at as { errors?: unknown };
    if (Array.isArray(errors)) inner.push(...errors.slice(0, INNER_MAX).map((value: unknown) => ({ label: 'with', value })));
    const { cause } = at;
    if (cause === undefined || seen.has(cause)) break;
    seen.add(cause);
    inner.push({ label: 'caused by', value: cause });
    at = cause;
  }
  return inner;
}

function headOf(error: Error): string {
  return `${String(error.name)}: ${String(error.message)}`;
}

/** What a script threw, as text; it may be anything and must not hurt. */
export function describeThrown(thrown: unknown): string {
  let text: string;
  try {
    text = `${thrown instanceof Error ? '' : 'threw '}${show(thrown)}`;
  } catch {
    text = 'threw something that cannot be shown';
  }
  return text.slice(0, LIMITS.errorLength);
}
