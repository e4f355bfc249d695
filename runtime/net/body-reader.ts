import { monotonicUs } from '../core/clock.ts';
import type { ResponseHeaders } from './response-headers.ts';

/** Where what comes of a body goes: it is kept, or handed on. */
export interface BodyStore {
  /** Undefined while it is empty, or when nothing is kept. */
  whole(): Buffer | undefined;
  /** Takes a buffer over. */
  keep(chunk: Buffer): void;
  /** Takes a part of a buffer that will be read into again. @param left - bytes that are still to come; undefined: nobody knows */
  copy(bytes: Buffer, from: number, to: number, left: number | undefined): void;
  /** A place to read into, at most `left` bytes, of which {@link filled} then tells how many; undefined: there is none. */
  room(left: number): Buffer | undefined;
  filled(bytes: number): void;
  /** Nobody looks at the body any more, nor at what `whole` gave. Absent: its memory is not used again. */
  release?(): void;
}

/** What is known of an exchange when its answer begins; moments in monotonic µs. */
export interface BegunAnswer {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly askedAtUs: number;
  /** When it had a connection and sending began. */
  readonly readyAtUs: number;
  readonly firstByteAtUs: number;
  /** When the read that is being worked off returned; 0: the connection does not say. */
  readonly readAtUs: number;
}

/** Who reads the body of a successful answer (2xx) as it comes in, instead of having it kept. It may end its request from within. */
export interface BodyReader {
  onHead(answer: BegunAnswer): void;
  /** Bytes that are there until this returns. @param atUs - when the read that brought them returned, monotonic µs */
  onBytes(bytes: Buffer, from: number, to: number, atUs: number): void;
}

/** A body of which nothing is kept: it goes to its reader, with the moment of the read. */
export class PassedBody implements BodyStore {
  readonly #reader: BodyReader;
  readonly #answer: BegunAnswer;

  constructor(reader: BodyReader, answer: BegunAnswer) {
    this.#reader = reader;
    this.#answer = answer;
  }

  whole(): undefined {
    return undefined;
  }

  keep(chunk: Buffer): void {
    this.copy(chunk, 0, chunk.length);
  }

  copy(bytes: Buffer, from: number, to: number): void {
    const { readAtUs } = this.#answer;
    this.#reader.onBytes(bytes, from, to, readAtUs === 0 ? monotonicUs() : readAtUs);
  }

  room(): undefined {
    return undefined;
  }

  filled(): void {
    // nothing was read to a place of its own
  }
}
