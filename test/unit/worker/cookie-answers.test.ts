import { expect, test } from 'vitest';
import type { JarRequest } from '../../../runtime/core/mailbox.ts';
import type { VuHttp } from '../../../runtime/net/vu-http.ts';
import { jarAnswer } from '../../../runtime/worker/cookie-answers.ts';
import { ask, httpServer, vuFor } from '../net/servers.ts';

const jar = (vu: VuHttp, request: Partial<JarRequest>): string =>
  jarAnswer(vu, JSON.stringify({ kind: 'read', name: '', value: '', ...request }));

test('cookies that a script sets go along, are read, replaced and forgotten; those of answers too', async () => {
  const seen: (string | undefined)[] = [];
  const { base } = await httpServer((request, response) => {
    seen.push(request.headers.cookie);
    response.setHeader('set-cookie', 'theirs=1; Path=/');
    response.end('ok');
  });
  const vu = vuFor(base);
  expect(jar(vu, { url: base })).toBe('[]');
  expect(jar(vu, { kind: 'set', url: base, name: 'mine', value: 'a' })).toBe('');
  expect(jar(vu, { kind: 'set', url: base, name: 'deep', value: 'b', path: '/deep' })).toBe('');
  await ask(vu, `${base}/x`);
  await ask(vu, `${base}/deep/x`);
  expect(JSON.parse(jar(vu, { url: `${base}/deep/y` }))).toEqual([
    ['deep', 'b'],
    ['mine', 'a'],
    ['theirs', '1'],
  ]);
  jar(vu, { kind: 'set', url: base, name: 'mine', value: 'c' });
  jar(vu, { kind: 'delete', url: base, name: 'theirs' });
  await ask(vu, `${base}/x`);
  jar(vu, { kind: 'delete', url: `${base}/deep/` });
  expect(jar(vu, { url: `${base}/deep/` })).toBe('[]');
  await ask(vu, `${base}/deep/x`);
  expect(seen).toEqual(['mine=a', 'deep=b; mine=a; theirs=1', 'mine=c', undefined]);
});

test('what cannot be set says why: a foreign domain, no URL; nobody has cookies before there is a user', () => {
  const vu = vuFor('http://127.0.0.1:1');
  expect(jar(vu, { kind: 'set', url: 'http://127.0.0.1:1/', name: 'a', value: 'b', domain: 'example.com' })).toMatch(
    /^!the cookie "a" cannot be set for http:\/\/127\.0\.0\.1:1: /,
  );
  expect(jar(vu, { url: 'ftp://x' })).toBe('!expected a path, or an absolute http or https URL; got "ftp://x"');
  expect(jarAnswer(undefined, '{}')).toBe('!there is no user yet: at module level nobody has cookies');
});

test('a cookie with maxAge ends', () => {
  const vu = vuFor('http://127.0.0.1:1');
  jar(vu, { kind: 'set', url: 'http://127.0.0.1:1/', name: 'a', value: 'b', maxAge: 100 });
  expect(jar(vu, { url: 'http://127.0.0.1:1/' })).toBe('[["a","b"]]');
  jar(vu, { kind: 'set', url: 'http://127.0.0.1:1/', name: 'a', value: 'b', maxAge: 0 });
  expect(jar(vu, { url: 'http://127.0.0.1:1/' })).toBe('[]');
});
