import { ClusterError } from '../core/errors.ts';

/** Of the eighth byte, the last that a safe integer needs. */
const SCALE_MAX = 2 ** 49;

/** Reads what {@link ByteWriter} wrote, and believes nothing of it: whatever the bytes are, a number comes back or a ClusterError is thrown. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** @returns 0 to 2^53 − 1. @throws {ClusterError} when it is cut off, longer than any number, or not in its shortest form */
  varint(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    if (at >= bytes.length) throw cutOff();
    let byte = bytes[at++] as number;
    if (byte < 0x80) {
      this.#at = at;
      return byte;
    }
    let value = byte & 0x7f;
    for (let scale = 0x80; ; scale *= 0x80) {
      if (at >= bytes.length) throw cutOff();
      byte = bytes[at++] as number;
      value += (byte & 0x7f) * scale;
      if (scale > SCALE_MAX || value > Number.MAX_SAFE_INTEGER)
        throw new ClusterError('expected whole numbers of at most 2^53 − 1; got a longer one');
      if (byte < 0x80) break;
    }
    if (byte === 0) throw new ClusterError('expected whole numbers in their shortest form; got a longer one');
    this.#at = at;
    return value;
  }

  /** @throws {ClusterError} as {@link varint}, and when it is not finite */
  number(): number {
    const value = this.varint();
    if (value % 2 === 0) return value / 2;
    if (value !== 1) throw new ClusterError(`expected a whole number or a double; got the mark ${value}`);
    if (this.left < 8) throw cutOff();
    const double = this.#bytes.readDoubleLE(this.#at);
    if (!Number.isFinite(double)) throw new ClusterError(`expected finite numbers; got ${double}`);
    this.#at += 8;
    return double;
  }
}

function cutOff(): ClusterError {
  return new ClusterError('expected more bytes; they end in the middle of a number');
}
