import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { isLoopback } from './listen-address.ts';

/** Who may talk to the server. */
export interface Access {
  /** Undefined: nobody needs one, for only this machine can reach the server. */
  readonly token: string | undefined;
  /** Address that it listens on. */
  readonly host: string;
}

const COOKIE = 'stressrun_ui';
const REFUSAL = '401: open the whole address that stressrun printed, with its ?token=…';
const TOKEN_BYTES = 24;

/** Bound to loopback no token is needed, unless one is given; anywhere else there always is one. */
export function accessTo(host: string, givenToken: string | undefined): Access {
  const given = givenToken === undefined || givenToken === '' ? undefined : givenToken;
  return { host, token: given ?? (isLoopback(host) ? undefined : randomBytes(TOKEN_BYTES).toString('base64url')) };
}

/**
 * Lets in who has the token: once in the address, which is answered with a cookie and the address without it, or with every request as
 * `Authorization: Bearer`. All others get 401, and how to come in.
 */
export function requireToken({ token }: Access): MiddlewareHandler {
  if (token === undefined) return (_, next) => next();
  // what the browser keeps is not the token itself, and ends with this process
  const session = randomBytes(TOKEN_BYTES).toString('base64url');
  return async (c, next) => {
    const offered = c.req.query('token');
    if (offered !== undefined && c.req.method === 'GET') {
      if (!isSame(offered, token)) return refuse(c);
      setCookie(c, cookieNameOf(c), session, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return c.redirect(withoutToken(c.req.url), 303);
    }
    const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    const isKnown = (bearer !== undefined && isSame(bearer, token)) || isSame(getCookie(c, cookieNameOf(c)) ?? '', session);
    return isKnown ? next() : refuse(c);
  };
}

/** On loopback the name in the request must be loopback too: another name that leads here is a page of somebody else (DNS rebinding). */
export function requireLoopbackName({ host }: Access): MiddlewareHandler {
  if (!isLoopback(host)) return (_, next) => next();
  return async (c, next) => (isLoopback(hostNameOf(c.req.header('host') ?? '')) ? next() : c.text('', 421));
}

/** What changes something comes by POST, as JSON, and from a page of this server or from no page at all. */
export function requireOwnOrigin(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const site = c.req.header('sec-fetch-site');
    const origin = c.req.header('origin');
    const isForeign = (site !== undefined && site !== 'same-origin') || (origin !== undefined && !isOwn(origin, c.req.header('host')));
    if (isForeign) return c.json({ error: { message: 'expected a request of this page; it came from another one' } }, 403);
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
      return c.json({ error: { message: 'expected a body of type application/json' } }, 415);
    return next();
  };
}

/** Nothing of these pages runs what they did not bring along, and no other page shows them. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', PAGE_POLICY);
    headers.set('x-content-type-options', 'nosniff');
    headers.set('referrer-policy', 'no-referrer');
    headers.set('cross-origin-opener-policy', 'same-origin');
    headers.set('cross-origin-resource-policy', 'same-origin');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  };
}

/** Compared in the same time wherever they differ. */
function isSame(offered: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(offered), hash(expected));
}

function refuse(c: Context): Response {
  return c.text(REFUSAL, 401);
}

/** Cookies are the same for all ports of a host: by its name each UI there has its own. The port is the browser's, which a container's may not be. */
function cookieNameOf(c: Context): string {
  const port = /:(\d{1,5})$/.exec(c.req.header('host') ?? '')?.[1];
  return port === undefined ? COOKIE : `${COOKIE}_${port}`;
}

/** Path and query alone: behind a proxy the server does not know its own name. */
function withoutToken(url: string): string {
  const { pathname, searchParams } = new URL(url);
  searchParams.delete('token');
  const query = searchParams.toString();
  // never `//host`, which would lead elsewhere
  return `/${pathname.replace(/^[/\\]+/, '')}${query === '' ? '' : `?${query}`}`;
}

function isOwn(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

function hostNameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}
