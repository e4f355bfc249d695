import type { Http2Plan, KeepAlivePlan } from '../core/reach-plan.ts';
import type { DialOptions } from './dial.ts';
import type { Failure } from './error-codes.ts';
import type { Hop, HopCarrier } from './hop.ts';
import type { Http1Shared } from './http1/http1-shared.ts';
import type { TlsSession } from './tls-session.ts';

/** One connection to an origin, dialled with its first hop; it carries one hop at a time. */
export interface Connection extends HopCarrier {
  /** Whether it can be given another hop; asked of an idle one. One that cannot has been closed by the asking. @param nowUs - monotonic µs */
  isUsable(nowUs: number): boolean;
  start(hop: Hop): void;
  /** Closes it; its owner does not hear of it. */
  destroy(): void;
}

/** Who is told when a connection is free again or lost. */
export interface ConnectionOwner {
  /** That of its last connection. */
  readonly session: TlsSession;
  onFree(connection: Connection): void;
  /** Not to be used again, be it idle or not. */
  onLost(connection: Connection): void;
  /** Not to be used again: the server had closed it while it was idle. Another is to serve the hop, which has not ended. */
  onStale(connection: Connection, hop: Hop): void;
}

/** What connections of any kind are made with. */
export interface ConnectionOptions extends DialOptions {
  /** Bytes of status line and headers of an answer together. */
  readonly headerBytesMax: number;
  /** How long connections are kept, and whether at all; undefined: as it is by default. */
  readonly keepAlive: KeepAlivePlan | undefined;
  /** For connections of our own client; undefined: they are undici's. */
  readonly http1: Http1Shared | undefined;
  /** HTTP/2 is spoken; undefined: HTTP/1.1. */
  readonly http2: Http2Plan | undefined;
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a hop whose kept connection turns out closed may go out on another: once, when nothing was written, or when nothing came back and it is
 * a method that changes nothing (RFC 9110, 9.2.1). PUT and DELETE may be repeated by the standard, but are work that the target does twice: a load
 * test must not add it by itself.
 */
export function isRepeatable(hop: Hop): boolean {
  if (hop.isRepeated) return false;
  return hop.readyAtUs === 0 || (hop.firstByteAtUs === 0 && SAFE.has(hop.request.method));
}

/** Why the body of this hop is not kept: its own size, or that of all that are coming in. */
export function bodyTooLarge(hop: Hop): Failure {
  const { bodyBytesMax, budget, target } = hop.request;
  const what = hop.isOverBudget
    ? `the bodies that are coming in together are larger than the limit of ${budget.bytesMax} bytes`
    : `the body is larger than the limit of ${bodyBytesMax ?? 0} bytes (max_body_bytes of the environment; discard: true of the request counts it and keeps nothing)`;
  return { kind: 'body-too-large', errorCode: 1000, error: `${target.origin}: ${what}` };
}
