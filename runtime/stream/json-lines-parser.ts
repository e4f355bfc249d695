import type { EventParser, OnEvent } from './event-parser.ts';
import { Lines } from './lines.ts';
import { beginningOf, StreamFault } from './stream-fault.ts';

/** A JSON value a line (NDJSON). Empty lines are none; the last one needs no end. */
export class JsonLinesParser implements EventParser {
  readonly #onEvent: OnEvent;
  readonly #lines: Lines;
  #atUs = 0;

  constructor(onEvent: OnEvent, bytesMax: number) {
    this.#onEvent = onEvent;
    this.#lines = new Lines(false, bytesMax);
  }

  push(bytes: Buffer, from: number, to: number, atUs: number): void {
    this.#atUs = atUs;
    this.#lines.push(bytes, from, to, this.#onLine);
  }

  end(): void {
    this.#onLine(this.#lines.rest());
  }

  readonly #onLine = (line: Buffer): void => {
    const data = line.toString('utf8').trim();
    if (data === '') return;
    try {
      JSON.parse(data);
    } catch {
      throw new StreamFault('bad-response', `expected a JSON value in each line of the stream; got ${beginningOf(data)}`);
    }
    this.#onEvent({ data, type: 'message', id: '', bytes: line.length, atUs: this.#atUs });
  };
}
