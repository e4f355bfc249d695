/** Encoded bytes that are kept, all together. */
const KEPT_BYTES_MAX = 256_000_000;
/** Up to so many an encoding costs less than to keep it. */
const SMALL_BYTES = 1024;

/** Bytes as base64 for the body of a request: buffers of ASCII, each encoded once for as long as it comes again. */
export class Base64Pieces {
  /** By the key of the bytes; the one not asked for longest makes room. */
  readonly #byKey = new Map<string, Buffer>();
  #keptBytes = 0;
  /** Of parts that come again around another middle: what is the same each time. */
  readonly #byPart = new WeakMap<Buffer, Map<number, Buffer>>();
  readonly #keptBytesMax: number;

  constructor(keptBytesMax = KEPT_BYTES_MAX) {
    this.#keptBytesMax = keptBytesMax;
  }

  /** @param key - tells the bytes from any others; undefined: they will not come again, but as parts some of them may */
  of(bytes: Buffer | readonly Buffer[], key: string | undefined): readonly Buffer[] {
    if (!Buffer.isBuffer(bytes)) return this.#aroundMiddle(bytes);
    if (key === undefined) return [encoded(bytes)];
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      this.#byKey.delete(key);
      this.#byKey.set(key, known);
      return [known];
    }
    const made = encoded(bytes);
    if (made.length <= this.#keptBytesMax / 4) this.#keep(key, made);
    return [made];
  }

  #keep(key: string, made: Buffer): void {
    this.#byKey.set(key, made);
    this.#keptBytes += made.length;
    for (const [oldest, { length }] of this.#byKey) {
      if (this.#keptBytes <= this.#keptBytesMax) return;
      this.#byKey.delete(oldest);
      this.#keptBytes -= length;
    }
  }

  /** Three bytes are four characters: large parts give their whole triples, known from the last time, and what is between is encoded anew. */
  #aroundMiddle(parts: readonly Buffer[]): readonly Buffer[] {
    const out: Buffer[] = [];
    let open: Buffer = Buffer.alloc(0);
    for (const part of parts) {
      if (part.length <= SMALL_BYTES) {
        open = Buffer.concat([open, part]);
        continue;
      }
      const begin = (3 - (open.length % 3)) % 3;
      const end = part.length - ((part.length - begin) % 3);
      if (open.length + begin > 0) out.push(encoded(Buffer.concat([open, part.subarray(0, begin)])));
      out.push(this.#triples(part, begin, end));
      open = part.subarray(end);
    }
    if (open.length > 0) out.push(encoded(open));
    return out;
  }

  #triples(part: Buffer, begin: number, end: number): Buffer {
    const known = this.#byPart.get(part) ?? new Map<number, Buffer>();
    this.#byPart.set(part, known);
    const made = known.get(begin) ?? encoded(part.subarray(begin, end));
    known.set(begin, made);
    return made;
  }
}

function encoded(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('base64'), 'latin1');
}
