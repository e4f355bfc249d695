import { ClusterError } from '../core/errors.ts';

/**
 * One direction of what a coordinator and an agent say to each other, over a broker that promises little: pieces are numbered, so a lost, doubled or overtaken one ends
 * the link instead of making sums wrong, and no more is on its way than the other end has room for.
 *
 * A piece: its kind (1 byte), its number (4), the worker (4), then the bytes. What is said beside the order (kind `beside`) has number 0.
 */
const KIND = { beside: 0, control: 1, bytes: 2 } as const;
const HEAD_BYTES = 9;
/** Half of what a broker takes in one message unless it was told otherwise. */
export const PIECE_BYTES_MAX = 512 << 10;
/** Said and not yet taken by the other end. */
const WINDOW_BYTES = 8 << 20;
/** After so many the other end is told that there is room again. */
const TAKEN_BYTES = 1 << 20;
/** What waits for room: an end that takes nothing any more is not waited for with all memory. */
const WAITING_BYTES_MAX = 1 << 30;
/** Of a JSON message. */
const CONTROL_BYTES_MAX = 256 << 10;

export interface LinkListener {
  /** A message in order, or beside it: any JSON. @throws {ClusterError} when it is none of what it should be: that ends the link */
  control(message: unknown): void;
  /** The next bytes of a worker's stream. @throws {ClusterError} as `control` */
  bytes(worker: number, bytes: Buffer): void;
  /** The link is of no use any more. Once. */
  broken(error: ClusterError): void;
}

export class Link {
  readonly #publish: (piece: Buffer) => void;
  readonly #listener: LinkListener;
  readonly #peer: string;
  #said = 0;
  #heard = 0;
  /** Bytes said that the other end has not told to be taken. */
  #onTheWay = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #takenBytes = 0;
  #isBroken = false;

  /** @param peer - in words, such as `agent 2` */
  constructor(peer: string, publish: (piece: Buffer) => void, listener: LinkListener) {
    this.#peer = peer;
    this.#publish = publish;
    this.#listener = listener;
  }

  /** Says something after all that was said before. */
  say(message: object): void {
    this.#queue(piece(KIND.control, 0, Buffer.from(JSON.stringify(message))));
  }

  /** Says something at once, whatever waits: it may overtake, or be lost. */
  sayBeside(message: object): void {
    if (!this.#isBroken) this.#publish(piece(KIND.beside, 0, Buffer.from(JSON.stringify(message))));
  }

  /** The next bytes of a worker's stream, in pieces that a broker takes. */
  sayBytes(worker: number, parts: readonly Buffer[]): void {
    let small: Buffer[] = [];
    let smallBytes = 0;
    const flush = (): void => {
      if (smallBytes > 0) this.#queue(piece(KIND.bytes, worker, ...small));
      small = [];
      smallBytes = 0;
    };
    for (const part of parts) {
      for (let at = 0; at < part.length; ) {
        const some = part.subarray(at, at + PIECE_BYTES_MAX - smallBytes);
        small.push(some);
        smallBytes += some.length;
        at += some.length;
        if (smallBytes >= PIECE_BYTES_MAX) flush();
      }
    }
    flush();
  }

  /** A piece came. Whatever it is, this does not throw. */
  take(bytes: Buffer): void {
    if (this.#isBroken) return;
    try {
      this.#take(bytes);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.break(error);
    }
  }

  /** Nothing is said or heard any more. */
  break(error: ClusterError): void {
    if (this.#isBroken) return;
    this.end();
    this.#listener.broken(error);
  }

  /** As `break`, and nobody is told. */
  end(): void {
    this.#isBroken = true;
    this.#waiting = [];
  }

  #take(bytes: Buffer): void {
    if (bytes.length < HEAD_BYTES || bytes.length > HEAD_BYTES + PIECE_BYTES_MAX)
      throw new ClusterError(
        `${this.#peer}: expected a piece of ${HEAD_BYTES} to ${HEAD_BYTES + PIECE_BYTES_MAX} bytes; got one of ${bytes.length}`,
      );
    const kind = bytes[0];
    const content = bytes.subarray(HEAD_BYTES);
    if (kind === KIND.beside) return this.#control(content);
    if (kind !== KIND.control && kind !== KIND.bytes)
      throw new ClusterError(`${this.#peer}: expected a piece of a known kind; got kind ${kind}`);
    const number = bytes.readUInt32LE(1);
    const next = (this.#heard + 1) >>> 0;
    if (number !== next) throw new ClusterError(`${this.#peer}: expected piece ${next} of what it says; got piece ${number}`);
    this.#heard = number;
    this.#tellTaken(bytes.length);
    if (kind === KIND.control) this.#control(content);
    else this.#listener.bytes(bytes.readUInt32LE(5), content);
  }

  #control(content: Buffer): void {
    const message = jsonOf(content, this.#peer);
    if (typeof message === 'object' && message !== null && 'taken' in message) return this.#hasRoom(message.taken);
    this.#listener.control(message);
  }

  #tellTaken(bytes: number): void {
    this.#takenBytes += bytes;
    if (this.#takenBytes < TAKEN_BYTES) return;
    this.sayBeside({ taken: this.#takenBytes });
    this.#takenBytes = 0;
  }

  #hasRoom(taken: unknown): void {
    if (typeof taken !== 'number' || !Number.isInteger(taken) || taken < 0 || taken > this.#onTheWay)
      throw new ClusterError(`${this.#peer}: expected it to have taken at most what was said; got ${JSON.stringify(taken)}`);
    this.#onTheWay -= taken;
    while (this.#waiting.length > 0 && this.#onTheWay < WINDOW_BYTES) {
      const next = this.#waiting.shift() as Buffer;
      this.#waitingBytes -= next.length;
      this.#send(next);
    }
  }

  #queue(next: Buffer): void {
    if (this.#isBroken) return;
    if (this.#waiting.length === 0 && this.#onTheWay < WINDOW_BYTES) return this.#send(next);
    this.#waiting.push(next);
    this.#waitingBytes += next.length;
    if (this.#waitingBytes > WAITING_BYTES_MAX)
      this.break(new ClusterError(`${this.#peer} takes nothing: ${WAITING_BYTES_MAX} bytes wait for it`));
  }

  #send(next: Buffer): void {
    this.#said = (this.#said + 1) >>> 0;
    next.writeUInt32LE(this.#said, 1);
    this.#onTheWay += next.length;
    this.#publish(next);
  }
}

function piece(kind: number, worker: number, ...parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = kind;
  head.writeUInt32LE(worker, 5);
  return Buffer.concat([head, ...parts]);
}

/** @throws {ClusterError} */
export function jsonOf(bytes: Buffer, peer: string): unknown {
  if (bytes.length > CONTROL_BYTES_MAX)
    throw new ClusterError(`${peer}: expected at most ${CONTROL_BYTES_MAX} bytes of JSON; got ${bytes.length}`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ClusterError(`${peer}: expected JSON; got something else`);
  }
}
