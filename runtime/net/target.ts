import { isIP } from 'node:net';
import { readUrl } from '../core/read-url.ts';
import { authorizationOfUserinfo } from './auth.ts';

/** A proxy that requests go through. */
export interface ProxyServer {
  readonly hostname: string;
  readonly port: number;
  /** Such as `http://proxy.example.com:3128`. */
  readonly origin: string;
  /** `proxy-authorization`; undefined: none is given. */
  readonly authorization: string | undefined;
}

/** A URL taken apart once, for as many requests as go to it. */
export interface Target {
  /** Normalised, without userinfo and fragment. */
  readonly url: string;
  /** Scheme, host and port, such as `http://127.0.0.1:8000`. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** Name or address, an IPv6 one without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly isAddress: boolean;
  /** Basic authorization from the userinfo; undefined when there was none. */
  readonly authorization: string | undefined;
  /** What requests to it go through; absent: they go straight. */
  readonly via?: ProxyServer;
}

/** Whom a request speaks to, for people: what breaks there may be the proxy's doing. */
export function peerOf({ origin, via }: Target): string {
  return via === undefined ? origin : `${origin} through the proxy ${via.origin}`;
}

/**
 * Reads an absolute URL, or one relative to `base`. WHATWG parsing turns every spelling of an IPv4 address into the dotted one.
 * @returns undefined when it is none, or neither http nor https
 */
export function targetOf(text: string, base?: string): Target | undefined {
  const url = readUrl(text, base);
  if (url === undefined) return undefined;
  const isTls = url.protocol === 'https:';
  if (!isTls && url.protocol !== 'http:') return undefined;
  const authorization = authorizationOfUserinfo(url.username, url.password);
  url.username = '';
  url.password = '';
  url.hash = '';
  const hostname = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return {
    url: url.href,
    origin: url.origin,
    path: url.pathname + url.search,
    hostname,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    isAddress: isIP(hostname) !== 0,
    authorization,
  };
}
