import { Cookie, CookieJar } from 'tough-cookie';
import { monotonicUs } from '../core/clock.ts';
import type { OwnCookie } from '../core/mailbox.ts';
import { textOfBytes } from './header-bytes.ts';
import type { Target } from './target.ts';

/** How long a header made from the jar is used again for the same URL: cookies expire by the second. */
const HEADER_US = 1_000_000;
const HEADERS_MAX = 100;

/** The cookies of one VU. There is a jar, and work, only from the first `set-cookie` on. */
export class Cookies {
  #jar: CookieJar | undefined;
  readonly #headers = new Map<string, { text: string; untilUs: number }>();

  get isEmpty(): boolean {
    return this.#jar === undefined;
  }

  /** Keeps what the answer of `target` sets; a cookie that cannot be read, or is for another domain, is left out. */
  keep(target: Target, setCookies: readonly Buffer[]): void {
    const jar = this.#opened();
    for (const bytes of setCookies) jar.setCookieSync(textOfBytes(bytes), target.url, { ignoreError: true });
    this.#headers.clear();
  }

  /** Value of the `cookie` header for this target; empty when there is none. */
  headerFor(target: Target): string {
    if (this.#jar === undefined) return '';
    const nowUs = monotonicUs();
    const known = this.#headers.get(target.url);
    if (known !== undefined && nowUs < known.untilUs) return known.text;
    const text = this.#jar.getCookieStringSync(target.url);
    if (this.#headers.size >= HEADERS_MAX) this.#headers.clear();
    this.#headers.set(target.url, { text, untilUs: nowUs + HEADER_US });
    return text;
  }

  /** Names and values that go to this target, in the order in which they are sent. */
  readFor(target: Target): [name: string, value: string][] {
    return this.#jar === undefined ? [] : this.#jar.getCookiesSync(target.url).map(({ key, value }) => [key, value]);
  }

  /** Keeps a cookie as if an answer of this target had set it. @returns why it cannot be; undefined: it is kept */
  set(target: Target, cookie: OwnCookie): string | undefined {
    const { name, value, maxAge, path = '/', ...rest } = cookie;
    try {
      this.#opened().setCookieSync(
        new Cookie({ key: name, value, path, ...rest, ...(maxAge === undefined ? {} : { maxAge }) }),
        target.url,
      );
      return undefined;
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.#headers.clear();
    }
  }

  /** Forgets what goes to this target. @param name - empty: all of it */
  forget(target: Target, name: string): void {
    for (const cookie of this.#jar?.getCookiesSync(target.url) ?? []) {
      if (name !== '' && cookie.key !== name) continue;
      cookie.expires = new Date(0);
      cookie.maxAge = null;
    }
    this.#headers.clear();
  }

  #opened(): CookieJar {
    // Public suffixes are not refused: the hosts are the user's own, and many are bare names.
    this.#jar ??= new CookieJar(undefined, { rejectPublicSuffixes: false, looseMode: true });
    return this.#jar;
  }

  reset(): void {
    this.#jar = undefined;
    this.#headers.clear();
  }
}

/** One `cookie` header of several sources; of cookies with the same name the later source's stays. */
export function joinedCookies(sources: readonly string[], own: Readonly<Record<string, string>> | undefined): string {
  const byName = new Map<string, string>();
  for (const pair of sources.flatMap((source) => source.split(';'))) {
    const text = pair.trim();
    if (text !== '') byName.set(text.split('=', 1)[0] as string, text);
  }
  for (const [name, value] of Object.entries(own ?? {})) byName.set(name, `${name}=${value}`);
  return [...byName.values()].join('; ');
}
