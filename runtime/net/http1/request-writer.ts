import type { Socket } from 'node:net';
import type { RequestBody } from '../http-request.ts';

/** A head and a body up to this size together are copied into one buffer: one write of one piece costs less than the copy. */
const COPY_BYTES_MAX = 16 * 1024;
/** What is handed to the socket at once: the rest can still be kept back when the answer comes early. */
const PIECE_BYTES = 1024 * 1024;
/** How long a body waits for a 100, as curl and Go do, µs. */
const CONTINUE_US_DEFAULT = 1_000_000;
/** A record of TLS has at most so much text (RFC 8446, 5.2), and at least so much beside it: its head and what proves it whole. */
const RECORD_BYTES = 16_384;
const RECORD_OVERHEAD_BYTES = 21;

/** What the system has not taken yet, of Node's own; undefined where a version of Node has no such thing. */
type Queued = Socket & { _handle?: { writeQueueSize?: number } | null };

/** Bytes of a body on the wire; undefined when there is none. */
export function bytesOf(body: RequestBody): number | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.byteLength(body);
  return Buffer.isBuffer(body) ? body.length : body.reduce((sum, part) => sum + part.length, 0);
}

/** Writes one request after the other to a socket, large ones piece by piece, each when the kernel has the one before. */
export class RequestWriter {
  readonly #socket: Socket;
  /** What TLS writes to; undefined without it. */
  readonly #raw: Queued | undefined;
  /** Bytes that it has been given at the least when it has all of the request. */
  #rawBytesWhole = 0;
  /** What the socket has not been given yet, and from which byte of its first part on. */
  #rest: readonly Buffer[] = [];
  #at = 0;
  #state: 'going' | 'held' | 'stopped' = 'going';
  #holdTimer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, raw?: Socket) {
    this.#socket = socket;
    this.#raw = raw;
  }

  /** Whether the kernel has all of the request. */
  get isThrough(): boolean {
    return this.#rest.length === 0 && this.#state === 'going' && (this.#socket.writableLength === 0 || this.#isTaken);
  }

  /** Node tells that TLS has written a turn of its loop later, when the answer may be there and the next request under way. */
  get #isTaken(): boolean {
    return this.#raw?._handle?.writeQueueSize === 0 && this.#raw.bytesWritten >= this.#rawBytesWhole;
  }

  /** @param head - one byte a character @param bodyBytes - of the body, as {@link bytesOf} has it */
  begin(head: string, body: RequestBody, bodyBytes: number | undefined): void {
    const socket = this.#socket;
    this.#expect(head.length + (bodyBytes ?? 0));
    if (body === undefined || bodyBytes === undefined || bodyBytes === 0) socket.write(head, 'latin1');
    else if (typeof body === 'string') this.#beginText(head, body, bodyBytes);
    else if (head.length + bodyBytes <= COPY_BYTES_MAX) socket.write(joined(head, partsOf(body), bodyBytes));
    else this.#beginPieces(head, partsOf(body));
  }

  /** @param bytes - of head and body; nothing is changed in them until the kernel has them */
  beginJoined(bytes: Buffer): void {
    this.#expect(bytes.length);
    this.#socket.write(bytes);
  }

  /** Sends the head, and keeps the body until {@link letGo}, or for so long. @param waitUs - undefined: 1 s */
  beginHeld(head: string, body: RequestBody, waitUs = CONTINUE_US_DEFAULT): void {
    this.#rest = partsOf(body).filter(({ length }) => length > 0);
    this.#at = 0;
    this.#state = 'held';
    this.#expect(head.length + (bytesOf(body) ?? 0));
    this.#holdTimer = setTimeout(() => this.letGo(), waitUs / 1000);
    this.#socket.write(head, 'latin1');
  }

  #expect(bytes: number): void {
    if (this.#raw === undefined) return;
    this.#rawBytesWhole = this.#raw.bytesWritten + bytes + RECORD_OVERHEAD_BYTES * Math.ceil(bytes / RECORD_BYTES);
  }

  /** The body that was held goes out. */
  letGo(): void {
    if (this.#state !== 'held') return;
    clearTimeout(this.#holdTimer);
    this.#state = 'going';
    this.#writeNext();
  }

  /** The kernel has all that the socket was given. @returns whether that is the whole request; else more is on its way */
  goOn(): boolean {
    if (this.#state === 'held') return false;
    if (this.#rest.length === 0) return this.#state === 'going';
    // not at once: the stream may be in the middle of giving out what it had, and would lose what it is given then
    process.nextTick(this.#writeNext);
    return false;
  }

  /** Keeps back what the socket has not been given yet. */
  stop(): void {
    if (this.#rest.length === 0) return;
    clearTimeout(this.#holdTimer);
    this.#rest = [];
    this.#state = 'stopped';
  }

  #beginText(head: string, body: string, bodyBytes: number): void {
    // as many bytes as characters: it is ASCII, and goes out with the head as it is
    if (bodyBytes === body.length && bodyBytes <= COPY_BYTES_MAX) this.#socket.write(head + body, 'latin1');
    else this.#beginPieces(head, [Buffer.from(body)]);
  }

  #beginPieces(head: string, parts: readonly Buffer[]): void {
    this.#rest = parts.filter(({ length }) => length > 0);
    this.#at = 0;
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    this.#writePiece();
    this.#socket.uncork();
  }

  readonly #writeNext = (): void => {
    if (this.#rest.length > 0 && !this.#socket.destroyed) this.#writePiece();
  };

  #writePiece(): void {
    const rest = this.#rest;
    const piece: Buffer[] = [];
    let [bytes, used] = [0, 0];
    for (const part of rest) {
      const end = Math.min(part.length, this.#at + PIECE_BYTES - bytes);
      piece.push(this.#at === 0 && end === part.length ? part : part.subarray(this.#at, end));
      bytes += end - this.#at;
      this.#at = end;
      if (end < part.length) break;
      used++;
      this.#at = 0;
      if (bytes >= PIECE_BYTES) break;
    }
    this.#rest = rest.slice(used);
    // before the writes: the kernel may take them at once, and then it is asked for the next piece under them
    if (piece.length === 1) this.#socket.write(piece[0] as Buffer);
    else {
      this.#socket.cork();
      for (const part of piece) this.#socket.write(part);
      this.#socket.uncork();
    }
  }
}

function partsOf(body: RequestBody): readonly Buffer[] {
  if (body === undefined) return [];
  if (typeof body === 'string') return [Buffer.from(body)];
  return Buffer.isBuffer(body) ? [body] : body;
}

function joined(head: string, parts: readonly Buffer[], bodyBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(head.length + bodyBytes);
  let at = bytes.write(head, 0, 'latin1');
  for (const part of parts) at += part.copy(bytes, at);
  return bytes;
}
