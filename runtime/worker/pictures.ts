import { readSync } from 'node:fs';
import type { WorkerShare } from '../core/partition.ts';
import type { PoolMessage, SharedPlace } from '../messages/messages.ts';
import { WORKER_SHARED_FD } from '../messages/worker-fds.ts';
import { formOf, MultipartCache, type MultipartField, type MultipartForm } from '../picture/multipart.ts';
import { canBeUnique, type UniqueParts, uniqueChunk, uniqueParts } from '../picture/unique-bytes.ts';

interface Pool {
  unique: PoolMessage['unique'];
  pictures: PoolMessage['pictures'];
  /** Cut once per picture, when it is first sent. */
  parts: (UniqueParts | undefined)[];
}

/** A picture to send: its bytes, or its parts around a chunk that makes this use differ from all others. */
export interface PictureBytes {
  /** Tells the bytes from any others; undefined when no two uses are alike, or nothing of them is kept. */
  key: string | undefined;
  format: string;
  filename: string;
  bytes: Buffer | readonly Buffer[];
}

/** Pictures of the run, as the worker holds them: received once, shared by all VUs. Those of large pools are in a file for all workers, and read for each use. */
export class PictureStore {
  readonly #pools = new Map<string, Pool>();
  readonly #forms = new MultipartCache();
  /** Uses so far; workers count in steps, so that no two chunks of a run are alike. */
  #uses: number;
  readonly #step: number;
  readonly #sharedFd: number;

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

  /** A use of the picture like any other, as text; empty for one that is not drawn yet (the guest refuses it) and for none. */
  base64(reference: string): string {
    if (this.#find(reference) === undefined) return '';
    const { bytes } = this.bytesFor(reference);
    return (Buffer.isBuffer(bytes) ? bytes : Buffer.concat(bytes)).toString('base64');
  }

  /** One use of a picture; no bytes when they have to be drawn for it. @throws RangeError for a reference that is none */
  bytesFor(reference: string): PictureBytes {
    const found = this.#find(reference);
    if (found === undefined) throw new RangeError(`no picture ${JSON.stringify(reference)}`);
    const { pool, picture, index } = found;
    // of a pool that draws there is one picture here, and an id ends in the index
    const id = pool.unique === 'pixels' ? picture.id.replace(/\d+$/, String(index)) : picture.id;
    const filename = `${id.replace(/[^\w.-]+/g, '_')}.${picture.format === 'jpeg' ? 'jpg' : picture.format}`;
    const isShared = !Buffer.isBuffer(picture.bytes);
    if (pool.unique !== 'bytes' || !canBeUnique(picture.format))
      return { key: isShared ? undefined : reference, format: picture.format, filename, bytes: this.#bytesOf(picture.bytes) };
    const parts = pool.parts[index] ?? uniqueParts({ format: picture.format, bytes: this.#bytesOf(picture.bytes) });
    if (!isShared) pool.parts[index] = parts;
    this.#uses += this.#step;
    return { key: undefined, format: picture.format, filename, bytes: [parts.head, uniqueChunk(picture.format, this.#uses), parts.tail] };
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
