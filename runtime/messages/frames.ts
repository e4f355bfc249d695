import { ClusterError } from '../core/errors.ts';

/** Head and tail of a frame: each of them is there, maybe empty. */
export interface Frame {
  /** Number of the message among those of its sender; see sequence.ts. */
  readonly sequence: number;
  readonly head: Buffer;
  readonly tail: Buffer;
}

export interface FrameLimits {
  readonly headBytesMax: number;
  readonly tailBytesMax: number;
}

/**
 * Of the codec: what messages hold and how it is written. It goes up with whatever another version could not read, or would read as something else; whoever hears of
 * another one refuses it.
 */
export const CODEC_VERSION = 1;

/** Two lengths, little-endian: of the head, its mark included, and of the tail. */
const PREFIX_BYTES = 8;
/** What each head begins with: the version, and the message's number in four bytes. */
const MARK_BYTES = 5;
const NOTHING = Buffer.alloc(0);

/** What is written for a frame, in this order; the tail is not copied. @param sequence - 0 to 2^32 − 1 */
export function framed(head: Buffer, { tail = NOTHING, sequence }: { tail?: Buffer; sequence: number }): Buffer[] {
  const start = Buffer.alloc(PREFIX_BYTES + MARK_BYTES);
  start.writeUInt32LE(MARK_BYTES + head.length, 0);
  start.writeUInt32LE(tail.length, 4);
  start[PREFIX_BYTES] = CODEC_VERSION;
  start.writeUInt32LE(sequence, PREFIX_BYTES + 1);
  return tail.length === 0 ? [start, head] : [start, head, tail];
}

/** Cuts a stream of bytes back into frames. A length over its limit is refused when it is read, before anything is kept for it; another version with its frame. */
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

  /** Frames that the chunk completes. @throws {ClusterError} at a frame that is too long, or of another version; the stream is of no use after it */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#keptBytes += chunk.length;
    for (;;) {
      if (!this.#hasPrefix) {
        if (this.#keptBytes < PREFIX_BYTES) return;
        this.#readPrefix();
      }
      if (this.#keptBytes < this.#headBytes + this.#tailBytes) return;
      const marked = this.#take(this.#headBytes);
      const tail = this.#take(this.#tailBytes);
      this.#hasPrefix = false;
      yield { sequence: sequenceOf(marked), head: marked.subarray(MARK_BYTES), tail };
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

function sequenceOf(marked: Buffer): number {
  const version = marked.length < MARK_BYTES ? 'none' : marked[0];
  if (version !== CODEC_VERSION) throw new ClusterError(`expected messages of version ${CODEC_VERSION}; got one of version ${version}`);
  return marked.readUInt32LE(1);
}
