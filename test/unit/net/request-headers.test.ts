import { expect, test } from 'vitest';
import { boundHeaders } from '../../../runtime/core/credentials.ts';
import { defaultHeaders, type HopHeaderOptions, hopHeaders, unboundHeaders } from '../../../runtime/net/request-headers.ts';
import { type Target, targetOf } from '../../../runtime/net/target.ts';
import { requestOf } from './servers.ts';

const isBound = boundHeaders({ secrets: [{ from: 'environment', value: 'hidden' }] } as unknown as Parameters<typeof boundHeaders>[0]);
const at = (url: string): Target => targetOf(url) as Target;
const DEFAULTS = defaultHeaders('1', { 'X-Env': 'e', Accept: 'text/html' }, { authorization: 'Bearer env', isBound });

/** Headers of a request as pairs, without those that every request has. */
function headersOf(request: Parameters<typeof requestOf>[1], options: Partial<HopHeaderOptions> = {}): [string, string][] {
  const target = options.target ?? at('http://h/');
  const all = hopHeaders(requestOf('http://h/', request), {
    ...{ target, defaults: DEFAULTS, jarCookies: '', isElsewhere: false, hasLostBody: false, trace: '' },
    ...options,
  });
  const pairs: [string, string][] = [];
  for (let i = 0; i < all.length; i += 2) pairs.push([all[i] as string, all[i + 1] as string]);
  return pairs.filter(([name]) => !['user-agent', 'accept', 'accept-encoding', 'x-env'].includes(name));
}

test('headers of the environment stand over ours, with its authorization behind them', () => {
  expect(DEFAULTS.whole).toEqual([
    ...['user-agent', 'stressrun/1', 'accept', 'text/html', 'accept-encoding', 'gzip, deflate, br', 'x-env', 'e'],
    ...['authorization', 'Bearer env'],
  ]);
  const own = defaultHeaders('1', { authorization: 'Own' }, { authorization: 'Bearer env', isBound });
  expect(own.whole).toBe(own.pairs);
  expect(own.whole.slice(-2)).toEqual(['authorization', 'Own']);
  expect(defaultHeaders('1', {}, { authorization: undefined, isBound }).whole).not.toContain('authorization');
});

test.each<[what: string, request: Parameters<typeof requestOf>[1], options: Partial<HopHeaderOptions>, expected: [string, string][]]>([
  ['nothing of its own', {}, {}, [['authorization', 'Bearer env']]],
  ['its own', { auth: { kind: 'bearer', token: 'own' } }, {}, [['authorization', 'Bearer own']]],
  ['none at all', { auth: false }, {}, []],
  ['a header of its own', { headers: ['Authorization', 'Mine'] }, {}, [['Authorization', 'Mine']]],
  ['that of the URL before the environment’s', {}, { target: at('http://u:p@h/') }, [['authorization', 'Basic dTpw']]],
  ['none, though the URL has one', { auth: false }, { target: at('http://u:p@h/') }, []],
  ['its own elsewhere: it stays behind', { auth: { kind: 'bearer', token: 'own' } }, { isElsewhere: true }, []],
  [
    'elsewhere what the URL there has',
    { auth: { kind: 'bearer', token: 'own' } },
    { isElsewhere: true, target: at('http://u:p@other/') },
    [['authorization', 'Basic dTpw']],
  ],
  [
    'none, and elsewhere what the URL there has',
    { auth: false },
    { isElsewhere: true, target: at('http://u:p@other/') },
    [['authorization', 'Basic dTpw']],
  ],
])('authorization of a request with %s', (_, request, options, expected) => {
  const defaults = options.isElsewhere === true ? { ...DEFAULTS, authorization: undefined } : DEFAULTS;
  expect(headersOf(request, { ...options, defaults })).toEqual(expected);
});

test('an authorization among the headers of the environment is left out where a request wants none', () => {
  const defaults = defaultHeaders('1', { authorization: 'Env' }, { authorization: 'Bearer env', isBound });
  expect(headersOf({}, { defaults })).toEqual([['authorization', 'Env']]);
  expect(headersOf({ auth: false }, { defaults })).toEqual([]);
});

