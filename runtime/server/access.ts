import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { readUrl } from '../core/read-url.ts';
import { publicBaseOf } from './base-path.ts';
import { isLoopback } from './listen-address.ts';

/** What stands between the server and those who use it. */
export interface ProxySetting {
  /** Path below which the pages lie, such as `/load`; empty at the root. */
  readonly basePath: string;
  /** Whether what `X-Forwarded-Host`, `-Proto` and `-Prefix` say is so: a reverse proxy sets them, and nothing else reaches the server. */
  readonly isProxyTrusted: boolean;
}

/** Who may talk to the server. */
export interface Access extends ProxySetting {
  /** Undefined: nobody needs one, for only this machine can reach the server. */
  readonly token: string | undefined;
  /** Whoever has it may allow load of production: `token`, and where none is needed one that only the terminal shows. */
  readonly consentToken: string;
  /** What the browser of whoever had it keeps: not the token itself, and it ends with this process. */
  readonly session: string;
  /** Address that it listens on. */
  readonly host: string;
}

const NO_PROXY: ProxySetting = { basePath: '', isProxyTrusted: false };
const COOKIE = 'stressrun_ui';
const REFUSAL = '401: open the whole address that stressrun printed, with its ?token=…';
const WRONG_NAME =
  '421: expected the name localhost or 127.0.0.1, for only this machine is let in; behind a reverse proxy start with --trust-proxy\n';
const TOKEN_BYTES = 24;

/** Bound to loopback no token is needed, unless one is given; anywhere else, and behind a proxy that others reach, there always is one. */
export function accessTo(host: string, givenToken: string | undefined, proxy: ProxySetting = NO_PROXY): Access {
  const given = givenToken === '' ? undefined : givenToken;
  const isAlone = isLoopback(host) && !proxy.isProxyTrusted;
  const consentToken = given ?? randomText();
  return { ...proxy, host, token: given === undefined && isAlone ? undefined : consentToken, consentToken, session: randomText() };
}

/**
 * Lets in who has the token: once in the address, which is answered with a cookie and the address without it, or with every request as
 * `Authorization: Bearer`. All others get 401, and how to come in.
 */
export function requireToken(access: Access): MiddlewareHandler {
  const { token, consentToken, session } = access;
  return async (c, next) => {
    const offered = c.req.query('token');
    if (offered !== undefined && c.req.method === 'GET') {
      if (!isSame(offered, consentToken)) return refuse(c);
      const base = publicBaseOf(c.req, access);
      const secure = access.isProxyTrusted && firstOf(c.req.header('x-forwarded-proto')) === 'https';
      setCookie(c, cookieNameOf(c, access), session, {
        httpOnly: true,
        sameSite: 'Strict',
        path: `${base}/`,
        ...(secure ? { secure } : {}),
      });
      return c.redirect(`${base}${withoutToken(c.req.path, c.req.url)}`, 303);
    }
    return token === undefined || isKnown(c, access) ? next() : refuse(c);
  };
}

/** Production is allowed by whoever has the token, or by the page that was opened with it: any program of this machine can ask the server. */
export function requireConsent(access: Access): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'POST' || isKnown(c, access) || !(await allowsProduction(c))) return next();
    return c.json({ error: { message: NO_CONSENT, hint: CONSENT_HINT } }, 403);
  };
}

const NO_CONSENT =
  'allowProduction: expected it with the token, or from a page that was opened with it; got it from a client that has neither';
const CONSENT_HINT = 'open the address with ?token=… that stressrun printed, or send the token as Authorization: Bearer';

async function allowsProduction(c: Context): Promise<boolean> {
  const form: unknown = await c.req.json().catch(() => undefined); // what is no JSON is refused further on
  const { allowProduction } = (form ?? {}) as { allowProduction?: unknown };
  return allowProduction !== undefined && allowProduction !== '';
}

function isKnown(c: Context, access: Access): boolean {
  const bearer = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  return (
    (bearer !== undefined && isSame(bearer, access.consentToken)) || isSame(getCookie(c, cookieNameOf(c, access)) ?? '', access.session)
  );
}

function randomText(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** On loopback the name in the request must be loopback too: another name that leads here is a page of somebody else (DNS rebinding). */
export function requireLoopbackName({ host, isProxyTrusted }: Access): MiddlewareHandler {
  if (!isLoopback(host) || isProxyTrusted) return (_, next) => next(); // there the token is asked for
  return async (c, next) => (isLoopback(hostNameOf(c.req.header('host') ?? '')) ? next() : c.text(WRONG_NAME, 421));
}

/** What changes something comes by POST, as JSON, and from a page of this server or from no page at all. */
export function requireOwnOrigin(access: Access): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    if (isForeign(c, access))
      return c.json({ error: { message: 'expected a request of this page; it came from another one', hint: FOREIGN_HINT } }, 403);
    if (!/^application\/json\b/i.test(c.req.header('content-type') ?? ''))
      return c.json({ error: { message: 'expected a body of type application/json' } }, 415);
    return next();
  };
}

const FOREIGN_HINT = 'behind a reverse proxy start with --trust-proxy, and let it pass on Host or X-Forwarded-Host';

/**
 * A browser says itself whether page and server are one site, where it says so at all (over https, and on loopback); a proxy may write another
 * Host, and then its word is all there is.
 */
export function isForeign(c: Context, access: Access): boolean {
  const site = c.req.header('sec-fetch-site');
  const origin = c.req.header('origin');
  if (site !== undefined && site !== 'same-origin') return true;
  if (origin === undefined || (access.isProxyTrusted && site === 'same-origin')) return false;
  return !isOwn(origin, c.req.header('host')) && !(access.isProxyTrusted && isOwn(origin, forwardedHostOf(c)));
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
function cookieNameOf(c: Context, { isProxyTrusted }: Access): string {
  const host = (isProxyTrusted ? forwardedHostOf(c) : undefined) ?? c.req.header('host') ?? '';
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  return port === undefined ? COOKIE : `${COOKIE}_${port}`;
}

function forwardedHostOf(c: Context): string | undefined {
  return firstOf(c.req.header('x-forwarded-host'));
}

/** Of several proxies the outermost speaks first. */
function firstOf(list: string | undefined): string | undefined {
  const first = list?.split(',')[0]?.trim();
  return first === '' ? undefined : first;
}

/** Path and query alone: behind a proxy the server does not know its own name. @param path - inside the base path */
function withoutToken(path: string, url: string): string {
  const { searchParams } = new URL(url);
  searchParams.delete('token');
  const query = searchParams.toString();
  // never `//host`, which would lead elsewhere
  return `/${path.replace(/^[/\\]+/, '')}${query === '' ? '' : `?${query}`}`;
}

function isOwn(origin: string, host: string | undefined): boolean {
  const url = readUrl(origin);
  return url !== undefined && url.host === host?.toLowerCase();
}

function hostNameOf(host: string): string {
  return host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
}
