import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { LASTING } from '../core/mailbox.ts';
import type { WorkerShare } from '../core/partition.ts';
import type { PoolMessage, SharedPlace } from '../messages/messages.ts';
import { WORKER_SHARED_FD } from '../messages/worker-fds.ts';
import { formOf, MultipartCache, type MultipartField, type MultipartForm } from '../picture/multipart.ts';
import type { SentFile } from '../picture/picture.ts';
import { canBeUnique, type UniqueParts, uniqueChunk, uniqueParts } from '../picture/unique-bytes.ts';
import { Base64Pieces } from './base64-pieces.ts';
import { ScriptBytes } from './script-bytes.ts';

interface Pool {
  unique: PoolMessage['unique'];
  pictures: PoolMessage['pictures'];
  /** Cut once per picture, when it is first sent. */
  parts: (UniqueParts | undefined)[];
}

/** Bytes to send: those of a picture, a file, or a script's own; or parts around a chunk that makes this use differ from all others. */
export interface PictureBytes extends SentFile {
  /** Tells the bytes from any others; undefined when no two uses are alike, or nothing of them is kept. */
  key: string | undefined;
  bytes: Buffer | readonly Buffer[];
}

/** As browsers call a file without a name. */
const NAMELESS = 'blob';
const UNKNOWN_TYPE = 'application/octet-stream';

/** Pictures and files of the run, as the worker holds them, and what its scripts made: received once, shared by all VUs. Those of large pools are in a file for all workers, and read for each use. */
export class PictureStore {
  readonly #pools = new Map<string, Pool>();
  readonly #forms = new MultipartCache();
  /** Uses so far; workers count in steps, so that no two chunks of a run are alike. */
  #uses: number;
  readonly #step: number;
  readonly #sharedFd: number;
  readonly #base64 = new Base64Pieces();
  /** What scripts made. */
  readonly made = new ScriptBytes();

  /** @param numbers - of uses, that this worker alone gives out */
  constructor({ from, step }: WorkerShare['numbers'], sharedFd: number = WORKER_SHARED_FD) {
    this.#sharedFd = sharedFd;
    this.#uses = from;
    this.#step = step;
  }

  add(message: PoolMessage): void {
    this.#pools.set(message.pool, { unique: message.unique, pictures: message.pictures, parts: [] });
  }

  /** Whether the picture has to be drawn for this use. */
  isDrawnPerUse(reference: string): boolean {
    return this.#find(reference)?.pool.unique === 'pixels';
  }

  /** A use of the bytes like any other, as text; empty for a picture that is not drawn yet (the guest refuses it) and for none. */
  base64(reference: string): string {
    return this.has(reference) ? wholeOf(this.bytesFor(reference).bytes).toString('base64') : '';
  }