test('cookies of the environment, the jar, the headers and the request are one header; of these only the jar’s go elsewhere', () => {
  const defaults = defaultHeaders('1', { cookie: 'env=1' }, { authorization: undefined, isBound });
  const request = { headers: ['Cookie', 'head=3'], cookies: { own: '4' } } as Parameters<typeof requestOf>[1];
  expect(headersOf(request, { defaults, jarCookies: 'jar=2' })).toEqual([['cookie', 'env=1; jar=2; head=3; own=4']]);
  const elsewhere = { ...defaults, pairs: defaults.pairs.slice(0, -2) };
  expect(headersOf(request, { defaults: elsewhere, jarCookies: 'jar=2', isElsewhere: true })).toEqual([['cookie', 'jar=2']]);
});

test('elsewhere what proves who asks stays behind, and what it had replaced does not come back', () => {
  const headers = ['X-Api-Key', 'k', 'X-Env', 'hidden in it', 'X-Own', '1'];
  const all = hopHeaders(requestOf('http://h/', { headers }), {
    ...{ target: at('http://h/'), defaults: { ...DEFAULTS, authorization: undefined }, jarCookies: '', hasLostBody: false, trace: '' },
    isElsewhere: true,
  });
  expect(all).toEqual(['X-Own', '1', 'user-agent', 'stressrun/1', 'accept', 'text/html', 'accept-encoding', 'gzip, deflate, br']);
  expect(headersOf({ headers, auth: false })).toEqual([
    ['X-Api-Key', 'k'],
    ['X-Env', 'hidden in it'],
    ['X-Own', '1'],
  ]);
});

test('a request that lost its body loses what described it', () => {
  const headers = ['Content-Type', 'text/plain', 'content-language', 'de', 'X-Own', '1'];
  expect(headersOf({ headers, auth: false }, { hasLostBody: true })).toEqual([['X-Own', '1']]);
  expect(headersOf({ headers, auth: false })).toHaveLength(3);
});

test('the head asks for leave and carries a trace, unless the script does so itself', () => {
  const trace = '00-a-b-01';
  expect(headersOf({ auth: false, continueUs: 1 }, { trace })).toEqual([
    ['expect', '100-continue'],
    ['traceparent', trace],
  ]);
  expect(headersOf({ auth: false, continueUs: 1, headers: ['Expect', 'own', 'TraceParent', 'own'] }, { trace })).toEqual([
    ['Expect', 'own'],
    ['TraceParent', 'own'],
  ]);
});

test('a request that adds nothing shares the headers of all, and one that adds something has those of its last time', () => {
  const options = { target: at('http://h/'), defaults: DEFAULTS, jarCookies: '', isElsewhere: false, hasLostBody: false, trace: '' };
  expect(hopHeaders(requestOf('http://h/'), options)).toBe(DEFAULTS.whole);
  const own = requestOf('http://h/', { headers: ['X-Own', '1'] });
  const first = hopHeaders(own, options);
  expect(hopHeaders(own, options)).toBe(first);
  const others = [
    hopHeaders(own, { ...options, jarCookies: 'a=1' }),
    hopHeaders(own, { ...options, defaults: { ...DEFAULTS } }),
    hopHeaders(requestOf('http://h/', { headers: ['X-Own', '1'] }), options),
    hopHeaders(requestOf('http://h/', { continueUs: 1 }), options),
    hopHeaders(requestOf('http://h/', { cookies: { a: '1' } }), options),
    hopHeaders(requestOf('http://h/', { auth: false }), options),
    hopHeaders(requestOf('http://h/'), { ...options, target: at('http://u:p@h/') }),
    hopHeaders(requestOf('http://h/'), { ...options, jarCookies: 'a=1' }),
  ];
  for (const other of others) expect([first, DEFAULTS.whole]).not.toContain(other);
});

test('of the headers of an environment other hosts see those that hold no secret', () => {
  expect(unboundHeaders({ accept: 'a', 'x-api-key': 'k', note: 'hidden', host: 'h' }, isBound)).toEqual({ accept: 'a' });
});
