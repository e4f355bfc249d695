import { AnswerFault, AnswerHead, beginningFault, type Framing } from './answer-head.ts';
import { Chunks } from './chunks.ts';

const LF = 0x0a;
const CR = 0x0d;

/** What the next byte belongs to; `whole`: to no answer that was asked for, `bad`: to nothing that can be read, `stopped`: nobody wants it. */
export type AnswerPart = 'head' | 'length' | 'chunks' | 'to-close' | 'whole' | 'bad' | 'stopped';

/** Who is told of an answer as it comes in. */
export interface AnswerSink {
  /** An informational answer (1xx) is over: the real one follows. @param rest - bytes of the same read that come after it */
  onInterim(status: number, rest: number): void;
  onHead(head: AnswerHead): void;
  /** A part of the body, in a buffer that will be read into again. */
  onBody(bytes: Buffer, from: number, to: number): void;
}

const NOTHING = Buffer.alloc(0);

/** Reads one answer of HTTP/1.1 after the other from bytes, however they are split. Pure: no socket, no clock. */
export class AnswerReader {
  part: AnswerPart = 'whole';
  /** What is wrong, when it is `bad`: one line for people, the same however the bytes were split. */
  fault = '';
  /** Bytes of the body that are still to come, of one with a length. */
  left = 0;
  /** Whether the connection may carry another request after this answer. */
  keepsAlive = false;
  /** The answer's own head; undefined until it has come. */
  head: AnswerHead | undefined;
  readonly #sink: AnswerSink;
  readonly #headBytesMax: number;
  /** The last one of this connection: most are equal to it, and are not read again. */
  #lastHead: AnswerHead | undefined;
  #isHeadRequest = false;
  /** The beginning of a head that has not come whole. */
  #held: Buffer = NOTHING;
  #heldBytes = 0;
  /** Empty lines before it. */
  #blankBytes = 0;
  #chunks: Chunks | undefined;

  constructor(sink: AnswerSink, headBytesMax: number) {
    this.#sink = sink;
    this.#headBytesMax = headBytesMax;
  }

  /** The next answer is that to a request of this method. */
  begin(method: string): void {
    this.part = 'head';
    this.head = undefined;
    this.#isHeadRequest = method === 'HEAD';
    this.#heldBytes = 0;
    this.#blankBytes = 0;
  }

  /** Bytes of the body that are still to come; undefined: nobody knows. */
  get expected(): number | undefined {
    return this.head?.framing.kind === 'length' ? this.left : undefined;
  }

  /** No further byte is wanted. */
  stop(): void {
    this.part = 'stopped';
  }

