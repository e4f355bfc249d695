import type { OnReadOpts, Socket } from 'node:net';
import { monotonicUs } from '../../core/clock.ts';
import { bodyTooLarge, type Connection, type ConnectionOptions, type ConnectionOwner, isRepeatable } from '../connection.ts';
import { Dial, type DialOwner } from '../dial.ts';
import { failureOf, type Stage } from '../error-codes.ts';
import type { Hop } from '../hop.ts';
import { KeptConnection } from '../kept-connection.ts';
import { peerOf, type Target } from '../target.ts';
import type { TlsSession } from '../tls-session.ts';
import { type WriteWatcher, watchWrites } from '../watch-writes.ts';
import { WireCount } from '../wire-count.ts';
import type { AnswerHead } from './answer-head.ts';
import { AnswerReader, type AnswerSink } from './answer-reader.ts';
import { BadAnswer, CutAnswer, isStaleError } from './broken-answer.ts';
import type { Http1Shared } from './http1-shared.ts';
import type { RequestText } from './request-text.ts';
import { bytesOf, RequestWriter } from './request-writer.ts';

/** A body of which so many bytes are still to come is read straight to where it is kept. */
const STRAIGHT_BYTES_MIN = 16 * 1024;
/** After a failed write the end of the connection is seen at once; this is for when it is not. */
const LAST_WORDS_MS = 1_000;

type State = 'new' | 'dialling' | 'idle' | 'busy' | 'closed';

/** A connection of HTTP/1.1 on a socket of Node, plain or TLS: no timer, no promise and no queue of its own. */
export class Http1Connection implements Connection, DialOwner, AnswerSink, WriteWatcher {
  readonly session: TlsSession;
  readonly #owner: ConnectionOwner;
  readonly #target: Target;
  readonly #options: ConnectionOptions;
  readonly #shared: Http1Shared;
  readonly #reader: AnswerReader;
  readonly onread: OnReadOpts = {
    buffer: () => this.#placeToRead(),
    callback: (bytes, buffer) => this.#onRead(bytes, buffer as Buffer),
  };
  #state: State = 'new';
  #dial: Dial | undefined;
  #socket: Socket | undefined;
  #writer: RequestWriter | undefined;
  #hop: Hop | undefined;
  #text: RequestText | undefined;
  #bodyBytes: number | undefined;
  /** Where the body is read to straight; undefined: into the buffer that all share. */
  #place: Buffer | undefined;
  readonly #count = new WireCount();
  /** Bytes that have been read of a plain socket. */
  #bytesRead = 0;
  readonly #kept: KeptConnection;
  /** A write that failed: what had come before is still read. */
  #writeError: Error | undefined;

  constructor(target: Target, options: ConnectionOptions, { http1, owner }: { http1: Http1Shared; owner: ConnectionOwner }) {
    this.#target = target;
    this.#options = options;
    this.#shared = http1;
    this.#owner = owner;
    this.session = owner.session;
    this.#kept = new KeptConnection(options.keepAlive);
    this.#reader = new AnswerReader(this, options.headerBytesMax);
  }

  get stage(): Stage {
    return this.#state === 'dialling' ? (this.#dial?.stage ?? 'dial') : 'exchange';
  }

