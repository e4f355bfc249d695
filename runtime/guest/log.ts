import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { textField, write } from './outbox.ts';
import type { Vu } from './state.ts';

const DEPTH_MAX = 4;
const ITEMS_MAX = 50;

/** How much of a message may still be written: a value is not looked at any further when that is used up. */
interface Budget {
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

function start(text: string): string {
  return text.length > LIMITS.logLength ? `${text.slice(0, LIMITS.logLength)}…` : text;
}

function shownPrimitive(value: unknown, isQuoted: boolean): string {
  if (typeof value === 'string') return isQuoted ? JSON.stringify(start(value)) : start(value);
  if (typeof value === 'bigint') return `${start(String(value))}n`;
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'symbol') return '[symbol]';
  return String(value);
}

function showObject(value: object, budget: Budget, seen: readonly object[]): string {
  const inner = (item: unknown): string => show(item, budget, seen);
  if (value instanceof Error) return spend(budget, typeof value.stack === 'string' ? start(value.stack) : 'Error');
  if (Array.isArray(value)) return `[${listOf(value, inner)}]`;
  if (ArrayBuffer.isView(value))
    return `${value.byteLength} bytes${value instanceof DataView ? '' : ` [${listOf(value as Uint8Array, inner)}]`}`;
  if (value instanceof ArrayBuffer) return `${value.byteLength} bytes`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return `Map { ${firstOf(value, ([key, item]) => `${inner(key)} => ${inner(item)}`)} }`;
  if (value instanceof Set) return `Set { ${firstOf(value, inner)} }`;
  const entry = (key: string): string => `${spend(budget, start(key))}: ${inner((value as Record<string, unknown>)[key])}`;
  return `{ ${firstOf(Object.keys(value), entry)} }`;
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

function writer(vu: Vu, level: number) {
  return (...values: unknown[]): void => {
    if (vu.logsLeft <= 0) return;
    vu.logsLeft--;
    const budget: Budget = { left: LIMITS.logLength };
    const text =
      vu.logsLeft === 0
        ? 'this virtual user has logged a lot: the rest of its messages is dropped'
        : values.map((value) => show(value, budget)).join(' ');
    write(vu, TO_HOST.log, `${level},${textField(start(text))}`);
  };
}

/** `log` of one virtual user. */
export function makeLog(vu: Vu) {
  return { debug: writer(vu, 0), info: writer(vu, 1), warn: writer(vu, 2), error: writer(vu, 3) };
}

/** What scripts know as `console`. */
export function makeConsole(vu: Vu) {
  const { debug, info, warn, error } = makeLog(vu);
  return { log: info, info, debug, warn, error, trace: debug };
}
