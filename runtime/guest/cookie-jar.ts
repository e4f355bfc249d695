import { ASK, type JarRequest } from '../core/mailbox.ts';
import { absoluteUrl } from '../core/url-text.ts';
import { durationUs } from './duration.ts';
import { askText } from './host.ts';
import { settings, type Vu } from './state.ts';
import type { CookieJar, CookieOptions } from './stressrun.d.ts';

/** As RFC 6265 spells them (4.1.1): what can be sent and read back. */
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;
const OPTION_KEYS = ['domain', 'path', 'secure', 'httpOnly', 'maxAge'];

function asked(vu: Vu, url: unknown, request: Omit<JarRequest, 'url'>): string {
  if (typeof url !== 'string') throw new TypeError(`http.cookieJar: expected a path or URL as text, such as '/predict'; got ${typeof url}`);
  const answer = askText(ASK.jar, vu.index, JSON.stringify({ ...request, url: absoluteUrl(settings.environment.base_url, url) }));
  if (answer.startsWith('!')) throw new TypeError(`http.cookieJar: ${answer.slice(1)}`);
  return answer;
}

function checkedOptions(options: CookieOptions): Omit<JarRequest, 'kind' | 'url' | 'name' | 'value'> {
  for (const key of Object.keys(options))
    if (!OPTION_KEYS.includes(key))
      throw new TypeError(`http.cookieJar: unknown option ${JSON.stringify(key)}; allowed are ${OPTION_KEYS.join(', ')}`);
  const { domain, path, secure, httpOnly, maxAge } = options;
  return {
    ...(domain === undefined ? {} : { domain: String(domain) }),
    ...(path === undefined ? {} : { path: String(path) }),
    ...(secure === undefined ? {} : { secure: Boolean(secure) }),
    ...(httpOnly === undefined ? {} : { httpOnly: Boolean(httpOnly) }),
    ...(maxAge === undefined ? {} : { maxAge: Math.floor(durationUs('http.cookieJar: maxAge', maxAge) / 1_000_000) }),
  };
}

/** The cookies of one virtual user, as k6 names what can be done with them. */
export function makeCookieJar(vu: Vu): () => CookieJar {
  const jar: CookieJar = {
    cookiesForURL(url) {
      const cookies: Record<string, string[]> = {};
      for (const [name, value] of JSON.parse(asked(vu, url, { kind: 'read', name: '', value: '' })) as [string, string][])
        cookies[name] = [...(Object.hasOwn(cookies, name) ? (cookies[name] as string[]) : []), value];
      return cookies;
    },
    set(url, name, value, options = {}) {
      if (!NAME.test(name))
        throw new TypeError(`http.cookieJar: expected a name of letters, digits and signs such as "_"; got ${JSON.stringify(name)}`);
      if (!VALUE.test(value))
        throw new TypeError(
          `http.cookieJar: ${name}: expected a value of ASCII without blanks, quotes, ",", ";" and "\\" (encodeURIComponent() makes one of any text)`,
        );
      asked(vu, url, { kind: 'set', name, value, ...checkedOptions(options) });
    },
    delete(url, name) {
      if (name !== '') asked(vu, url, { kind: 'delete', name: String(name), value: '' });
    },
    clear(url) {
      asked(vu, url, { kind: 'delete', name: '', value: '' });
    },
  };
  return () => jar;
}
