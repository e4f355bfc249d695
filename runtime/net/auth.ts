import type { AuthPlan } from '../core/plan.ts';

/** The value of the `authorization` header. @see RFC 7617 (Basic, as UTF-8) and RFC 6750 (Bearer) */
export function authorizationOf(auth: AuthPlan): string {
  return auth.kind === 'bearer' ? `Bearer ${auth.token}` : basicAuthorization(auth.user, auth.password);
}

/** Basic authorization from a URL's userinfo, which is percent-encoded; undefined when there is none. */
export function authorizationOfUserinfo(user: string, password: string): string | undefined {
  return user === '' && password === '' ? undefined : basicAuthorization(percentDecoded(user), percentDecoded(password));
}

function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign: sent as written
  }
}
