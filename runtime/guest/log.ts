import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { textField, write } from './outbox.ts';
import type { Vu } from './state.ts';

const DEPTH_MAX = 4;
const ITEMS_MAX = 50;

/** A value as text, as consoles show it; never throws, never calls what it shows. */
export function show(value: unknown, depth = 0, seen: object[] = []): string {
  if (typeof value === 'string') return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return '[function]';
  if (typeof value === 'symbol') return '[symbol]';
  if (value === null || typeof value !== 'object') return String(value);
  if (seen.includes(value)) return '[circular]';
  if (depth >= DEPTH_MAX) return '…';
  try {
    return showObject(value, depth, [...seen, value]);
  } catch {
    return '[object that throws when looked at]';
  }
}

function showObject(value: object, depth: number, seen: object[]): string {
  if (value instanceof Error) return typeof value.stack === 'string' ? value.stack : 'Error';
  const inner = (item: unknown): string => show(item, depth + 1, seen);
  if (Array.isArray(value)) return `[${value.slice(0, ITEMS_MAX).map(inner).join(', ')}${value.length > ITEMS_MAX ? ', …' : ''}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map)
    return `Map { ${[...value]
      .slice(0, ITEMS_MAX)
      .map(([key, item]) => `${inner(key)} => ${inner(item)}`)
      .join(', ')} }`;
  if (value instanceof Set) return `Set { ${[...value].slice(0, ITEMS_MAX).map(inner).join(', ')} }`;
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return `{ ${entries.map(([key, item]) => `${key}: ${inner(item)}`).join(', ')} }`;
}

function writer(vu: Vu, level: number) {
  return (...values: unknown[]): void => {
    if (vu.logsLeft <= 0) return;
    vu.logsLeft--;
    const text =
      vu.logsLeft === 0
        ? 'this virtual user has logged a lot: the rest of its messages is dropped'
        : values.map((value) => show(value)).join(' ');
    write(vu, TO_HOST.log, `${level},${textField(text.length > LIMITS.logLength ? `${text.slice(0, LIMITS.logLength)}…` : text)}`);
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
