/** What is smaller costs less to make than to keep. */
const ROOM_BYTES_MIN = 16 * 1024;
/** A larger one is made anew each time: few answers have such. */
const ROOM_BYTES_MAX = 2 * 1024 * 1024;
/** Of rooms that nobody uses, all together. */
const IDLE_BYTES_MAX = 48 * 1024 * 1024;

/**
 * Memory for bodies, used again: a fresh megabyte for each answer is page faults when it is filled and work for the garbage collector afterwards, together more
 * than reading it. One per worker. Whoever has a room may keep it for good; what is given back must not be looked at any more.
 */
export class BodyRooms {
  /** By size, a power of two. The one that was used last is used first. */
  readonly #idle = new Map<number, Buffer[]>();
  #idleBytes = 0;

  /** A buffer of at least so many bytes, with anything in it. */
  take(bytes: number): Buffer {
    if (bytes < ROOM_BYTES_MIN || bytes > ROOM_BYTES_MAX) return Buffer.allocUnsafeSlow(bytes);
    const size = sizeFor(bytes);
    const room = this.#idle.get(size)?.pop();
    if (room === undefined) return Buffer.allocUnsafeSlow(size);
    this.#idleBytes -= size;
    return room;
  }

  /** @param room - as it was taken, and once */
  giveBack(room: Buffer): void {
    const size = room.length;
    if (size < ROOM_BYTES_MIN || size > ROOM_BYTES_MAX || size !== sizeFor(size) || this.#idleBytes + size > IDLE_BYTES_MAX) return;
    const rooms = this.#idle.get(size);
    if (rooms === undefined) this.#idle.set(size, [room]);
    else rooms.push(room);
    this.#idleBytes += size;
  }
}

function sizeFor(bytes: number): number {
  return 2 ** (32 - Math.clz32(bytes - 1));
}
