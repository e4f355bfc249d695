import { StringDecoder } from 'node:string_decoder';
import type { EventParser, OnEvent } from './event-parser.ts';

/** Every piece of the body is an event, as it came: a chunk of HTTP that two reads brought is two. Characters that are split are in the later one. */
export class ChunkParser implements EventParser {
  readonly #onEvent: OnEvent;
  readonly #decoder = new StringDecoder('utf8');

  constructor(onEvent: OnEvent) {
    this.#onEvent = onEvent;
  }

  push(bytes: Buffer, from: number, to: number, atUs: number): void {
    const data = this.#decoder.write(bytes.subarray(from, to));
    this.#onEvent({ data, type: 'message', id: '', bytes: to - from, atUs });
  }

  end(): void {
    // nothing is held back but half a character
  }
}
