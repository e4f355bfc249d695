import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { monotonicUs } from '../core/clock.ts';
import { bodyOnWire } from './body-on-wire.ts';
import { bodyTooLarge, type Connection, type ConnectionOptions, type ConnectionOwner, isRepeatable } from './connection.ts';
import { Dial } from './dial.ts';
import { failureOf, type Stage } from './error-codes.ts';
import type { Hop } from './hop.ts';
import { KEEP_ALIVE_MARGIN_MS, KEEP_ALIVE_MS, KeptConnection } from './kept-connection.ts';
import { proxyAuthorizationOf, requestTargetOf } from './proxy.ts';
import { HeaderBuffers } from './response-headers.ts';
import { peerOf, type Target } from './target.ts';
import { type WriteWatcher, watchWrites } from './watch-writes.ts';
import { WireCount } from './wire-count.ts';

/**
 * A connection as undici has it. Implements undici's older handler interface on purpose: that is the one its client calls; the newer one is a wrapper
 * that parses all headers into an object.
 */
export class UndiciConnection implements Connection, Dispatcher.DispatchHandler, WriteWatcher {
  readonly #client: Client;
  readonly #kept: KeptConnection;
  readonly #reuses: boolean;
  readonly #owner: ConnectionOwner;
  #hop: Hop | undefined;
  #dial: Dial | undefined;
  #socket: Socket | undefined;
  #bodyBytes = 0;
  /** Of this socket: undici may dial anew. */
  #count = new WireCount();
  /** What broke the connection under an answer; undefined while it holds, and where it was closed in order. */
  #brokenBy: Error | undefined;
  #isCompleting = false;

