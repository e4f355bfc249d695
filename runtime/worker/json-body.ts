import { isAscii } from 'node:buffer';
import { valueAt } from '../core/json-path.ts';

/** A string at least this long is left out until it is asked for: pictures are that long, and parsing one costs a millisecond a megabyte. */
const LONG_BYTES = 8 * 1024;
/** Stands in for what was left out; in a text by chance it only costs the whole parse. */
const LEFT_OUT = '\uE000left out';
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of the four bytes of a word: a blank each, and the highest bit of each. */
const SPACES = 0x20202020;
const HIGHEST_BITS = 0x80808080 | 0;

/** A body read as JSON piece by piece; what is not asked for costs little. */
export class JsonBody {
  readonly #body: Buffer | undefined;
  /** Without long strings; undefined when it has none, or is no JSON without them. */
  #short: { value: unknown } | undefined;
  #whole: { value: unknown } | undefined;

  constructor(body: Buffer | undefined) {
    this.#body = body;
    this.#short = body === undefined ? undefined : parsed(withoutLongStrings(body));
  }

  /**
   * The value at a path as JSON; empty where nothing is.
   * @throws {SyntaxError} when the body is not JSON
   */
  jsonAt(path: string): string {
    if (this.#short !== undefined && path !== '' && path.length < LONG_BYTES) {
      const json = JSON.stringify(valueAt(this.#short.value, path)) ?? '';
      if (!json.includes(LEFT_OUT)) return json;
    }
    this.#whole ??= { value: JSON.parse(this.#body === undefined ? '' : textOf(this.#body)) };
    return JSON.stringify(valueAt(this.#whole.value, path)) ?? '';
  }
}

/** A body as text; plain ASCII, as most are, at the cost of a copy. */
function textOf(body: Buffer): string {
  return isAscii(body) ? body.toString('latin1') : body.toString('utf8');
}

function parsed(text: string | undefined): { value: unknown } | undefined {
  try {
    return text === undefined ? undefined : { value: JSON.parse(text) };
  } catch {
    return undefined; // the whole parse says what is wrong
  }
}

/**
 * The text with every long stretch between two quotes left out that could be a string without escapes. Were a stretch in truth what
 * stands between two strings, these would now touch: no JSON, and the whole is parsed.
 */
function withoutLongStrings(body: Buffer): string | undefined {
  let text: string | undefined;
  let from = 0;
  for (let at = LONG_BYTES; at < body.length; ) {
    const end = body.indexOf(QUOTE, at);
    if (end < 0) break;
    const start = body.lastIndexOf(QUOTE, at - 1);
    if (start >= from && end - start > LONG_BYTES && isPlain(body.subarray(start + 1, end))) {
      text = `${text ?? ''}${textOf(body.subarray(from, start + 1))}${LEFT_OUT}`;
      from = end;
    }
    at = end + LONG_BYTES;
  }
  return text === undefined ? undefined : text + textOf(body.subarray(from));
}

/** Whether it has no escapes and no control characters, which a JSON string may not have. */
function isPlain(bytes: Buffer): boolean {
  if (bytes.includes(BACKSLASH)) return false;
  const skip = (4 - (bytes.byteOffset & 3)) & 3;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skip, (bytes.length - skip) >> 2);
  const hasControls = isAscii(bytes) ? hasControlWord(words) : hasControlWordAmongLetters(words);
  return !hasControls && hasNoControls(bytes.subarray(0, skip)) && hasNoControls(bytes.subarray(skip + words.length * 4));
}

/** Thirty-two ASCII bytes at a time: a byte under 0x20 borrows into its own highest bit, which no other sets. This is most of what a large answer costs. */
function hasControlWord(words: Int32Array): boolean {
  let borrowed = 0;
  const whole = words.length - (words.length & 7);
  for (let i = 0; i < whole; i += 8)
    borrowed |=
      less(words[i]) |
      less(words[i + 1]) |
      less(words[i + 2]) |
      less(words[i + 3]) |
      less(words[i + 4]) |
      less(words[i + 5]) |
      less(words[i + 6]) |
      less(words[i + 7]);
  for (let i = whole; i < words.length; i++) borrowed |= less(words[i]);
  return (borrowed & HIGHEST_BITS) !== 0;
}

/** Each of its four bytes less the first that is no control character; what it borrows is to be looked for in the highest bits. */
const less = (word: number | undefined): number => (word as number) - SPACES;

/** The same where bytes may have their highest bit by themselves. */
function hasControlWordAmongLetters(words: Int32Array): boolean {
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as number;
    if (((word - SPACES) & ~word & HIGHEST_BITS) !== 0) return true;
  }
  return false;
}

function hasNoControls(bytes: Buffer): boolean {
  return bytes.every((byte) => byte >= 0x20);
}
