import { connect as connectTcp, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type SecureContext } from 'node:tls';
import { monotonicUs } from '../core/clock.ts';
import type { DialWatch } from './dial-watch.ts';
import { FailureError, failureOf, type Stage } from './error-codes.ts';
import type { Route } from './guarded-lookup.ts';
import type { ProxyServer, Target } from './target.ts';
import type { TlsSession } from './tls-session.ts';
import { openTunnel } from './tunnel.ts';

/** As k6; a request whose own limit is shorter ends at that. */
const DIAL_TIMEOUT_MS = 30_000;

export interface TlsDialOptions {
  readonly context: SecureContext;
  readonly isVerified: boolean;
  /** Instead of the URL's host, for SNI and the check of the certificate. */
  readonly serverName: string | undefined;
  /** Whether the handshake says that HTTP/1.1 will be spoken (ALPN). */
  readonly offersProtocol: boolean;
  /** Whether the session of the owner's last connection is resumed. */
  readonly resumes: boolean;
}

/** A Unix socket in the place of TCP. */
export interface SocketRoute {
  readonly path: string;
}

export interface DialOptions {
  /** Of the next connection to it, or to its proxy. */
  routeTo(target: Target): Route | SocketRoute;
  tlsFor(target: Target): TlsDialOptions;
  readonly watch: DialWatch;
  /** What is spoken above TLS. */
  readonly alpn: 'http/1.1' | 'h2';
}

/** Who is told, once, what became of an attempt. */
export interface DialOwner {
  /** Where plain sockets put what they read; absent: they emit it. TLS emits it in any case. */
  readonly onread?: OnReadOpts;
  /** That a TLS connection resumes, if it may. */
  readonly session: TlsSession;
  /** The socket to speak HTTP on. */
  onDialled(socket: Socket): void;
  onDialFailed(error: Error): void;
}

/** One attempt to reach a server: TCP, and TLS above it for https. */
export class Dial {
  /** The TCP socket, which counts bytes as they are on the wire. */
  readonly raw: Socket;
  stage: Stage = 'dial';
  /** Time of TCP alone, without the lookup and without the wait for others that this process dials; 0 until connected. */
  connectingUs = 0;
  tlsUs = 0;
  readonly #owner: DialOwner;
  readonly #timer: NodeJS.Timeout;
  #startedAtUs = monotonicUs();
  /** From the wish, or the answer of the lookup, to the attempt. */
  #queuedUs = 0;
  #isSettled = false;
  readonly #watch: DialWatch;
  readonly #via: ProxyServer | undefined;

  constructor(target: Target, options: DialOptions, owner: DialOwner) {
    this.#owner = owner;
    this.#watch = options.watch;
    this.#timer = setTimeout(() => this.#fail(new FailureError(timedOut(target))), DIAL_TIMEOUT_MS).unref();
    const { via } = target;
    this.#via = via;
    const route = options.routeTo(target);
    const onread = owner.onread === undefined || target.isTls ? {} : { onread: owner.onread };
    this.raw = connectTcp(
      'path' in route ? { path: route.path, ...onread } : { ...this.#overTcp((via ?? target).hostname, route), ...onread },
    );
    this.raw.on('error', (error) => this.#fail(error));
    this.raw.once('close', () => this.#fail(Object.assign(new Error('socket closed'), { code: 'ECONNRESET' })));
    this.raw.once('connectionAttempt', () => {
      this.#queuedUs = this.#lap();
      this.#watch.begun(this.#queuedUs);
    });
    this.raw.once('connect', () => {
      this.connectingUs = this.#lap();
      this.#watch.ready(this.#queuedUs, this.#startedAtUs);
      if (!target.isTls) this.#succeed(this.raw);
      else if (via === undefined) this.#secure(target, options);
      else this.#tunnel({ target, via }, options);
    });
  }

  #overTcp(host: string, { port, lookup }: Route): TcpNetConnectOpts {
    return {
      host,
      port,
      noDelay: true,
      lookup: (name, lookupOptions, callback) =>
        lookup(name, lookupOptions, (...answer) => {
          this.#startedAtUs = monotonicUs();
          callback(...answer);
        }),
    };
  }

  /** Gives up an attempt that is under way. */
  cancel(): void {
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.raw.destroy();
  }

  #tunnel(way: { target: Target; via: ProxyServer }, options: DialOptions): void {
    openTunnel(this.raw, way, (error) => {
      if (error !== undefined) return this.#fail(error);
      this.#lap();
      this.#secure(way.target, options);
    });
  }

  #secure(target: Target, options: DialOptions): void {
    const { context, isVerified, serverName, offersProtocol, resumes } = options.tlsFor(target);
    const { alpn } = options;
    this.stage = 'tls';
    const name = serverName ?? (target.isAddress ? undefined : target.hostname);
    const { session } = this.#owner;
    const ticket = resumes ? session.ticket : undefined;
    const socket = connectTls({
      socket: this.raw,
      secureContext: context,
      rejectUnauthorized: isVerified,
      ...(offersProtocol || alpn === 'h2' ? { ALPNProtocols: [alpn] } : {}),
      ...(ticket === undefined ? {} : { session: ticket }),
      // For the check of the certificate; without it Node would compare with "localhost".
      host: target.hostname,
      ...(name === undefined ? {} : { servername: name }),
    });
    if (resumes)
      socket.on('session', (given: Buffer) => {
        session.ticket = given;
      });
    socket.on('error', (error) => this.#fail(error));
    socket.once('secureConnect', () => {
      this.tlsUs = this.#lap();
      this.#watch.ready(0, this.#startedAtUs);
      this.#succeed(socket);
    });
  }

  /** µs since the last lap; never 0, which stands for "not done". */
  #lap(): number {
    const nowUs = monotonicUs();
    const lapUs = Math.max(nowUs - this.#startedAtUs, 1);
    this.#startedAtUs = nowUs;
    return lapUs;
  }

  #succeed(socket: Socket): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.stage = 'exchange';
    clearTimeout(this.#timer);
    this.#owner.onDialled(socket);
  }

  #fail(error: Error): void {
    if (this.#isSettled) return;
    this.cancel();
    this.#watch.failed(error);
    const isProxys = this.#via !== undefined && this.stage === 'dial';
    this.#owner.onDialFailed(isProxys ? new FailureError(failureOf(error, 'dial', `the proxy ${this.#via?.origin}`)) : error);
  }
}

function timedOut(target: Target): FailureError['failure'] {
  return { kind: 'timeout', errorCode: 1211, error: `${target.origin}: no connection within ${DIAL_TIMEOUT_MS / 1000} s` };
}
