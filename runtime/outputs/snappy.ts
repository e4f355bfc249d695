/** What repeats is looked for in as many places; a slot holds where its four bytes were last. */
const HASH_BITS = 14;
const OFFSET_MAX = 0xffff;
const COPY_MAX = 64;

/**
 * Bytes in Snappy's block format, as Prometheus' remote write wants them: literals, and copies of four bytes and more that came before.
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function snappyBlock(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // a copy is never longer than what it stands for, and a literal has one byte before sixty, or three before 65,536
  const out = new BlockWriter(16 + input.length + Math.ceil(input.length / 16));
  out.varint(input.length);
  const seenAt = new Int32Array(1 << HASH_BITS).fill(-1);
  let pending = 0;
  for (let at = 0; at + 4 <= input.length; ) {
    const word = input.readUInt32LE(at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const before = seenAt[slot] as number;
    seenAt[slot] = at;
    if (before < 0 || at - before > OFFSET_MAX || input.readUInt32LE(before) !== word) {
      at++;
      continue;
    }
    out.literal(input, pending, at);
    let length = 4;
    while (at + length < input.length && input[before + length] === input[at + length]) length++;
    out.copy(at - before, length);
    at += length;
    pending = at;
  }
  out.literal(input, pending, input.length);
  return out.written();
}

class BlockWriter {
  readonly #out: Buffer<ArrayBuffer>;
  #at = 0;

  constructor(bytesMax: number) {
    this.#out = Buffer.alloc(bytesMax);
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.#out.subarray(0, this.#at);
  }

  varint(value: number): void {
    let left = value;
    for (; left >= 0x80; left >>>= 7) this.#byte((left & 0x7f) | 0x80);
    this.#byte(left);
  }

  /** Bytes `from` up to `to` as they are. */
  literal(input: Buffer, from: number, to: number): void {
    const last = to - from - 1;
    if (last < 0) return;
    if (last < 60) this.#byte(last << 2);
    else {
      const lengthBytes = last < 0x100 ? 1 : last < 0x10000 ? 2 : last < 0x1000000 ? 3 : 4;
      this.#byte((59 + lengthBytes) << 2);
      this.#at = this.#out.writeUIntLE(last, this.#at, lengthBytes);
    }
    this.#at += input.copy(this.#out, this.#at, from, to);
  }

  /** `length` bytes once more, from as far back; each with an offset of two bytes. */
  copy(offset: number, length: number): void {
    for (let left = length; left > 0; left -= COPY_MAX) {
      this.#byte(((Math.min(left, COPY_MAX) - 1) << 2) | 2);
      this.#at = this.#out.writeUInt16LE(offset, this.#at);
    }
  }

  #byte(value: number): void {
    this.#out[this.#at++] = value;
  }
}