  constructor(target: Target, options: ConnectionOptions, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#kept = new KeptConnection(options.keepAlive);
    this.#reuses = options.keepAlive?.reuses !== false;
    this.#client = new Client(target.origin, {
      connect: (_, callback) => this.#connect(target, options, callback),
      // Our own deadline covers all: undici's timers aim at half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: options.headerBytesMax,
      keepAliveTimeout: options.keepAlive?.idleUsMax === undefined ? KEEP_ALIVE_MS : options.keepAlive.idleUsMax / 1000,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    });
  }

  get stage(): Stage {
    return this.#hop?.readyAtUs === 0 ? (this.#dial?.stage ?? 'exchange') : 'exchange';
  }

  /** undici looks itself whether the server has closed it or is about to, and dials again then. */
  isUsable(nowUs: number): boolean {
    if (this.#kept.isUsable(nowUs)) return true;
    this.destroy();
    return false;
  }

  start(hop: Hop): void {
    this.#hop = hop;
    hop.carrier = this;
    const { method, target, headers, body } = hop.request;
    const wire = body === undefined || typeof body === 'string' ? { body: body ?? null, bytes: 0, headers } : bodyOnWire(body, headers);
    this.#bodyBytes = wire.bytes;
    // The next hop may begin while the last one completes, and may be refused at once.
    const wasCompleting = this.#isCompleting;
    this.#isCompleting = false;
    // undici takes an iterable of buffers as well; its types forgot. `reset: false`: else it closes the connection after every HEAD, and after a GET with a body.
    const proxys = proxyAuthorizationOf(target);
    const wireHeaders = proxys === undefined ? wire.headers : [...wire.headers, 'proxy-authorization', proxys];
    this.#client.dispatch(
      { path: requestTargetOf(target), method, headers: wireHeaders, body: wire.body as Buffer | string | null, reset: !this.#reuses },
      this,
    );
    this.#isCompleting = wasCompleting;
  }

  destroy(): void {
    this.#dial?.cancel();
    this.#client.destroy(null, () => {});
  }

  /** The kernel has all that was written. */
  onEmptied(): void {
    if (this.#hop !== undefined) this.#hop.sentAtUs = monotonicUs();
  }

  onConnect(): void {
    const nowUs = monotonicUs();
    if (this.#count.served === 0) this.#kept.born(nowUs);
    else this.#kept.taken(nowUs);
    if (this.#hop !== undefined) this.#hop.readyAtUs = nowUs;
  }

  onResponseStarted(): void {
    const hop = this.#hop;
    if (hop === undefined || hop.firstByteAtUs !== 0) return;
    hop.firstByteAtUs = monotonicUs();
    if (hop.request.body === undefined) return;
    const isThrough = this.#socket?.writableLength === 0 && (this.#dial?.raw.bytesWritten ?? 0) - this.#count.sent >= this.#bodyBytes;
    if (!isThrough) hop.sentAtUs = hop.firstByteAtUs;
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    const hop = this.#hop;
    if (hop === undefined) return true;
    if (status < 200) {
      hop.firstByteAtUs = 0; // informational: the response, and the end of waiting, follows
      return true;
    }
    hop.answered(status, new HeaderBuffers(headers));
    return true;
  }

  onData(chunk: Buffer): boolean {
    const hop = this.#hop;
    if (hop === undefined) return true;
    if (hop.count(chunk.length)) hop.store?.keep(chunk);
    else {
      this.abandon(hop);
      hop.fail(bodyTooLarge(hop));
    }
    return true;
  }

  onComplete(): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    if (this.#brokenBy !== undefined) {
      this.#onBroken(hop, this.#brokenBy);
      return;
    }
    this.#isCompleting = true;
    this.#countBytes(hop);
    this.#count.served++;
    this.#hop = undefined;
    hop.end();
    if (this.#kept.freed(hop.endedAtUs, undefined)) this.#owner.onFree(this);
    else {
      this.destroy();
      this.#owner.onLost(this);
    }
    hop.tell();
    this.#isCompleting = false;
  }

  onError(error: Error): void {
    // undici catches what is thrown under onComplete and hands it back here: that is our bug, and must not vanish.
    if (this.#isCompleting)
      setImmediate(() => {
        throw error;
      });
    else if (this.#hop !== undefined) this.#onBroken(this.#hop, error);
  }

  #onBroken(hop: Hop, error: Error): void {
    const stage = this.stage;
    if (isWholeWithoutBody(hop, error)) {
      this.abandon(hop);
      hop.end();
      hop.tell();
      return;
    }
    const isStale = this.#count.served > 0 && hop.firstByteAtUs === 0 && isStaleError(error);
    this.#release(hop);
    if (isStale && isRepeatable(hop)) {
      this.#owner.onStale(this, hop);
      return;
    }
    this.#owner.onLost(this);
    const failure = failureOf(error, stage, peerOf(hop.request.target));
    hop.fail(isStale ? this.#kept.explain(failure) : failure);
  }

  abandon(hop: Hop): void {
    hop.carrier = undefined;
    this.#release(hop);
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
    this.#count.take(hop, this.#dial, { sent: raw.bytesWritten ?? this.#count.sent, received: raw.bytesRead });
  }

  #connect(
    target: Target,
    options: ConnectionOptions,
    callback: (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
  ): void {
    this.#count = new WireCount();
    this.#brokenBy = undefined;
    this.#dial = new Dial(target, options, {
      session: this.#owner.session,
      onDialFailed: (error) => callback(error, null),
      onDialled: (socket) => {
        this.#socket = socket;
        // before undici's own listener, which takes a reset for the end of an answer that the end of the connection delimits
        socket.on('error', (broken) => {
          this.#brokenBy = broken;
        });
        watchWrites(socket, this);
        callback(null, socket);
      },
    });
  }
}

/** What it looks like when the server had closed, or then closes, a connection that was idle. */
function isStaleError(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** These have no body whatever content-length says, which is that of the answer to another request (RFC 9110, 8.6); undici waits for it and then complains. */
function isWholeWithoutBody(hop: Hop, error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && (hop.status === 204 || hop.status === 304);
}
