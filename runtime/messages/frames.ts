import { ClusterError } from '../core/errors.ts';

/** Head and tail of a frame: each of them is there, maybe empty. */
export interface Frame {
  readonly head: Buffer;
  readonly tail: Buffer;
}

export interface FrameLimits {
  readonly headBytesMax: number;
  readonly tailBytesMax: number;
}

/** Two lengths, little-endian: of the head and of the tail. */
const PREFIX_BYTES = 8;
const NOTHING = Buffer.alloc(0);

/** What is written for a frame, in this order; the tail is not copied. */
export function framed(head: Buffer, tail: Buffer = NOTHING): Buffer[] {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(head.length, 0);
  prefix.writeUInt32LE(tail.length, 4);
  return tail.length === 0 ? [prefix, head] : [prefix, head, tail];
}

/** Cuts a stream of bytes back into frames. A length over its limit is refused when it is read, before anything is kept for it. */
export class FrameReader {
  readonly #limits: FrameLimits;
  #chunks: Buffer[] = [];
  #keptBytes = 0;
  #headBytes = 0;
  #tailBytes = 0;
  #hasPrefix = false;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** Frames that the chunk completes. @throws {ClusterError} at a frame that is too long; the stream is of no use after it */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.length;
    for (;;) {
      if (!this.#hasPrefix) {
        if (this.#keptBytes < PREFIX_BYTES) return;
        this.#readPrefix();
      }
      if (this.#keptBytes < this.#headBytes + this.#tailBytes) return;
      const head = this.#take(this.#headBytes);
      const tail = this.#take(this.#tailBytes);
      this.#hasPrefix = false;
      yield { head, tail };
    }
  }

  #readPrefix(): void {
    const prefix = this.#take(PREFIX_BYTES);
    this.#headBytes = prefix.readUInt32LE(0);
    this.#tailBytes = prefix.readUInt32LE(4);
    this.#hasPrefix = true;
    const { headBytesMax, tailBytesMax } = this.#limits;
    if (this.#headBytes > headBytesMax || this.#tailBytes > tailBytesMax)
      throw new ClusterError(
        `expected frames of at most ${headBytesMax} and ${tailBytesMax} bytes; got one of ${this.#headBytes} and ${this.#tailBytes}`,
      );
  }

  /** The next bytes: a view where they came in one piece. */
  #take(bytes: number): Buffer {
    if (bytes === 0) return NOTHING;
    const first = this.#chunks[0] as Buffer;
    const joined = first.length >= bytes ? first : Buffer.concat(this.#chunks);
    const rest = joined.subarray(bytes);
    if (joined === first) this.#chunks.shift();
    else this.#chunks = [];
    if (rest.length > 0) this.#chunks.unshift(rest);
    this.#keptBytes -= bytes;
    return joined.subarray(0, bytes);
  }
}
