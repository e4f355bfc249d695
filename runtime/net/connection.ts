import type { Socket } from 'node:net';
import { Client } from 'undici';
import { monotonicUs } from '../core/clock.ts';
import { bodyOnWire } from './body-on-wire.ts';
import { Dial, type DialOptions } from './dial.ts';
import { failureOf, type Stage } from './error-codes.ts';
import type { Hop, HopCarrier } from './hop.ts';
import type { Target } from './target.ts';
import { watchWrites } from './watch-writes.ts';

/** Idle connections are kept as long as Go keeps them; a server that announces less is heeded. */
const KEEP_ALIVE_MS = 90_000;
/** How much earlier than the server announces an idle connection is given up. */
const KEEP_ALIVE_MARGIN_MS = 500;

/** Who is told when a connection is free again or lost. */
export interface ConnectionOwner {
  onFree(connection: Connection): void;
  /** Not to be used again. */
  onLost(connection: Connection): void;
  /** Not to be used again: the server had closed it while it was idle. Another is to serve the hop, which has not ended. */
  onStale(connection: Connection, hop: Hop): void;
}

/** One keep-alive connection to an origin, dialled with its first hop; it carries one hop at a time. */
export class Connection implements HopCarrier {
  readonly #client: Client;
  readonly #owner: ConnectionOwner;
  #hop: Hop | undefined;
  #dial: Dial | undefined;
  #socket: Socket | undefined;
  #bodyBytes = 0;
  /** Hops that this socket has served. */
  #served = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #brokenBy: Error | undefined;

  constructor(target: Target, options: DialOptions, owner: ConnectionOwner) {
    this.#owner = owner;
    this.#client = new Client(target.origin, {
      connect: (_, callback) => this.#connect(target, options, callback),
      // Our own deadline covers all: undici's timers aim at half a second.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    });
  }

  get stage(): Stage {
    return this.#hop?.readyAtUs === 0 ? (this.#dial?.stage ?? 'exchange') : 'exchange';
  }

  get brokenBy(): Error | undefined {
    return this.#brokenBy;
  }

  start(hop: Hop): void {
    this.#hop = hop;
    hop.carrier = this;
    const { method, target, headers, body } = hop.request;
    const wire = body === undefined || typeof body === 'string' ? { body: body ?? null, bytes: 0, headers } : bodyOnWire(body, headers);
    this.#bodyBytes = wire.bytes;
    // undici takes an iterable of buffers as well; its types forgot. `reset: false`: else it closes the connection after every HEAD, and after a GET with a body.
    this.#client.dispatch(
      { path: target.path, method, headers: wire.headers, body: wire.body as Buffer | string | null, reset: false },
      hop,
    );
  }

  destroy(): void {
    this.#dial?.cancel();
    this.#client.destroy(null, () => {});
  }

  onFirstByte(hop: Hop): void {
    const isThrough = this.#socket?.writableLength === 0 && (this.#dial?.raw.bytesWritten ?? 0) - this.#bytesSent >= this.#bodyBytes;
    if (!isThrough) hop.sentAtUs = hop.firstByteAtUs;
  }

  onComplete(hop: Hop): void {
    this.#count(hop);
    this.#served++;
    this.#hop = undefined;
    this.#owner.onFree(this);
  }

  onError(hop: Hop, error: Error): void {
    const stage = this.stage;
    if (isWholeWithoutBody(hop, error)) {
      this.abandon(hop);
      hop.complete();
      return;
    }
    const isStale = this.#served > 0 && !hop.isRepeated && isStaleError(error) && isRepeatable(hop);
    this.#release(hop);
    if (isStale) {
      this.#owner.onStale(this, hop);
      return;
    }
    this.#owner.onLost(this);
    hop.fail(failureOf(error, stage, hop.request.target.origin));
  }

  onTooLarge(hop: Hop): void {
    const { bodyBytesMax, budget, target } = hop.request;
    this.abandon(hop);
    const what = hop.isOverBudget
      ? `the bodies that are coming in together are larger than the limit of ${budget.bytesMax} bytes`
      : `the body is larger than the limit of ${bodyBytesMax ?? 0} bytes`;
    hop.fail({ kind: 'body-too-large', errorCode: 1000, error: `${target.origin}: ${what}` });
  }

  abandon(hop: Hop): void {
    hop.carrier = undefined;
    this.#release(hop);
    this.#owner.onLost(this);
  }

  #release(hop: Hop): void {
    this.#count(hop);
    this.#hop = undefined;
    this.destroy();
  }

  /** What the hop took: bytes on the wire since the last one, and for the first the dial, TLS handshake included. */
  #count(hop: Hop): void {
    const dial = this.#dial;
    if (dial === undefined) return;
    if (this.#served === 0) {
      hop.connectingUs = dial.connectingUs;
      hop.tlsUs = dial.tlsUs;
    }
    const raw = dial.raw;
    const bytesSent = raw.bytesWritten ?? this.#bytesSent;
    const bytesReceived = raw.bytesRead;
    // what went out before it was repeated was sent as well
    hop.bytesSent += bytesSent - this.#bytesSent;
    hop.bytesReceived += bytesReceived - this.#bytesReceived;
    this.#bytesSent = bytesSent;
    this.#bytesReceived = bytesReceived;
  }

  #connect(
    target: Target,
    options: DialOptions,
    callback: (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void,
  ): void {
    this.#served = 0;
    this.#bytesSent = 0;
    this.#bytesReceived = 0;
    this.#brokenBy = undefined;
    this.#dial = new Dial(target, options, (error, socket) => {
      if (socket === null) {
        callback(error ?? new Error('not connected'), null);
        return;
      }
      this.#socket = socket;
      // before undici's own listener, which takes a reset for the end of an answer that the end of the connection delimits
      socket.on('error', (broken) => {
        this.#brokenBy = broken;
      });
      watchWrites(socket, () => {
        if (this.#hop !== undefined) this.#hop.sentAtUs = monotonicUs();
      });
      callback(null, socket as Socket);
    });
  }
}

/** What it looks like when the server had closed, or then closes, a connection that was idle. */
function isStaleError(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

/**
 * Again when nothing was written, or when nothing came back and it is a method that changes nothing (RFC 9110, 9.2.1). PUT and DELETE may be
 * repeated by the standard, but are work that the target does twice: a load test must not add it by itself.
 */
function isRepeatable(hop: Hop): boolean {
  if (hop.readyAtUs === 0) return true;
  return hop.firstByteAtUs === 0 && SAFE.has(hop.request.method);
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** These have no body whatever content-length says, which is that of the answer to another request (RFC 9110, 8.6); undici waits for it and then complains. */
function isWholeWithoutBody(hop: Hop, error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' && (hop.status === 204 || hop.status === 304);
}
