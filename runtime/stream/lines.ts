import { Growing } from './growing.ts';
import { tooLarge } from './stream-fault.ts';

const LF = 0x0a;
const CR = 0x0d;

/** Bytes → lines without their ends, the same however the bytes were split. */
export class Lines {
  readonly #endsAtCr: boolean;
  readonly #bytesMax: number;
  /** The beginning of a line that has not come whole. */
  readonly #held = new Growing();
  #skipsLf = false;

  /** @param endsAtCr - whether a CR ends a line by itself, as in SSE; a line is told at its CR, not when it is known that no LF follows */
  constructor(endsAtCr: boolean, bytesMax: number) {
    this.#endsAtCr = endsAtCr;
    this.#bytesMax = bytesMax;
  }

  /** @param onLine - is given bytes that are there until it returns @throws {StreamFault} for a line that is too long */
  push(bytes: Buffer, from: number, to: number, onLine: (line: Buffer) => void): void {
    let start = from;
    for (let at = from; at < to; at++) {
      const byte = bytes[at];
      if (byte !== LF && byte !== CR) continue;
      if (byte === LF && this.#skipsLf && at === start && this.#held.length === 0) {
        this.#skipsLf = false;
        start = at + 1;
        continue;
      }
      if (byte === CR && !this.#endsAtCr) continue;
      const line = this.#lineOf(bytes, start, at);
      this.#skipsLf = byte === CR;
      start = at + 1;
      onLine(line);
    }
    if (start < to) this.#hold(bytes, start, to);
  }

  /** What came after the last end of a line. */
  rest(): Buffer {
    return this.#held.view();
  }

  #lineOf(bytes: Buffer, from: number, to: number): Buffer {
    if (this.#held.length + to - from > this.#bytesMax) throw tooLarge(this.#bytesMax);
    if (this.#held.length === 0) return bytes.subarray(from, to);
    this.#held.add(bytes, from, to);
    const line = this.#held.view();
    this.#held.clear();
    return line;
  }

  #hold(bytes: Buffer, from: number, to: number): void {
    this.#skipsLf = false;
    if (this.#held.length + to - from > this.#bytesMax) throw tooLarge(this.#bytesMax);
    this.#held.add(bytes, from, to);
  }
}