  isUsable(nowUs: number): boolean {
    if (this.#state === 'idle' && this.#kept.isUsable(nowUs)) return true;
    this.destroy();
    return false;
  }

  start(hop: Hop): void {
    this.#hop = hop;
    hop.carrier = this;
    const { request } = hop;
    try {
      this.#bodyBytes = bytesOf(request.body);
      this.#text = this.#shared.texts.of(request, this.#bodyBytes);
    } catch (error) {
      this.#refuse(hop, error);
      return;
    }
    if (this.#state === 'idle') {
      this.#send(hop);
      this.#kept.taken(hop.readyAtUs);
    } else {
      this.#state = 'dialling';
      this.#dial = new Dial(this.#target, this.#options, this);
    }
  }

  destroy(): void {
    this.#state = 'closed';
    this.#writer?.stop();
    this.#reader.stop();
    this.#socket?.destroy();
    this.#dial?.cancel();
  }

  abandon(hop: Hop): void {
    hop.carrier = undefined;
    this.#release(hop);
    this.#owner.onLost(this);
  }

  onDialled(socket: Socket): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    this.#socket = socket;
    this.#writer = new RequestWriter(socket, this.#target.isTls ? this.#dial?.raw : undefined);
    if (this.#target.isTls) socket.on('data', (chunk: Buffer) => this.#read(chunk, chunk.length));
    socket.on('error', (error) => this.#onBroken(error));
    socket.on('end', () => this.#onEnd());
    socket.on('close', () => this.#onBroken(new CutAnswer('the socket was closed')));
    watchWrites(socket, this);
    this.#send(hop);
    this.#kept.born(hop.readyAtUs);
  }

  onDialFailed(error: Error): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    const stage = this.stage;
    this.#release(hop);
    this.#owner.onLost(this);
    hop.fail(failureOf(error, stage, peerOf(this.#target)));
  }

  onEmptied(): void {
    if (this.#writer?.goOn() === true) this.onNextWrite();
  }

  /** With TLS Node tells of a write later: also after the request was begun that waited for it. */
  onNextWrite(): void {
    if (this.#hop?.sentAtUs === 0 && this.#writer?.isThrough === true) this.#hop.sentAtUs = monotonicUs();
  }

  /** The answer may have come before the other side stopped reading: it is read first, then the end of the connection is seen. */
  onWriteError(error: Error): boolean {
    const { code } = error as NodeJS.ErrnoException;
    if (this.#hop === undefined || (code !== 'EPIPE' && code !== 'ECONNRESET')) return true;
    this.#writeError = error;
    this.#writer?.stop();
    setTimeout(() => this.#onBroken(error), LAST_WORDS_MS).unref();
    return false;
  }

  onInterim(status: number, rest: number): void {
    if (status === 100) this.#writer?.letGo();
    // the end of waiting is the first byte of the real answer
    if (this.#hop !== undefined) this.#hop.firstByteAtUs = rest > 0 ? monotonicUs() : 0;
  }

  onHead(head: AnswerHead): void {
    if (this.#hop === undefined) return;
    this.#writer?.stop();
    this.#hop.answered(head.status, head);
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    if (hop.count(to - from)) hop.store?.copy(bytes, from, to, this.#reader.expected);
    else this.#failTooLarge(hop);
  }

  #send(hop: Hop): void {
    this.#state = 'busy';
    this.#reader.begin(hop.request.method);
    hop.readyAtUs = monotonicUs();
    const { body, continueUs } = hop.request;
    const text = this.#text as RequestText; // of this hop, since start()
    const joined = text.expects ? undefined : this.#shared.texts.joined(text, body);
    if (joined !== undefined) this.#writer?.beginJoined(joined);
    else if (text.expects) this.#writer?.beginHeld(text.text, body, continueUs);
    else this.#writer?.begin(text.text, body, this.#bodyBytes);
    this.onNextWrite();
  }

  /** For a hop that cannot be sent: the connection is none the worse for it. */
  #refuse(hop: Hop, error: unknown): void {
    this.#hop = undefined;
    if (this.#state === 'idle') this.#owner.onFree(this);
    else this.#owner.onLost(this);
    hop.fail(failureOf(error, 'exchange', peerOf(this.#target)));
  }

  #placeToRead(): Buffer {
    const { part, left } = this.#reader;
    const store = part === 'length' && left >= STRAIGHT_BYTES_MIN ? this.#hop?.store : undefined;
    this.#place = store?.room(left);
    return this.#place ?? this.#shared.buffer;
  }

  #onRead(bytes: number, buffer: Buffer): boolean {
    this.#bytesRead += bytes;
    if (buffer === this.#place) this.#onPlaced(bytes);
    else this.#read(buffer, bytes);
    return true;
  }

  /** Bytes of the body have been read to where they are kept. */
  #onPlaced(bytes: number): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    if (!hop.count(bytes)) {
      this.#failTooLarge(hop);
      return;
    }
    hop.store?.filled(bytes);
    this.#reader.placed(bytes);
    if (this.#reader.part === 'whole') this.#complete(hop, false);
  }

  #read(buffer: Buffer, bytes: number): void {
    const hop = this.#hop;
    if (hop === undefined) {
      this.#lose(); // nobody asked for anything
      return;
    }
    if (hop.firstByteAtUs === 0) hop.firstByteAtUs = monotonicUs();
    hop.readNow();
    const reader = this.#reader;
    const end = reader.read(buffer, 0, bytes);
    if (reader.part === 'whole') this.#complete(hop, end < bytes);
    else if (reader.part === 'bad')
      this.#onBroken(new BadAnswer(reader.fault, reader.head === undefined ? buffer.subarray(0, bytes) : undefined));
  }

  /** @param isFollowed - by bytes that nobody asked for: the answer counts, the connection goes */
  #complete(hop: Hop, isFollowed: boolean): void {
    const { keepsAlive, head } = this.#reader;
    const announcedUs = head?.idleSeconds === undefined ? undefined : head.idleSeconds * 1_000_000;
    const mayStay = keepsAlive && !isFollowed && this.#text?.closes === false && this.#writer?.isThrough === true;
    hop.end();
    if (mayStay && this.#kept.freed(hop.endedAtUs, announcedUs)) {
      this.#countBytes(hop);
      this.#count.served++;
      this.#hop = undefined;
      this.#state = 'idle';
      this.#owner.onFree(this);
    } else {
      this.#release(hop);
      this.#owner.onLost(this);
    }
    hop.tell();
  }

  #onEnd(): void {
    const hop = this.#hop;
    if (hop === undefined) return this.#lose();
    const missing = this.#reader.end();
    if (missing === undefined) this.#complete(hop, false);
    else this.#onBroken(new CutAnswer(missing));
  }

  #onBroken(error: Error): void {
    const hop = this.#hop;
    if (hop === undefined) return this.#lose();
    const cause = error instanceof BadAnswer ? error : (this.#writeError ?? error);
    const isStale = this.#count.served > 0 && hop.firstByteAtUs === 0 && isStaleError(cause);
    this.#release(hop);
    if (isStale && isRepeatable(hop)) {
      this.#owner.onStale(this, hop);
      return;
    }
    this.#owner.onLost(this);
    const failure = failureOf(cause, 'exchange', peerOf(this.#target));
    hop.fail(isStale ? this.#kept.explain(failure) : failure);
  }

  #failTooLarge(hop: Hop): void {
    this.abandon(hop);
    hop.fail(bodyTooLarge(hop));
  }

  /** An idle connection is no more. */
  #lose(): void {
    if (this.#state === 'closed') return;
    this.destroy();
    this.#owner.onLost(this);
  }

  #release(hop: Hop): void {
    this.#countBytes(hop);
    this.#hop = undefined;
    this.destroy();
  }

  #countBytes(hop: Hop): void {
    if (this.#dial === undefined) return;
    const { raw } = this.#dial;
    const isKnown = !this.#target.isTls && this.#writer?.isThrough === true;
    const own = (this.#text?.text.length ?? 0) + (this.#bodyBytes ?? 0);
    const sent = isKnown ? this.#count.sent + own : (raw.bytesWritten ?? this.#count.sent);
    this.#count.take(hop, this.#dial, { sent, received: this.#target.isTls ? raw.bytesRead : this.#bytesRead });
  }
}
