const FIRST_BYTES = 1 << 16;
/** Of a varint: 8 times 7 bits hold every safe integer. */
const VARINT_BYTES_MAX = 8;
const NUMBER_BYTES_MAX = 9;
/** A whole number below it is a varint, all others are doubles. */
const WHOLE_END = 2 ** 52;
/** Stands before a double: whole numbers are even. */
const IS_DOUBLE = 1;

/** Bytes that become more while they are written to; {@link taken} empties it for the next. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;

  /** Seven bits a byte, the lowest first. @param value - 0 to 2^53 − 1 */
  varint(value: number): void {
    if (this.#at + VARINT_BYTES_MAX > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let [at, rest] = [this.#at, value];
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 128)) bytes[at++] = 0x80 | (rest % 128);
    for (; rest >= 0x80; rest >>>= 7) bytes[at++] = 0x80 | (rest & 0x7f);
    bytes[at++] = rest;
    this.#at = at;
  }

  /** Any finite number: whole ones take little. */
  number(value: number): void {
    if (value >= 0 && value < WHOLE_END && Math.floor(value) === value) return this.varint(value * 2);
    if (this.#at + NUMBER_BYTES_MAX > this.#bytes.length) this.#grow();
    this.#bytes[this.#at] = IS_DOUBLE;
    this.#bytes.writeDoubleLE(value, this.#at + 1);
    this.#at += NUMBER_BYTES_MAX;
  }

  /** A copy of what was written since the last. */
  taken(): Buffer {
    const bytes = Buffer.from(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
    return bytes;
  }

  #grow(): void {
    const grown = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
