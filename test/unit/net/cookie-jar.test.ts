import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Cookies, joinedCookies } from '../../../runtime/net/cookies.ts';
import { type Target, targetOf } from '../../../runtime/net/target.ts';

const at = (url: string): Target => targetOf(url) as Target;
const SHOP = at('http://shop.test/cart');

/** Keeps what an answer of the shop sets. */
function cookiesOf(...setCookies: string[]): Cookies {
  const cookies = new Cookies();
  keep(cookies, ...setCookies);
  return cookies;
}

function keep(cookies: Cookies, ...setCookies: string[]): void {
  cookies.keep(
    SHOP,
    setCookies.map((text) => Buffer.from(text)),
  );
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'hrtime'], now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

test('there is no jar, and no header, before the first cookie', () => {
  const cookies = new Cookies();
  expect([cookies.isEmpty, cookies.headerFor(SHOP)]).toEqual([true, '']);
  keep(cookies, 'a=1; Path=/');
  expect([cookies.isEmpty, cookies.headerFor(SHOP)]).toEqual([false, 'a=1']);
});

test('a cookie that lives for 3 s is sent for 3 s and not after 5, though its header was made before', () => {
  const cookies = cookiesOf('a=1; Path=/; Max-Age=3', 'b=2; Path=/');
  expect(cookies.headerFor(SHOP)).toBe('a=1; b=2');
  vi.advanceTimersByTime(2_000);
  expect(cookies.headerFor(SHOP)).toBe('a=1; b=2');
  vi.advanceTimersByTime(3_000);
  expect(cookies.headerFor(SHOP)).toBe('b=2');
});

test('a cookie that is set again, or taken back, within the second goes out as it is then', () => {
  const cookies = cookiesOf('a=1; Path=/');
  expect(cookies.headerFor(SHOP)).toBe('a=1');
  keep(cookies, 'a=2; Path=/');
  expect(cookies.headerFor(SHOP)).toBe('a=2');
  keep(cookies, 'a=; Path=/; Max-Age=0');
  expect(cookies.headerFor(SHOP)).toBe('');
});

test('each URL has the cookies of its path and host, also after 250 other ones were asked for', () => {
  const cookies = cookiesOf('all=1; Path=/', 'cart=2; Path=/cart');
  for (let i = 0; i < 250; i++) expect(cookies.headerFor(at(`http://shop.test/item/${i}`))).toBe('all=1');
  expect(cookies.headerFor(SHOP)).toBe('cart=2; all=1');
  expect(cookies.headerFor(at('http://other.test/cart'))).toBe('');
});

test('a jar that is emptied has forgotten all, headers of this second too, and takes new cookies', () => {
  const cookies = cookiesOf('a=1; Path=/');
  expect(cookies.headerFor(SHOP)).toBe('a=1');
  cookies.reset();
  expect([cookies.isEmpty, cookies.headerFor(SHOP)]).toEqual([true, '']);
  keep(cookies, 'b=2; Path=/');
  expect(cookies.headerFor(SHOP)).toBe('b=2');
});

test('a bare name and a name under a public suffix may set cookies for themselves; another domain, and what is no cookie, are left out', () => {
  for (const url of ['http://inference/x', 'http://shop.github.io/x']) {
    const [cookies, target] = [new Cookies(), at(url)];
    cookies.keep(target, [
      Buffer.from(`a=1; Domain=${target.hostname}; Path=/`),
      Buffer.from('b=2; Domain=elsewhere.test'),
      Buffer.from(''),
    ]);
    expect([url, cookies.headerFor(target)]).toEqual([url, 'a=1']);
  }
});

test('of cookies with one name the later source stays, and what a request brings itself goes before all', () => {
  expect(joinedCookies(['a=1; b=2', 'b=3; c=4'], { c: '5', d: '6' })).toBe('a=1; b=3; c=5; d=6');
  expect(joinedCookies([' a=1 ;; ', ''], undefined)).toBe('a=1');
});