  /** @returns where it stopped: before `to` when the answer ended or cannot be read */
  read(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to) {
      if (this.part === 'head') at = this.#readHead(bytes, at, to);
      else if (this.part === 'length') at = this.#readLength(bytes, at, to);
      else if (this.part === 'chunks') at = this.#readChunks(bytes, at, to);
      else if (this.part === 'to-close') {
        this.#sink.onBody(bytes, at, to);
        at = to;
      } else return at;
    }
    return at;
  }

  /** Takes bytes of a body with a length that were put where they belong. @param bytes - at most `left` */
  placed(bytes: number): void {
    this.left -= bytes;
    if (this.left === 0) this.part = 'whole';
  }

  /** The other side has ended the connection in order. @returns what is missing; undefined when the answer is whole */
  end(): string | undefined {
    if (this.part === 'to-close') this.part = 'whole';
    if (this.part === 'whole') return undefined;
    if (this.part === 'head') return this.#heldBytes === 0 ? 'no byte of an answer came' : 'its headers were not complete';
    if (this.part === 'chunks') return 'the last chunk did not come';
    return `${this.left} bytes of the body did not come`;
  }

  #readLength(bytes: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.left);
    this.left -= end - from;
    if (this.left === 0) this.part = 'whole';
    this.#sink.onBody(bytes, from, end);
    return end;
  }

  #readChunks(bytes: Buffer, from: number, to: number): number {
    const chunks = this.#chunks as Chunks;
    let at = from;
    while (at < to && this.part === 'chunks') {
      if (chunks.place === 'data') {
        const end = Math.min(to, at + chunks.left);
        chunks.taken(end - at);
        this.#sink.onBody(bytes, at, end);
        at = end;
      } else at = chunks.read(bytes, at, to);
      if (chunks.place === 'whole') this.part = 'whole';
      if (chunks.place === 'bad') this.#fail(chunks.fault);
    }
    return at;
  }

  #readHead(bytes: Buffer, from: number, to: number): number {
    let at = from;
    if (this.#heldBytes === 0) {
      const last = this.#lastHead?.bytes;
      if (last !== undefined && to - at >= last.length && bytes.compare(last, 0, last.length, at, at + last.length) === 0) {
        at += last.length;
        this.#accept(this.#lastHead as AnswerHead, to - at);
        return at;
      }
      // an empty line may come before it (RFC 9112, 2.2 says so of requests; servers do it too)
      while (at < to && (bytes[at] === CR || bytes[at] === LF) && this.#blankBytes <= this.#headBytesMax) {
        at++;
        this.#blankBytes++;
      }
      if (this.#blankBytes > this.#headBytesMax) return this.#tooLarge(at);
      if (at === to) return at;
      const end = headEnd(bytes, at, to);
      if (end !== undefined) return this.#readWhole(bytes, at, end, to);
    }
    return this.#hold(bytes, at, to);
  }

  /** A head that is whole in the bytes of one read. */
  #readWhole(bytes: Buffer, from: number, end: number, to: number): number {
    const fault = beginningFault(bytes, from, end);
    if (fault !== undefined) this.#fail(fault);
    else if (end - from > this.#headBytesMax) return this.#tooLarge(end);
    else this.#take(Buffer.from(bytes.subarray(from, end)), to - end);
    return end;
  }

  /** Puts bytes to those of the head that came before. */
  #hold(bytes: Buffer, from: number, to: number): number {
    const before = this.#heldBytes;
    const added = Math.min(to - from, this.#headBytesMax + 1 - before);
    if (before + added > this.#held.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(before + added, 2 * this.#held.length, 512));
      this.#held.copy(grown, 0, 0, before);
      this.#held = grown;
    }
    bytes.copy(this.#held, before, from, from + added);
    this.#heldBytes = before + added;
    const end = headEnd(this.#held, Math.max(before - 2, 0), this.#heldBytes);
    const fault = beginningFault(this.#held, 0, this.#heldBytes);
    if (fault !== undefined) this.#fail(fault);
    else if ((end ?? this.#heldBytes) > this.#headBytesMax) return this.#tooLarge(from + added);
    if (fault !== undefined || end === undefined) return from + added;
    const at = from + end - before;
    const head = this.#held.subarray(0, end);
    this.#held = NOTHING;
    this.#heldBytes = 0;
    this.#take(head, to - at);
    return at;
  }

  /** @param rest - bytes of the read behind the head */
  #take(bytes: Buffer, rest: number): void {
    try {
      this.#accept(new AnswerHead(bytes), rest);
    } catch (error) {
      if (!(error instanceof AnswerFault)) throw error;
      this.#fail(error.message);
    }
  }

  #accept(head: AnswerHead, rest: number): void {
    if (head.status === 101) return this.#fail('the server switches to a protocol that nobody asked for (101)');
    if (head.status < 200) {
      this.#blankBytes = 0;
      this.#sink.onInterim(head.status, rest);
      return;
    }
    this.#lastHead = head;
    this.head = head;
    const { framing, status } = head;
    const isBodiless = status === 204 || status === 205;
    this.keepsAlive =
      head.keepsAlive && !(isBodiless ? hasBody(framing) : framing.kind === 'close' && !this.#isHeadRequest && status !== 304);
    if (isBodiless || status === 304 || this.#isHeadRequest) this.part = 'whole';
    else if (framing.kind === 'close') this.part = 'to-close';
    else if (framing.kind === 'chunked') {
      this.part = 'chunks';
      this.#chunks ??= new Chunks(this.#headBytesMax);
      this.#chunks.begin();
    } else {
      this.left = framing.bytes;
      this.part = framing.bytes === 0 ? 'whole' : 'length';
    }
    this.#sink.onHead(head);
  }

  #tooLarge(at: number): number {
    this.#fail(`the headers of the response are larger than ${this.#headBytesMax} bytes (max_header_bytes of the environment)`);
    return at;
  }

  #fail(fault: string): void {
    this.fault = fault;
    this.part = 'bad';
  }
}

/** Whether a body is announced where none may be: what then comes is read by nobody. */
function hasBody(framing: Framing): boolean {
  return framing.kind === 'chunked' || (framing.kind === 'length' && framing.bytes > 0);
}

/** Where the empty line at the end of a head ends, looked for from `at` on; undefined: not in these bytes. */
function headEnd(bytes: Buffer, at: number, to: number): number | undefined {
  let line = bytes.indexOf(LF, at);
  while (line >= 0 && line < to) {
    const next = line + 1;
    if (next < to && bytes[next] === LF) return next + 1;
    if (next + 1 < to && bytes[next] === CR && bytes[next + 1] === LF) return next + 2;
    line = bytes.indexOf(LF, next);
  }
  return undefined;
}
