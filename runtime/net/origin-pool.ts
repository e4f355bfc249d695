import type { Connection, ConnectionOptions, ConnectionOwner } from './connection.ts';
import type { Failure, Stage } from './error-codes.ts';
import type { Hop } from './hop.ts';
import { Http1Connection } from './http1/http1-connection.ts';
import { Http2Origin } from './http2/http2-origin.ts';
import type { Target } from './target.ts';
import { TlsSession } from './tls-session.ts';
import { UndiciConnection } from './undici-connection.ts';

/** As browsers, and k6's `batchPerHost`. */
const CONNECTIONS_MAX = 6;

/** The connections of one VU to one origin (of HTTP/2 the places for streams on them). The one used last is used first, so that a VU that asks one thing at a time has one. */
export class OriginPool implements ConnectionOwner {
  readonly session = new TlsSession();
  readonly #target: Target;
  readonly #options: ConnectionOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #http2: Http2Origin | undefined;
  readonly #placesMax: number;
  #queue: Hop[] = [];

  constructor(target: Target, options: ConnectionOptions) {
    this.#target = target;
    this.#options = options;
    const { http2 } = options;
    this.#http2 = http2 === undefined ? undefined : new Http2Origin(target, options, http2);
    this.#placesMax = http2 === undefined ? CONNECTIONS_MAX : Http2Origin.placesOf(http2);
  }

  start(hop: Hop): void {
    let idle = this.#idle.pop();
    while (idle !== undefined && !idle.isUsable(hop.askedAtUs)) {
      this.#all.delete(idle);
      idle = this.#idle.pop();
    }
    if (idle !== undefined) idle.start(hop);
    else if (this.#all.size < this.#placesMax) this.#startOnNew(hop);
    else this.#queue.push(hop);
  }

  /** Ends a hop now: it leaves the queue, or its connection is closed. `failureIn` is told how far it had come. */
  cancel(hop: Hop, failureIn: (stage: Stage) => Failure): void {
    if (hop.carrier === undefined) this.#queue = this.#queue.filter((other) => other !== hop);
    const stage = hop.carrier?.stage ?? 'exchange';
    hop.carrier?.abandon(hop);
    hop.fail(failureIn(stage));
  }

  /** Closes all connections; the hops on them must have been cancelled. */
  close(): void {
    for (const connection of this.#all) connection.destroy();
    this.#all.clear();
    this.#idle.length = 0;
  }

  /** Closes the connections that carry nothing. */
  closeIdle(): void {
    for (const connection of this.#idle.splice(0)) {
      connection.destroy();
      this.#all.delete(connection);
    }
  }

  onFree(connection: Connection): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(connection);
    else connection.start(next);
  }

  onLost(connection: Connection): void {
    this.#all.delete(connection);
    const idleAt = this.#idle.lastIndexOf(connection);
    if (idleAt >= 0) this.#idle.splice(idleAt, 1);
    const next = this.#queue.shift();
    if (next !== undefined) this.#startOnNew(next);
  }

  onStale(connection: Connection, hop: Hop): void {
    this.#all.delete(connection);
    hop.repeat();
    this.#startOnNew(hop);
  }

  #startOnNew(hop: Hop): void {
    const connection = this.#http2?.place(this) ?? newConnection(this.#target, this.#options, this);
    this.#all.add(connection);
    connection.start(hop);
  }
}

function newConnection(target: Target, options: ConnectionOptions, owner: ConnectionOwner): Connection {
  const { http1 } = options;
  return http1 === undefined ? new UndiciConnection(target, options, owner) : new Http1Connection(target, options, { http1, owner });
}
