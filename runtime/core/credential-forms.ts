/** Base64 of fewer characters may be anything. */
const BASE64_LENGTH_MIN = 8;

/** A spelling of a value: for each of its characters a pattern of all the ways in which it may be written. */
export type Spelling = readonly string[];

/**
 * All spellings of a value: as it is, with any of its characters encoded as URLs, forms and JSON do, and in base64 such as Basic
 * authorization sends.
 */
export function spellingsOf(value: string): Spelling[] {
  return [Array.from(value, anyFormOf), ...base64FormsOf(value)];
}

/** What encoding again puts before a character: JSON inside JSON, JSON inside a URL. Bounded, so that a text of nothing else is no work. */
const ESCAPES = '(?:\\\\|%(?:25){0,3}5[cC]){0,7}';

/**
 * A pattern for one character however it was encoded. Which characters an encoder leaves alone differs (`encodeURIComponent`, a form, the
 * path and the query of `new URL`, other languages' JSON), so each may be encoded or not, and more than once.
 * @see https://url.spec.whatwg.org/#percent-encoded-bytes
 */
function anyFormOf(char: string): string {
  if (/^[A-Za-z0-9]$/.test(char)) return char;
  const json = JSON.stringify(char).slice(1, -1);
  const forms = [
    Array.from(Buffer.from(char), (byte) => `%(?:25){0,3}${anyCaseHex(byte, 2)}`).join(''),
    char
      .split('')
      .map((unit) => `\\\\u${anyCaseHex(unit.charCodeAt(0), 4)}`)
      .join(''),
    ...(json === char ? [] : [escaped(json)]),
    ...(char === '/' ? ['\\\\/'] : []),
    ...(char === ' ' ? ['\\+'] : []),
    escaped(char),
  ];
  return `${ESCAPES}(?:${[...new Set(forms)].join('|')})`;
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
function base64FormsOf(value: string): Spelling[] {
  const bytes = Buffer.from(value);
  const shared = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  return [bytes.toString('base64').replace(/=+$/, ''), ...shared]
    .filter((text) => text.length >= BASE64_LENGTH_MIN)
    .map((text) =>
      Array.from(text, (char) => (char === '/' ? '(?:[/_]|\\\\/|%2[fF])' : char === '+' ? '(?:[+-]|%2[bB]|\\\\u002[bB])' : char)),
    );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** An encoded character that was cut short, or one of the bytes of a character. */
const BROKEN_OFF = /(?:%(?:25)*[\da-f]?|\\+(?:u[\da-f]{0,3})?|[\ud800-\udbff])$/i;
const ENCODED_BYTE = /%(?:25)*[\da-f]{2}$/i;
const BYTES_BEFORE_LAST = 3;
/** Of one character, encoded twice: four bytes of a URL, or two units of JSON. */
const CHAR_LENGTH_MAX = 20;

/** Finds a credential that a text was cut in: at its end stands a beginning of one of these spellings. */
export class BegunFinder {
  readonly #steps: readonly (readonly RegExp[])[];
  /** A first character of any: most places in a text are passed over by it alone. */
  readonly #first: RegExp;
  readonly #lengthMax: number;

  constructor(spellings: readonly Spelling[]) {
    this.#steps = spellings.map((chars) => chars.map((source) => new RegExp(source, 'y')));
    this.#first = new RegExp(spellings.map(([first = '(?!)']) => first).join('|') || '(?!)', 'g');
    this.#lengthMax = Math.max(0, ...spellings.map((chars) => chars.length * CHAR_LENGTH_MAX));
  }

  /** @returns how many characters at the end of `text` begin a credential; 0 for none */
  lengthIn(text: string): number {
    let longest = this.#endingAt(text, text.length);
    let end = text.length - (BROKEN_OFF.exec(text)?.[0].length ?? 0);
    for (let byte = 0; byte <= BYTES_BEFORE_LAST; byte++) {
      if (end < text.length) {
        const before = this.#endingAt(text.slice(0, end), end);
        if (before > 0) longest = Math.max(longest, before + text.length - end);
      }
      const encoded = ENCODED_BYTE.exec(text.slice(0, end));
      if (encoded === null) break;
      end -= encoded[0].length;
    }
    return longest;
  }

  #endingAt(text: string, end: number): number {
    this.#first.lastIndex = Math.max(0, end - this.#lengthMax);
    for (let match = this.#first.exec(text); match !== null; match = this.#first.exec(text)) {
      const from = match.index;
      if (this.#steps.some((steps) => leadsToEnd(steps, text, from))) return end - from;
      this.#first.lastIndex = from + 1;
    }
    return 0;
  }
}

function leadsToEnd(steps: readonly RegExp[], text: string, from: number): boolean {
  let at = from;
  for (const step of steps) {
    if (at === text.length) return true;
    step.lastIndex = at;
    if (!step.test(text)) return false;
    at = step.lastIndex;
  }
  return false; // whole: that is no beginning
}