  /** A use of the bytes in base64, as buffers of ASCII; what comes again is encoded once. @param drawn - for this use; undefined: it was not */
  base64Pieces(reference: string, drawn: Buffer | undefined): { pieces: readonly Buffer[]; contentType: string; key: string | undefined } {
    const { key, bytes, contentType } = this.bytesFor(reference);
    return drawn === undefined
      ? { pieces: this.#base64.of(bytes, key), contentType, key }
      : { pieces: this.#base64.of(drawn, undefined), contentType, key: undefined };
  }

  /** Whether they are not gone. */
  has(reference: string): boolean {
    const { place } = rangeOf(reference);
    return this.#find(place) !== undefined || this.made.find(place) !== undefined;
  }

  /** What a script reads of bytes; they are not changed by it, and no use. Undefined: they are gone. */
  read(reference: string): Buffer | undefined {
    return this.has(reference) ? this.#plain(reference).bytes : undefined;
  }

  /** Content type of bytes that are there. */
  typeOf(reference: string): string {
    return this.#plain(reference).contentType;
  }

  /** SHA-256 in hex; empty: they are gone. */
  digest(reference: string): string {
    const bytes = this.read(reference);
    return bytes === undefined ? '' : createHash('sha256').update(bytes).digest('hex');
  }

  /** One use of bytes; none when they have to be drawn for it. @throws RangeError for a reference that is none */
  bytesFor(reference: string): PictureBytes {
    const found = this.#find(reference);
    if (found === undefined) return this.#plain(reference);
    const { pool, picture, index } = found;
    const { format } = picture;
    if (pool.unique !== 'bytes' || !canBeUnique(format)) return this.#plain(reference);
    const isShared = !Buffer.isBuffer(picture.bytes);
    const parts = pool.parts[index] ?? uniqueParts({ format, bytes: this.#bytesOf(picture.bytes) });
    if (!isShared) pool.parts[index] = parts;
    this.#uses += this.#step;
    return { ...fileOf(picture, picture.id), key: undefined, bytes: [parts.head, uniqueChunk(format, this.#uses), parts.tail] };
  }

  #plain(reference: string): PictureBytes & { bytes: Buffer } {
    const { place, from, to } = rangeOf(reference);
    const found = this.#find(place);
    const made = found === undefined ? this.made.find(place) : undefined;
    if (found === undefined && made === undefined)
      throw new RangeError(`no bytes ${JSON.stringify(reference)}: they are gone with their iteration`);
    if (made !== undefined) {
      const file = { filename: NAMELESS, contentType: made.contentType === '' ? UNKNOWN_TYPE : made.contentType };
      return { ...file, key: place.startsWith(`${LASTING}/`) ? reference : undefined, bytes: made.bytes.subarray(from, to) };
    }
    const { pool, picture, index } = found as NonNullable<typeof found>;
    // of a pool that draws there is one picture here, and an id ends in the index
    const id = pool.unique === 'pixels' ? picture.id.replace(/\d+$/, String(index)) : picture.id;
    const key = Buffer.isBuffer(picture.bytes) ? reference : undefined;
    return { ...fileOf(picture, id), key, bytes: this.#bytesOf(picture.bytes).subarray(from, to) };
  }

  /** A form with these fields; assembled once for pictures whose bytes come again. */
  form(fields: readonly MultipartField[], pictureKey: string | undefined): MultipartForm {
    return pictureKey === undefined ? formOf(fields) : this.#forms.bodyFor(pictureKey, fields);
  }

  /** What a process has read of it lately the system has in memory, once for all. */
  #bytesOf(bytes: Buffer | SharedPlace): Buffer {
    if (Buffer.isBuffer(bytes)) return bytes;
    const out = Buffer.allocUnsafeSlow(bytes.length);
    for (let done = 0; done < out.length; ) {
      const read = readSync(this.#sharedFd, out, done, out.length - done, bytes.at + done);
      if (read === 0) throw new RangeError('a picture is not in the file that workers share');
      done += read;
    }
    return out;
  }

  #find(reference: string): { pool: Pool; picture: PoolMessage['pictures'][number]; index: number } | undefined {
    const slash = reference.lastIndexOf('/');
    const pool = this.#pools.get(reference.slice(0, slash));
    const index = Number(reference.slice(slash + 1));
    const picture = pool?.pictures[index % (pool.pictures.length || 1)];
    return pool === undefined || picture === undefined ? undefined : { pool, picture, index };
  }
}

/** A part of bytes is named as they are, a colon, and from which byte to which. */
function rangeOf(reference: string): { place: string; from: number; to: number | undefined } {
  const match = /^(.*):(\d+)-(\d+)$/.exec(reference);
  return match === null
    ? { place: reference, from: 0, to: undefined }
    : { place: match[1] as string, from: Number(match[2]), to: Number(match[3]) };
}

/** What a picture is called as a file: its own name, or one made up of the id of a drawn one. */
function fileOf(picture: PoolMessage['pictures'][number], id: string): SentFile {
  const { format, file } = picture;
  if (file !== undefined) return file;
  return { filename: `${id.replace(/[^\w.-]+/g, '_')}.${format === 'jpeg' ? 'jpg' : format}`, contentType: `image/${format}` };
}

function wholeOf(bytes: PictureBytes['bytes']): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes);
}
