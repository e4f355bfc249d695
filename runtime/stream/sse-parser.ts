import type { EventParser, OnEvent } from './event-parser.ts';
import { Lines } from './lines.ts';
import { tooLarge } from './stream-fault.ts';

const COLON = 0x3a;
const SPACE = 0x20;
const NUL = '\u0000';
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Server-sent events. A whole event goes out with the read that brings the end of its empty line; what has none when the stream ends is no event.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseParser implements EventParser {
  readonly #onEvent: OnEvent;
  readonly #bytesMax: number;
  readonly #lines: Lines;
  #isFirstLine = true;
  #data: string | undefined;
  #type = '';
  #id = '';
  #bytes = 0;
  #atUs = 0;

  constructor(onEvent: OnEvent, bytesMax: number) {
    this.#onEvent = onEvent;
    this.#bytesMax = bytesMax;
    this.#lines = new Lines(true, bytesMax);
  }

  push(bytes: Buffer, from: number, to: number, atUs: number): void {
    this.#atUs = atUs;
    this.#lines.push(bytes, from, to, this.#onLine);
  }

  end(): void {
    // an event without its empty line is none
  }

  readonly #onLine = (given: Buffer): void => {
    const line = this.#isFirstLine && BOM.every((byte, i) => given[i] === byte) ? given.subarray(BOM.length) : given;
    this.#isFirstLine = false;
    if (line.length === 0) return this.#dispatch();
    this.#bytes += line.length;
    if (this.#bytes > this.#bytesMax) throw tooLarge(this.#bytesMax);
    if (line[0] !== COLON) this.#onField(line);
    else if (this.#data === undefined) this.#bytes = 0; // comments between events are of no event
  };

  #onField(line: Buffer): void {
    const colon = line.indexOf(COLON);
    const name = line.toString('utf8', 0, colon < 0 ? line.length : colon);
    const value = colon < 0 ? '' : line.toString('utf8', colon + (line[colon + 1] === SPACE ? 2 : 1));
    if (name === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes(NUL)) this.#id = value;
  }

  #dispatch(): void {
    const [data, type, bytes] = [this.#data, this.#type, this.#bytes];
    this.#data = undefined;
    this.#type = '';
    this.#bytes = 0;
    if (data !== undefined) this.#onEvent({ data, type: type === '' ? 'message' : type, id: this.#id, bytes, atUs: this.#atUs });
  }
}
