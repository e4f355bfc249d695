const BYTES_FIRST = 512;
/** A larger one is given up when it is emptied. */
const BYTES_KEPT = 256 * 1024;

/** Bytes that come in pieces, in one buffer that grows: however small the pieces are, the memory is what they take. */
export class Growing {
  length = 0;
  #bytes: Buffer = Buffer.alloc(0);

  add(bytes: Buffer, from: number, to: number): void {
    const needed = this.length + to - from;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(BYTES_FIRST, needed, 2 * this.#bytes.length));
      this.#bytes.copy(grown, 0, 0, this.length);
      this.#bytes = grown;
    }
    bytes.copy(this.#bytes, this.length, from, to);
    this.length = needed;
  }

  /** Those so far; they are there until more come. */
  view(from = 0, to = this.length): Buffer {
    return this.#bytes.subarray(from, to);
  }

  clear(): void {
    this.length = 0;
    if (this.#bytes.length > BYTES_KEPT) this.#bytes = Buffer.alloc(0);
  }
}
