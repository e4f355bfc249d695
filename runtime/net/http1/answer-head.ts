import { charsetOf } from '../answer-text.ts';
import { isNameAt, type ResponseHeaders, textsUnder } from '../response-headers.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DELETE = 0x7f;

const NONE: readonly string[] = [];

/** 1 where a byte may be in the name of a header (RFC 9110, 5.6.2). */
const IS_TOKEN = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") IS_TOKEN[char.charCodeAt(0)] = 1;

/** Why bytes are no answer: one line for people. */
export class AnswerFault extends Error {}

/** How the body of an answer is delimited by its head, whatever the request was. */
export type Framing = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'close' };

/**
 * Status line and headers of an answer, read from its bytes once; headers are places in them, not objects. Lenient where a reader may be (RFC 9112):
 * bare LF, folded lines, blanks round names and values. Strict where two readers could find two different bodies.
 */
export class AnswerHead implements ResponseHeaders {
  /** With the empty line at the end; nobody else's. */
  readonly bytes: Buffer;
  readonly status: number;
  readonly framing: Framing;
  /** Whether the connection may be used again, as far as the head says: version, `connection`, and no two lengths at once. */
  readonly keepsAlive: boolean;
  /** Seconds that `keep-alive: timeout` announces; undefined: nothing. */
  readonly idleSeconds: number | undefined;
  /** Per header: where its name begins and ends, where its value begins and ends. */
  readonly #places: readonly number[];
  #pairs: string[] | undefined;
  #charset: string | undefined;

