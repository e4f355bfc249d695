import { expect, test } from 'vitest';
import { credentialsOf, credentialsOfRequest, isCredentialHeader } from '../../../runtime/core/credentials.ts';

test.each([
  ['authorization', 'x', true],
  ['X-Api-Key', 'demo', true],
  ['ocp-apim-subscription-key', '1', true],
  ['x-amz-security-token', '1', true],
  ['cookie', 'a=1', true],
  ['set-cookie', 'a=1', true],
  ['x-who', 'Bearer abc', true],
  ['x-who', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln', true],
  ['x-who', 'sk-proj-abcdefghijklmnop', true],
  ['x-who', '550e8400-e29b-41d4-a716-446655440000', true],
  ['x-who', 'https://ann:pa55@host/', true],
  ['x-who', 'images', false],
  ['x-who', 'stressrun-nightly-2026-11-30', false],
  ['x-author', 'ann', false],
  ['x-request-id', '550e8400-e29b-41d4-a716-446655440000', false],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', false],
  ['accept', 'application/vnd.example.v3+json', false],
  ['www-authenticate', 'Bearer realm="x"', false],
  ['x-ratelimit-remaining-tokens', '12', false],
  ['access-control-allow-credentials', 'true', false],
])('the header %s: %s proves who asks: %s', (name, value, isOne) => {
  expect(isCredentialHeader(name, value)).toBe(isOne);
});

test('credentials of an environment: secrets, auth as it is sent, such headers, and variables by their names', () => {
  const found = credentialsOf(
    {
      secrets: [{ name: 'S', value: 'secret' }],
      auth: { kind: 'basic', user: 'ann', password: 'pa55' },
      headers: { 'x-api-key': 'Token k1', cookie: 'a=c1; b=c2', authorization: `Basic ${btoa('bob:pw')}`, 'x-team': 'images' },
    },
    { API_TOKEN: 't1', MODEL: 'm1' },
  );
  expect(found.filter(({ isGuessed }) => isGuessed !== true)).toEqual([{ value: 'secret' }]);
  expect(found.map(({ value }) => value)).toEqual([
    'secret',
    'ann:pa55',
    'pa55',
    'Token k1',
    'k1',
    'a=c1; b=c2',
    'c1',
    'c2',
    `Basic ${btoa('bob:pw')}`,
    btoa('bob:pw'),
    'bob:pw',
    'pw',
    't1',
  ]);
});

test('credentials of a request: userinfo and parameters of its URL, its own headers, auth and cookies, and cookies that the answer sets', () => {
  const request = {
    url: 'http://ann:p%20w@host/x?api_key=k%2B1&page=2#f',
    headers: ['x-api-key', 'h1', 'accept', 'a'],
    auth: { kind: 'bearer', token: 'b1' } as const,
    cookies: { own: 'o1' },
  };
  const values = credentialsOfRequest(request, ['set-cookie', 'sid=s1; Path=/', 'content-type', 'x']).map(({ value }) => value);
  expect(values).toEqual(['k+1', 'ann:p w', 'p w', 'h1', 'h1', 'b1', 'o1', 's1']);
});

test('passphrases of the keys of an environment are credentials', () => {
  const pem = { cert: 'c', key: 'k' };
  const tls = {
    isVerified: true,
    ...pem,
    passphrase: 'one',
    clientCerts: [
      { hosts: ['a'], ...pem, passphrase: 'two' },
      { hosts: ['b'], ...pem },
    ],
  };
  expect(credentialsOf({ auth: undefined, headers: {}, tls }).map(({ value }) => value)).toEqual(['one', 'two']);
});

test('passwords of the proxies of an environment are credentials, as they are sent', () => {
  const server = (password: string) => ({ url: 'http://p.test:1', auth: { kind: 'basic' as const, user: 'ann', password } });
  const proxy = { http: server('one'), https: server('two'), bypass: [] };
  expect(credentialsOf({ auth: undefined, headers: {}, proxy }).map(({ value }) => value)).toEqual(['ann:one', 'one', 'ann:two', 'two']);
});
