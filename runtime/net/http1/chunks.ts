const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
/** Past this a further digit would leave the integers that a number holds. */
const SIZE_MAX = 2 ** 48;

/** Where in the framing of a chunked body the next byte belongs. */
export type ChunkPlace =
  | 'size-first'
  | 'size'
  | 'size-blank'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-name'
  | 'trailer-value'
  | 'trailer-lf'
  | 'last-lf'
  | 'whole'
  | 'bad';

/** The framing of a chunked body (RFC 9112, 7.1), byte by byte: the data itself is not looked at. Strict: two readings of it would be two bodies. */
export class Chunks {
  place: ChunkPlace = 'size-first';
  /** Bytes of the chunk that are still to come, in place `data`. */
  left = 0;
  /** What is wrong, in place `bad`. */
  fault = '';
  /** Of extensions and trailers, which nobody looks at. */
  #overheadBytes = 0;
  readonly #overheadBytesMax: number;

  /** @param overheadBytesMax - of the extensions of one chunk, and of all trailers */
  constructor(overheadBytesMax: number) {
    this.#overheadBytesMax = overheadBytesMax;
  }

  begin(): void {
    this.place = 'size-first';
    this.left = 0;
    this.#overheadBytes = 0;
  }

  /** Takes data that has been dealt with. @param bytes - at most `left` */
  taken(bytes: number): void {
    this.left -= bytes;
    if (this.left === 0) this.place = 'data-cr';
  }

  /** Reads framing up to the next data, the end of the body, a fault or the end of the bytes. @returns where it stopped */
  read(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.place !== 'data' && this.place !== 'whole' && this.place !== 'bad') this.#take(bytes[at++] as number);
    return at;
  }

  #take(byte: number): void {
    switch (this.place) {
      case 'size-first':
      case 'size':
      case 'size-blank':
        return this.#size(byte);
      case 'extension':
        return this.#overhead(byte, 'size-lf');
      case 'size-lf':
        return this.#lineFeed(byte, this.left === 0 ? 'trailer' : 'data');
      case 'data-cr':
        if (byte === CR) this.place = 'data-lf';
        else this.#fail('a chunk is longer than its size says');
        return;
      case 'data-lf':
        return this.#lineFeed(byte, 'size-first');
      case 'trailer':
      case 'trailer-name':
      case 'trailer-value':
        return this.#trailer(byte);
      case 'trailer-lf':
        return this.#lineFeed(byte, 'trailer');
      case 'last-lf':
        return this.#lineFeed(byte, 'whole');
      case 'data':
      case 'whole':
      case 'bad':
        return;
    }
  }

  #size(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.place !== 'size-blank') {
      if (this.left >= SIZE_MAX) this.#fail('a chunk is said to be larger than any can be');
      else {
        if (this.place === 'size-first') this.#overheadBytes = 0;
        this.left = this.left * 16 + digit;
        this.place = 'size';
        this.#countOverhead(); // zeros in front of it
      }
    } else if (this.place === 'size-first') this.#fail('the size of a chunk is no hexadecimal number');
    else if (byte === CR) this.place = 'size-lf';
    else if (byte === SEMICOLON) this.place = 'extension';
    else if (byte === SPACE || byte === TAB) {
      this.place = 'size-blank';
      this.#countOverhead();
    } else this.#fail('the size of a chunk is no hexadecimal number');
  }

  #trailer(byte: number): void {
    if (this.place === 'trailer') {
      if (byte === CR) {
        this.place = 'last-lf';
        return;
      }
      if (byte === COLON || byte === SPACE || byte === TAB)
        return this.#fail('a trailer line is none: expected a name, a colon and a value');
      this.place = 'trailer-name';
    }
    if (this.place === 'trailer-name') {
      if (byte === COLON) this.place = 'trailer-value';
      else if (byte <= SPACE) return this.#fail('a trailer line is none: expected a name, a colon and a value');
      this.#countOverhead();
    } else this.#overhead(byte, 'trailer-lf');
  }

  /** A byte of a line that goes on to the next CR. */
  #overhead(byte: number, atEnd: 'size-lf' | 'trailer-lf'): void {
    if (byte === CR) this.place = atEnd;
    else if (byte < SPACE && byte !== TAB) this.#fail('the framing of a chunk has a control character');
    else this.#countOverhead();
  }

  #countOverhead(): void {
    if (++this.#overheadBytes > this.#overheadBytesMax) this.#fail(`the framing of a chunk is larger than ${this.#overheadBytesMax} bytes`);
  }

  #lineFeed(byte: number, next: ChunkPlace): void {
    if (byte !== LF) return this.#fail('a line of the framing of chunks does not end with CR LF');
    if (next === 'size-first') this.left = 0;
    this.place = next;
  }

  #fail(fault: string): void {
    this.fault = fault;
    this.place = 'bad';
  }
}

/** @returns below 0 when it is none */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
