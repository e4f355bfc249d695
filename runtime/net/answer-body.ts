import type { BodyStore } from './body-reader.ts';

import type { BodyRooms } from './body-rooms.ts';

/** A body is first given this much room at most, however long it says it is; then as much again as has come. */
const ROOM_BYTES_FIRST = 2 * 1024 * 1024;
/** Of a body whose length nobody knows. */
const ROOM_BYTES_UNKNOWN = 16 * 1024;

/** The body of one answer as it comes in: bytes in buffers of their own, never in one that is read into again. */
export class AnswerBody implements BodyStore {
  #parts: Buffer[] | undefined;
  /** What is being filled. */
  #part: Buffer | undefined;
  #filled = 0;
  readonly #rooms: BodyRooms;
  /** The first that was taken; a body of more is put together anew. Never a buffer of somebody else. */
  #room: Buffer | undefined;

  constructor(rooms: BodyRooms) {
    this.#rooms = rooms;
  }

  /** Undefined while it is empty. */
  whole(): Buffer | undefined {
    const part = this.#part === undefined || this.#filled === this.#part.length ? this.#part : this.#part.subarray(0, this.#filled);
    return this.#parts === undefined ? part : Buffer.concat(part === undefined ? this.#parts : [...this.#parts, part]);
  }

  /** Takes a buffer over. */
  keep(chunk: Buffer): void {
    if (this.#part !== undefined) this.#setAside(this.#part.subarray(0, this.#filled));
    this.#part = chunk;
    this.#filled = chunk.length;
  }

  /** Copies a part of a buffer that will be read into again. @param left - bytes that are still to come; undefined: nobody knows */
  copy(bytes: Buffer, from: number, to: number, left: number | undefined): void {
    let at = from;
    while (at < to) {
      const part = this.#withRoom(to - at, left);
      const used = bytes.copy(part, this.#filled, at, to);
      this.#filled += used;
      at += used;
    }
  }

  /** A place to read into, at most `left` bytes; then {@link filled} is told how many. @param left - bytes that are still to come, at least 1 */
  room(left: number): Buffer {
    const part = this.#withRoom(left, 0);
    return part.subarray(this.#filled, Math.min(this.#filled + left, part.length));
  }

  /** Nobody looks at the body any more, nor at what {@link whole} gave: its memory is used again. */
  release(): void {
    const room = this.#room;
    this.#part = this.#parts = this.#room = undefined;
    this.#filled = 0;
    if (room !== undefined) this.#rooms.giveBack(room);
  }

  filled(bytes: number): void {
    this.#filled += bytes;
  }

  /** A part with at least one byte of room. @param bytes - that are there @param left - that come after them */
  #withRoom(bytes: number, left: number | undefined): Buffer {
    const part = this.#part;
    if (part !== undefined && this.#filled < part.length) return part;
    const known = part === undefined ? 0 : part.length + (this.#parts?.reduce((sum, { length }) => sum + length, 0) ?? 0);
    if (part !== undefined) this.#setAside(part);
    const roomBytes =
      left === undefined ? Math.max(ROOM_BYTES_UNKNOWN, known, bytes) : Math.min(bytes + left, Math.max(ROOM_BYTES_FIRST, known));
    if (left === 0 && known === 0 && bytes < ROOM_BYTES_UNKNOWN) this.#part = Buffer.allocUnsafe(bytes);
    else this.#part = this.#rooms.take(roomBytes);
    if (known === 0 && roomBytes >= ROOM_BYTES_UNKNOWN) this.#room = this.#part;
    this.#filled = 0;
    return this.#part;
  }

  #setAside(part: Buffer): void {
    this.#parts ??= [];
    this.#parts.push(part);
  }
}
