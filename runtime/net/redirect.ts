const FOLLOWED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What a redirect asks for: which method, and whether the body is sent again. */
export interface Redirect {
  readonly method: string;
  readonly keepsBody: boolean;
}

/**
 * Whether a status is a redirect that is followed, and how: 307 and 308 repeat the request, the others become a GET without a body.
 * @see https://fetch.spec.whatwg.org/#http-redirect-fetch (but, as in Go and k6, 301 and 302 change every method but HEAD)
 */
export function redirectOf(status: number, method: string): Redirect | undefined {
  if (!FOLLOWED.has(status)) return undefined;
  if (status === 307 || status === 308) return { method, keepsBody: true };
  return { method: method === 'HEAD' ? 'HEAD' : 'GET', keepsBody: false };
}
