import type { Secret } from '../core/plan.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * Fields whose keys are names that a user or a script chose. All other keys are ours, and stay: a secret that happens to be `name` must
 * not leave a journal that nobody can read.
 */
const NAMED_BY_USERS: ReadonlySet<string> = new Set([
  'env',
  'expect',
  'headers',
  'metrics',
  'mix',
  'scriptConfig',
  'serverTimingHeaders',
  'tags',
  'thresholds',
  'variables',
]);

/** Base64 of fewer characters may be anything. */
const BASE64_LENGTH_MIN = 8;

/** Keeps the values of secrets out of everything that is printed or written. Knows none until told. */
export class Redactor {
  #pattern: RegExp | undefined;

  /**
   * From here on the values of these are hidden: as they are, with any of their characters encoded as URLs, forms and JSON do, and in
   * base64 such as Basic authorization sends. Space around a value is no part of it; what is empty then hides nothing.
   */
  learn(secrets: readonly Secret[]): void {
    const values = [...new Set(secrets.map(({ value }) => value.trim()))].filter((value) => value !== '');
    // The longest first: a secret may be the beginning of another. In one pass: one may also be a part of the replacement.
    values.sort((a, b) => b.length - a.length);
    const sources = [...values.map((value) => Array.from(value, anyFormOf).join('')), ...values.flatMap(base64FormsOf)];
    this.#pattern = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'g');
  }

  text(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, REDACTED);
  }

  /** A JSON value with every text in it cleaned, names that users chose among them; the value itself when there is nothing to hide. */
  json<T>(value: T): T {
    return this.#pattern === undefined ? value : (JSON.parse(this.stringify(value)) as T);
  }

  /** The JSON of a value, cleaned as by `json`. */
  stringify(value: unknown, indent?: number): string {
    const replacer = this.#pattern === undefined ? undefined : (key: string, part: unknown) => this.#part(key, part);
    return JSON.stringify(value, replacer, indent);
  }

  #part(key: string, part: unknown): unknown {
    if (typeof part === 'string') return this.text(part);
    const isMap = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isMap && NAMED_BY_USERS.has(key) ? withCleanKeys(part, (name) => this.text(name)) : part;
  }
}

/** A map with its keys cleaned; two that become the same stay two. */
function withCleanKeys(map: object, clean: (name: string) => string): object {
  const cleaned = new Map<string, unknown>();
  for (const [key, value] of Object.entries(map)) {
    let name = clean(key);
    while (cleaned.has(name)) name += '_';
    cleaned.set(name, value);
  }
  return Object.fromEntries(cleaned);
}

/**
 * A pattern for one character however it was encoded. Which characters an encoder leaves alone differs (`encodeURIComponent`, a form, the
 * path and the query of `new URL`, other languages' JSON), so each may be encoded or not.
 * @see https://url.spec.whatwg.org/#percent-encoded-bytes
 */
function anyFormOf(char: string): string {
  if (/^[A-Za-z0-9]$/.test(char)) return char;
  const json = JSON.stringify(char).slice(1, -1);
  const forms = [
    Array.from(Buffer.from(char), (byte) => `%${anyCaseHex(byte, 2)}`).join(''),
    char
      .split('')
      .map((unit) => `\\\\u${anyCaseHex(unit.charCodeAt(0), 4)}`)
      .join(''),
    ...(json === char ? [] : [escaped(json)]),
    ...(char === '/' ? ['\\\\/'] : []),
    ...(char === ' ' ? ['\\+'] : []),
    escaped(char),
  ];
  return `(?:${[...new Set(forms)].join('|')})`;
}

function anyCaseHex(number: number, digits: number): string {
  return number
    .toString(16)
    .padStart(digits, '0')
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/**
 * What a value becomes in base64: whole, and behind 0, 1 or 2 bytes of something else (`user:` of Basic authorization), without the
 * characters at either end that it shares with its neighbours. With `-` and `_` too, and encoded for a URL.
 */
function base64FormsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const shared = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString('base64').replace(/=+$/, ''), ...shared]
    .filter((text) => text.length >= BASE64_LENGTH_MIN)
    .map((text) => text.replaceAll('/', '(?:[/_]|\\\\/|%2[fF])').replaceAll('+', '(?:[+-]|%2[bB])'));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
