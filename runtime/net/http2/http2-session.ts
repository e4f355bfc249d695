import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { monotonicUs } from '../../core/clock.ts';
import type { ConnectionOptions } from '../connection.ts';
import { Dial, type DialOwner } from '../dial.ts';
import { type Failure, failureOf, type Stage } from '../error-codes.ts';
import type { Hop } from '../hop.ts';
import { peerOf, type Target } from '../target.ts';
import type { TlsSession } from '../tls-session.ts';
import { WireCount } from '../wire-count.ts';
import { http2Failure, noHttp2, throughProxy } from './http2-errors.ts';

/** Room for answers that are not read yet: pictures go through without a wait for more. */
const STREAM_WINDOW_BYTES = 16 * 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 64 * 1024 * 1024;
/** Of Node, in MB; its 10 would refuse large answers on many streams, and bodies have a limit of their own. */
const SESSION_MEMORY_MB = 1_024;
/** What TLS says where the server does not know any of the protocols offered (RFC 7301, 3.2). */
const NO_COMMON_PROTOCOL = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';
/** Until the server says how many it allows. */
const STREAMS_UNKNOWN = 100;

/** What Node says of bytes that are no frames. */
const NO_FRAMES = 'ERR_HTTP2_ERROR';
const { NGHTTP2_NO_ERROR, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
const CUT = Object.assign(new Error('the socket was closed'), { code: 'SR_CUT_ANSWER' });

/** Who waits for a stream, or has one. */
export interface StreamOwner {
  /** There is room for a stream: it is opened now. */
  onRoom(): void;
  /** The connection was never made. */
  onNoSession(failure: Failure): void;
  /** The connection is no more; a stream that was open is told by itself. */
  onSessionLost(): void;
}

type State = 'dialling' | 'open' | 'leaving' | 'closed';

/** A connection of HTTP/2: dialled when it is made, closed when the last of those who use it has left. */
export class Http2Session implements DialOwner {
  readonly session: TlsSession;
  readonly #target: Target;
  readonly #onOver: (session: Http2Session) => void;
  readonly #streamsMax: number;
  readonly #dial: Dial;
  readonly #members = new Set<StreamOwner>();
  #waiting: StreamOwner[] = [];
  #session: ClientHttp2Session | undefined;
  #state: State = 'dialling';
  #streams = 0;
  #goaway: number | undefined;
  /** What broke it. */
  #error: Error | undefined;
  readonly #count = new WireCount();
  readonly #headerBytesMax: number;
  /** Whether the server has said anything in HTTP/2. */
  #isHeard = false;
  #hasAnswered = false;
  /** When it was there, monotonic µs. */
  bornAtUs = 0;
  /** When its last stream was over. */
  #quietSinceUs = 0;

  /** @param onOver - it takes no more streams */
  constructor(
    target: Target,
    options: ConnectionOptions,
    { streamsMax, session, onOver }: { streamsMax: number; session: TlsSession; onOver: (session: Http2Session) => void },
  ) {
    this.session = session;
    this.#target = target;
    this.#streamsMax = streamsMax;
    this.#onOver = onOver;
    this.#headerBytesMax = options.headerBytesMax;
    this.#dial = new Dial(target, options, this);
  }

  get stage(): Stage {
    return this.#state === 'dialling' ? this.#dial.stage : 'exchange';
  }

  /** Whether it takes streams, now or when it is there. */
  get isOpen(): boolean {
    return this.#state === 'open' || this.#state === 'dialling';
  }

  get members(): number {
    return this.#members.size;
  }

  join(member: StreamOwner): void {
    this.#members.add(member);
  }

  /** Asks for a stream; `onRoom` comes at once or later. */
  ask(member: StreamOwner): void {
    this.#waiting.push(member);
    this.#serve();
  }

  leave(member: StreamOwner): void {
    this.#members.delete(member);
    this.#waiting = this.#waiting.filter((other) => other !== member);
    if (this.#members.size === 0) this.#end();
  }

  /** Since when nothing is asked on it, monotonic µs. */
  quietSinceUs(nowUs: number): number {
    return this.#streams > 0 ? nowUs : Math.max(this.bornAtUs, this.#quietSinceUs);
  }

  /** Of {@link StreamOwner.onRoom} alone. @throws {Error} for headers that HTTP/2 cannot have */
  open(headers: OutgoingHttpHeaders, isWhole: boolean): ClientHttp2Stream {
    const stream = (this.#session as ClientHttp2Session).request(headers, { endStream: isWhole });
    this.#streams++;
    return stream;
  }

  /** Bytes that have come in so far. */
  get bytesRead(): number {
    return this.#dial.raw.bytesRead;
  }

  /** It takes no more streams: nothing has come for too long. */
  retire(): void {
    this.#leave();
  }

  /** Its stream is over, and its bytes are counted: streams share a connection, so one has those since the last one ended. */
  closed(hop: Hop | undefined, isWhole: boolean): void {
    this.#streams--;
    this.#hasAnswered ||= isWhole;
    this.#quietSinceUs = monotonicUs();
    const { raw } = this.#dial;
    if (hop !== undefined) {
      this.#count.take(hop, this.#dial, { sent: raw.bytesWritten ?? this.#count.sent, received: raw.bytesRead });
      this.#count.served++;
    }
    this.#serve();
  }

  /** Whether the server ended it after it had served, and gave no reason: Node says of its streams that they were cancelled. */
  get isStale(): boolean {
    return this.#hasAnswered && this.#dial.raw.destroyed && (this.#goaway ?? NGHTTP2_NO_ERROR) === NGHTTP2_NO_ERROR;
  }

  /** Why a stream ended without an answer. @param code - that it was reset with @param error - undefined: it was closed without one */
  failureOfStream(code: number, error: unknown): Failure {
    const { origin } = this.#target;
    const name = (error as NodeJS.ErrnoException | undefined)?.code;
    if (this.#goaway !== undefined && this.#goaway !== NGHTTP2_NO_ERROR) return http2Failure('goaway', this.#goaway, origin);
    if (!this.#isHeard && (name === NO_FRAMES || code !== NGHTTP2_NO_ERROR) && !this.#dial.raw.destroyed)
      return noHttp2(origin, false).failure;
    if (name === NO_FRAMES) return http2Failure('connection', NGHTTP2_PROTOCOL_ERROR, origin);
    if (this.#dial.raw.destroyed && code !== NGHTTP2_REFUSED_STREAM) return failureOf(this.#error ?? CUT, 'exchange', peerOf(this.#target));
    return code === NGHTTP2_NO_ERROR ? failureOf(CUT, 'exchange', peerOf(this.#target)) : http2Failure('stream', code, origin);
  }

  onDialled(socket: Socket & { alpnProtocol?: string | false }): void {
    if (this.#state !== 'dialling') return;
    const { isTls, origin, via } = this.#target;
    if (!isTls && via !== undefined) return this.#refuse(socket, throughProxy(origin));
    if (isTls && socket.alpnProtocol !== 'h2') return this.#refuse(socket, noHttp2(origin, true));
    this.bornAtUs = monotonicUs();
    const session = connect(this.#target.origin, {
      createConnection: () => socket,
      maxSessionMemory: SESSION_MEMORY_MB,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES, maxHeaderListSize: this.#headerBytesMax },
    });
    session.once('connect', () => session.setLocalWindowSize(CONNECTION_WINDOW_BYTES));
    session.on('goaway', (code) => {
      this.#goaway = code;
      this.#leave();
    });
    session.on('error', (error) => {
      this.#error ??= error;
    });
    session.once('remoteSettings', () => {
      this.#isHeard = true;
      this.#serve();
    });
    session.once('close', () => this.#lose());
    this.#session = session;
    this.#state = 'open';
    this.#serve();
  }

  #refuse(socket: Socket, error: Error): void {
    socket.destroy();
    this.onDialFailed(error);
  }

  onDialFailed(error: Error): void {
    if (this.#state !== 'dialling') return;
    const isRefused = (error as NodeJS.ErrnoException).code === NO_COMMON_PROTOCOL;
    const failure = isRefused ? noHttp2(this.#target.origin, true).failure : failureOf(error, this.stage, this.#target.origin);
    this.#state = 'closed';
    this.#onOver(this);
    const members = [...this.#members];
    this.#members.clear();
    this.#waiting = [];
    for (const member of members) member.onNoSession(failure);
  }

  #serve(): void {
    while (this.#state === 'open' && this.#waiting.length > 0 && this.#streams < this.#allowed())
      (this.#waiting.shift() as StreamOwner).onRoom();
  }

  #allowed(): number {
    const told = this.#isHeard ? (this.#session?.remoteSettings.maxConcurrentStreams ?? STREAMS_UNKNOWN) : STREAMS_UNKNOWN;
    return Math.min(told, this.#streamsMax);
  }

  /** Streams that are open go on; who waits for one gets it elsewhere. */
  #leave(): void {
    if (!this.isOpen) return;
    this.#state = 'leaving';
    this.#onOver(this);
    for (const member of this.#waiting.splice(0)) member.onSessionLost();
  }

  #end(): void {
    if (this.#state === 'closed') return;
    const wasOpen = this.isOpen;
    this.#state = 'closed';
    if (wasOpen) this.#onOver(this);
    this.#dial.cancel();
    this.#session?.destroy();
  }

  #lose(): void {
    if (this.#state === 'closed') return;
    this.#leave();
    this.#state = 'closed';
    for (const member of [...this.#members]) member.onSessionLost();
  }
}
