import * as zlib from 'node:zlib';
import type { BodyEncoding } from '../core/plan.ts';
import type { RequestBody } from '../net/http-request.ts';

type Body = Exclude<RequestBody, undefined>;
type Encoded = (bytes: Buffer) => void;
type Compress = (bytes: Buffer, done: (error: Error | null, bytes: Buffer) => void) => void;

/** Up to this size a body is compressed at once: a thread and two turns cost more than the work. */
const SYNC_BYTES_MAX = 8 * 1024;
/** Compressed bodies that are kept, all together. */
const KEPT_BYTES_MAX = 256_000_000;

const LATER: Record<BodyEncoding, Compress> = {
  gzip: zlib.gzip,
  deflate: zlib.deflate,
  br: (bytes, done) => zlib.brotliCompress(bytes, BROTLI, done),
  // not there before Node 22.15: whoever asks for it then is refused before
  zstd: (zlib as unknown as { zstdCompress: Compress }).zstdCompress,
};
/** Its default is made for files that are compressed once and served for years. */
const BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } };

/** Compresses bodies of requests, each once for as long as whoever holds it lives: a picture, a form, a request that comes again. */
export class BodyEncoder {
  readonly #known = new WeakMap<object, Map<BodyEncoding, Buffer | Encoded[]>>();
  #keptBytes = 0;

  /** @param holder - what stands for the body; equal ones have equal bodies @param done - called at once for a body that is known or small */
  encode(body: Body, encoding: BodyEncoding, { holder, done }: { holder: object; done: Encoded }): void {
    const known = this.#known.get(holder)?.get(encoding);
    if (Array.isArray(known)) {
      known.push(done);
      return;
    }
    if (known !== undefined) return done(known);
    const bytes = bytesOf(body);
    if (bytes.length <= SYNC_BYTES_MAX && encoding === 'gzip') return done(this.#keep(holder, encoding, zlib.gzipSync(bytes)));
    const waiting = [done];
    this.#entry(holder).set(encoding, waiting);
    LATER[encoding](bytes, (error, encoded) => {
      if (error !== null) throw error; // memory: zlib refuses no bytes
      this.#keep(holder, encoding, encoded);
      for (const tell of waiting) tell(encoded);
    });
  }

  #keep(holder: object, encoding: BodyEncoding, encoded: Buffer): Buffer {
    const entry = this.#entry(holder);
    if (this.#keptBytes + encoded.length > KEPT_BYTES_MAX) entry.delete(encoding);
    else {
      this.#keptBytes += encoded.length;
      entry.set(encoding, encoded);
    }
    return encoded;
  }

  #entry(holder: object): Map<BodyEncoding, Buffer | Encoded[]> {
    const entry = this.#known.get(holder) ?? new Map<BodyEncoding, Buffer | Encoded[]>();
    this.#known.set(holder, entry);
    return entry;
  }
}

function bytesOf(body: Body): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.concat(body);
}
