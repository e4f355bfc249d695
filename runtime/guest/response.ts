import { valueAt } from '../core/json-path.ts';
import { ASK, LIMITS, RESPONSE } from '../core/mailbox.ts';
import { askText } from './host.ts';
import { failAnswer, OpenAnswer } from './judging.ts';
import { bytesOfAnswer } from './made-bytes.ts';
import type { Vu } from './state.ts';
import type { Bytes, Response, Timings } from './stressrun.d.ts';

interface Meta {
  /** Six phases, µs. */
  phasesUs: readonly number[];
  url: string;
  protocol: string;
  error: string;
  headers: readonly string[];
  /** Part, µs. */
  serverTimings: readonly (readonly [string, number])[];
}

/** Globals are slow in here (0.13 µs each): taken once. */
const { parse: parseJson } = JSON;

const PHASES = ['blocked', 'connecting', 'tls', 'sending', 'waiting', 'receiving'] as const;

/** An answer: numbers came with its record, everything else is asked of the host when it is read. */
export class GuestResponse implements Response {
  readonly status: number;
  readonly errorCode: number;
  readonly bodyLength: number;
  readonly #handle: number;
  readonly #flags: number;
  readonly #inline: string;
  #meta: Meta | undefined;
  /** While the script may say that it is wrong, and after it did; most answers have none. */
  readonly #open: OpenAnswer | undefined;

  /** @param numbers - status, errorCode, handle, bodyLength, flags */
  constructor(vu: Vu | undefined, numbers: readonly [number, number, number, number, number], inline: string) {
    this.status = numbers[0];
    this.errorCode = numbers[1];
    this.#handle = numbers[2];
    this.bodyLength = numbers[3];
    this.#flags = numbers[4];
    this.#inline = inline;
    this.#open = vu !== undefined && (numbers[4] & RESPONSE.isHeld) !== 0 ? new OpenAnswer(vu, numbers[2], numbers[4]) : undefined;
  }

  /** The host's number for it. */
  static handleOf(response: GuestResponse): number {
    return response.#handle;
  }

  /** What is open about it; undefined: it is counted. */
  static openOf(response: GuestResponse): OpenAnswer | undefined {
    return response.#open;
  }

  /** Whether its body is a stream of which nothing is kept. */
  static isStream(response: GuestResponse): boolean {
    return (response.#flags & RESPONSE.isStream) !== 0;
  }

  /** @throws {DiscardedError} when it had a body that was not kept */
  static requireBody(response: GuestResponse): void {
    if ((response.#flags & RESPONSE.isDiscarded) !== 0) throw new DiscardedError(response.bodyLength);
  }

  get ok(): boolean {
    return this.#open?.isRight ?? (this.#flags & RESPONSE.isExpected) !== 0;
  }

  get timings(): Timings {
    const { phasesUs } = this.#read();
    const ms = (i: number): number => (phasesUs[i] ?? 0) / 1000;
    const timings = {} as Record<(typeof PHASES)[number] | 'duration', number>;
    for (let i = 0; i < PHASES.length; i++) timings[PHASES[i] as (typeof PHASES)[number]] = ms(i);
    timings.duration = timings.sending + timings.waiting + timings.receiving;
    return timings;
  }

  get url(): string {
    return this.#read().url;
  }

  get protocol(): string {
    return this.#read().protocol;
  }

  get error(): string {
    return this.#open?.refusal ?? (this.errorCode === 0 ? '' : this.#read().error);
  }

  get headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    const flat = this.#read().headers;
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const name = (flat[i] as string).toLowerCase();
      const value = flat[i + 1] as string;
      headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
    }
    return headers;
  }

  headerValues(name: string): string[] {
    const wanted = String(name).toLowerCase();
    const flat = this.#read().headers;
    return flat.filter((_, i) => i % 2 === 1 && (flat[i - 1] as string).toLowerCase() === wanted);
  }

  get cookies(): Record<string, string> {
    return Object.fromEntries(this.headerValues('set-cookie').map(cookiePair));
  }

  get serverTimings(): Record<string, number> {
    const timings: Record<string, number> = {};
    for (const [part, us] of this.#read().serverTimings) timings[part] = us / 1000;
    return timings;
  }

  fail(reason = 'res.fail() was called'): void {
    if (this.status !== 0) failAnswer(this.#open, String(reason).slice(0, LIMITS.errorLength)); // without an answer it has failed already
  }

  text(): string {
    GuestResponse.requireBody(this);
    if (this.#isInline()) return this.#inline;
    const text = askText(ASK.text, this.#handle, '');
    if (text === '') throw new GoneError();
    return text;
  }

  bytes(): Bytes {
    GuestResponse.requireBody(this);
    const bytes = bytesOfAnswer(this.#handle);
    if (bytes === undefined) throw new GoneError();
    return bytes;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as declared for scripts
  json<T = any>(path?: string): T {
    if (this.bodyLength === 0) return undefined as T;
    GuestResponse.requireBody(this);
    if (path === undefined) return parse(this.text(), this.status) as T;
    if (this.#isInline()) return valueAt(parse(this.#inline, this.status), typeof path === 'string' ? path : String(path)) as T;
    const part = askText(ASK.json, this.#handle, String(path));
    if (part === '!') throw new GoneError();
    if (part.startsWith('!')) throw new SyntaxError(part.slice(1));
    return (part === '' ? undefined : parseJson(part)) as T;
  }

  #isInline(): boolean {
    return (this.#flags & RESPONSE.isInline) !== 0;
  }

  #read(): Meta {
    if (this.#meta === undefined) {
      const meta = askText(ASK.meta, this.#handle, '');
      if (meta === '') throw new GoneError();
      this.#meta = JSON.parse(meta) as Meta;
    }
    return this.#meta;
  }
}

/** An answer was kept beyond its iteration and is read there. */
export class GoneError extends Error {
  constructor() {
    super('the answer is gone: its body and headers can be read until its iteration ends');
    this.name = 'GoneError';
  }
}

/** Name and value of a `set-cookie`, as they are. */
function cookiePair(line: string): [name: string, value: string] {
  const pair = line.split(';', 1)[0] as string;
  const equals = pair.indexOf('=');
  return [pair.slice(0, Math.max(0, equals)).trim(), pair.slice(equals + 1).trim()];
}

/** A body was asked for that nobody wanted to keep. */
export class DiscardedError extends Error {
  constructor(bytes: number) {
    super(
      `the body of the answer (${bytes} bytes) was counted and not kept: discard of the request or the environment, or discardResponseBodies, says so; { discard: false } in the request keeps it`,
    );
    this.name = 'DiscardedError';
  }
}

function parse(text: string, status: number): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const start = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    throw new SyntaxError(`the answer (status ${status}) is not JSON: ${(error as Error).message}; it begins: ${start}`);
  }
}
