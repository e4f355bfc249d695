import type { JarRequest } from '../core/mailbox.ts';
import type { VuHttp } from '../net/vu-http.ts';

/** What a script asks of the jar of its user. @returns as of `ASK.jar` */
export function jarAnswer(http: Pick<VuHttp, 'cookies' | 'targetOf'> | undefined, text: string): string {
  if (http === undefined) return '!there is no user yet: at module level nobody has cookies';
  const { kind, url, ...cookie } = JSON.parse(text) as JarRequest;
  const target = http.targetOf(url);
  if (target === undefined) return `!expected a path, or an absolute http or https URL; got ${JSON.stringify(url)}`;
  if (kind === 'read') return JSON.stringify(http.cookies.readFor(target));
  if (kind === 'delete') {
    http.cookies.forget(target, cookie.name);
    return '';
  }
  const problem = http.cookies.set(target, cookie);
  return problem === undefined ? '' : `!the cookie ${JSON.stringify(cookie.name)} cannot be set for ${target.origin}: ${problem}`;
}