  /** @param bytes - all of the head, which is kept @throws {AnswerFault} */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    const lineEnd = bytes.indexOf(LF);
    const { status, minor } = statusOf(bytes, lineEnd);
    this.status = status;
    this.#places = placesOf(bytes, lineEnd + 1);
    const lengths = this.#listOf('content-length');
    const codings = tokensOf(this.#listOf('transfer-encoding')).filter((coding) => coding !== 'identity');
    this.framing = framingOf(codings, lengths.length === 0 ? undefined : lengthOf(lengths));
    const wishes = tokensOf(this.#listOf('connection'));
    const isKept = minor === 0 ? wishes.includes('keep-alive') && codings.length === 0 : true;
    this.keepsAlive = isKept && !wishes.includes('close') && !(codings.length > 0 && lengths.length > 0);
    this.idleSeconds = idleSecondsOf(this.first('keep-alive'));
  }

  first(name: string): Buffer | undefined {
    const places = this.#places;
    for (let i = 0; i < places.length; i += 4) if (this.#isNamed(i, name)) return this.#valueAt(i);
    return undefined;
  }

  values(name: string): Buffer[] {
    const values: Buffer[] = [];
    const places = this.#places;
    for (let i = 0; i < places.length; i += 4) if (this.#isNamed(i, name)) values.push(this.#valueAt(i));
    return values;
  }

  get charset(): string {
    this.#charset ??= charsetOf(this.first('content-type'));
    return this.#charset;
  }

  pairs(): string[] {
    if (this.#pairs !== undefined) return this.#pairs;
    const pairs: string[] = [];
    const places = this.#places;
    for (let i = 0; i < places.length; i += 4)
      pairs.push(this.bytes.toString('latin1', places[i], places[i + 1]).toLowerCase(), this.#valueAt(i).toString());
    this.#pairs = pairs;
    return pairs;
  }

  #listOf(name: string): readonly string[] {
    return this.first(name) === undefined ? NONE : textsUnder(this, name);
  }

  #isNamed(at: number, name: string): boolean {
    const from = this.#places[at] as number;
    return (this.#places[at + 1] as number) - from === name.length && isNameAt(this.bytes, from, name);
  }

  #valueAt(at: number): Buffer {
    const [from, to] = [this.#places[at + 2] as number, this.#places[at + 3] as number];
    const value = this.bytes.subarray(from, to);
    return value.includes(LF) ? unfolded(value) : value;
  }
}

/** A copy in which each line break and what surrounds it is one blank (RFC 9112, 5.2). */
function unfolded(value: Buffer): Buffer {
  return Buffer.from(
    value
      .toString('latin1')
      .replaceAll(/[ \t]*\r?\n[ \t]+/g, ' ')
      .trim(),
    'latin1',
  );
}

/** What comes first in every answer: `HTTP/1.`. */
const VERSION = Buffer.from('HTTP/1.');

/** What is wrong with how an answer begins, as far as it has come; undefined: nothing yet. */
export function beginningFault(bytes: Buffer, from: number, to: number): string | undefined {
  const length = Math.min(to - from, VERSION.length);
  if (bytes.compare(VERSION, 0, length, from, from + length) === 0) return undefined;
  const first = bytes[from] as number;
  // by its first byte alone, so that it is the same however the bytes are split
  if (first >= 0x14 && first <= 0x17) return 'this is TLS, not HTTP (https instead of http?)';
  return 'this is no answer of HTTP/1.1: it does not begin with "HTTP/1."';
}

function statusOf(bytes: Buffer, lineEnd: number): { status: number; minor: number } {
  const text = bytes.toString('latin1', 0, Math.min(lineEnd, 64));
  const [, minor, status] = /^HTTP\/1\.(\d) +(\d{3})(?:[ \t\r]|$)/.exec(text) ?? [];
  if (minor === undefined || status === undefined || status < '100')
    throw new AnswerFault('the status line is none: expected "HTTP/1.1 200 OK" or the like');
  return { status: Number(status), minor: Number(minor) };
}

/** Places of names and values of all header lines from `at` to the empty line. @throws {AnswerFault} */
function placesOf(bytes: Buffer, at: number): number[] {
  const places: number[] = [];
  let from = at;
  for (;;) {
    const lineEnd = bytes.indexOf(LF, from);
    const to = bytes[lineEnd - 1] === CR && lineEnd > from ? lineEnd - 1 : lineEnd;
    if (to === from) return places;
    const isFolded = bytes[from] === SPACE || bytes[from] === TAB;
    if (isFolded) foldInto(places, bytes, from, to);
    else addLine(places, bytes, from, to);
    from = lineEnd + 1;
  }
}

/** A line that begins with a blank goes on with the value of the one before it. */
function foldInto(places: number[], bytes: Buffer, from: number, to: number): void {
  if (places.length === 0) throw new AnswerFault('the first header line begins with a blank');
  const end = withoutBlanks(bytes, from, to);
  checkValue(bytes, from, end);
  // a line of blanks alone adds nothing
  if (end > from) places[places.length - 1] = end;
}

function addLine(places: number[], bytes: Buffer, from: number, to: number): void {
  let colon = from;
  while (colon < to && IS_TOKEN[bytes[colon] as number] === 1) colon++;
  const nameEnd = colon;
  while (colon < to && (bytes[colon] === SPACE || bytes[colon] === TAB)) colon++;
  if (nameEnd === from || bytes[colon] !== COLON || colon >= to)
    throw new AnswerFault('a header line is none: expected a name, a colon and a value');
  let value = colon + 1;
  while (value < to && (bytes[value] === SPACE || bytes[value] === TAB)) value++;
  const end = withoutBlanks(bytes, value, to);
  checkValue(bytes, value, end);
  places.push(from, nameEnd, value, end);
}

function withoutBlanks(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end--;
  return end;
}

function checkValue(bytes: Buffer, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number;
    if ((byte < SPACE && byte !== TAB) || byte === DELETE) throw new AnswerFault('a header has a control character in its value');
  }
}

/** All items of lists with commas, in lower case. */
function tokensOf(values: readonly string[]): readonly string[] {
  return values.length === 0
    ? NONE
    : values.flatMap((value) => value.split(',').map((token) => token.trim().toLowerCase())).filter((token) => token !== '');
}

/** Several equal ones are one (RFC 9110, 8.6). */
function lengthOf(values: readonly string[]): number {
  const texts = values.flatMap((value) => value.split(',').map((text) => text.trim()));
  for (const text of texts)
    if (!/^\d{1,15}$/.test(text)) throw new AnswerFault('content-length is no number of bytes: expected 0 to 999999999999999');
  const [first = 0, ...others] = texts.map(Number);
  if (others.some((other) => other !== first)) throw new AnswerFault('there are two content-lengths, and they differ');
  return first;
}

function framingOf(codings: readonly string[], length: number | undefined): Framing {
  if (codings.length === 0) return length === undefined ? { kind: 'close' } : { kind: 'length', bytes: length };
  if (codings.length > 1 || codings[0] !== 'chunked')
    throw new AnswerFault('transfer-encoding: of its codings chunked alone is understood, once');
  return { kind: 'chunked' };
}

/** @returns seconds; undefined when nothing is announced */
function idleSecondsOf(keepAlive: Buffer | undefined): number | undefined {
  const seconds = keepAlive === undefined ? undefined : /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/i.exec(keepAlive.toString('latin1'))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}
