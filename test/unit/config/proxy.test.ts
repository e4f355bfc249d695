import { expect, test } from 'vitest';
import type { ProxyPlan } from '../../../runtime/core/reach-plan.ts';
import { configOf, type Env, planOf, refusalOf } from './fixtures.ts';

const yamlOf = (setting: string, baseUrl = 'https://api.example.com'): string =>
  `environments: { a: { base_url: "${baseUrl}"${setting === '' ? '' : `, proxy: ${setting}`} } }`;
const proxyOf = (setting: string, processEnv: Env = {}): ProxyPlan | undefined =>
  planOf({ yaml: yamlOf(setting), processEnv }).environment.proxy;
const LOOPBACK = ['localhost', '127.0.0.0/8', '::1'];

test('proxy is the URL of one for http and https, or that with a user and hosts that are asked without it', () => {
  const server = { url: 'http://proxy.test:3128' };
  expect(proxyOf('http://proxy.test:3128')).toEqual({ http: server, https: server, bypass: [] });
  expect(proxyOf('http://proxy.test')?.https?.url).toBe('http://proxy.test:80');
  const auth = { kind: 'basic', user: 'ann', password: 'p@ss' };
  expect(proxyOf('"http://ann:p%40ss@proxy.test:3128/"')?.http).toEqual({ ...server, auth });
  expect(proxyOf('{ url: "http://proxy.test:3128", user: ann, password: p@ss, no_proxy: [a.test, 10.0.0.0/8] }')).toEqual({
    http: { ...server, auth },
    https: { ...server, auth },
    bypass: ['a.test', '10.0.0.0/8'],
  });
});

test('proxy: env takes the variables, in capitals or small letters, and is not meant for this machine; without it they are not used', () => {
  const variables = { HTTP_PROXY: 'one.test:1', https_proxy: 'http://ann:pw@two.test:2', NO_PROXY: 'a.test, .b.test nonsense/' };
  expect(proxyOf('env', variables)).toEqual({
    http: { url: 'http://one.test:1' },
    https: { url: 'http://two.test:2', auth: { kind: 'basic', user: 'ann', password: 'pw' } },
    bypass: ['a.test', '.b.test', ...LOOPBACK],
  });
  expect(proxyOf('env', { HTTPS_PROXY: 'http://two.test:2' })).toEqual({ https: { url: 'http://two.test:2' }, bypass: LOOPBACK });
  expect([proxyOf('env', {}), proxyOf('env', { HTTP_PROXY: ' ' })]).toEqual([undefined, undefined]);
  expect([proxyOf('', variables), proxyOf('false', variables)]).toEqual([undefined, undefined]);
});

test('one note says that a variable names a proxy which is not used: not where proxy says what is meant, nor where it would not apply', () => {
  const noteOf = (setting: string, baseUrl: string, processEnv: Env): string[] =>
    planOf({ yaml: yamlOf(setting, baseUrl), processEnv }).notes.filter((note) => note.includes('proxy'));
  const both = { HTTP_PROXY: 'http://me:secret@p.test:1', https_proxy: 'http://p.test:1', NO_PROXY: 'inner.test' };
  expect(noteOf('', 'http://a.test', both)).toEqual([
    'HTTP_PROXY is set and not used: requests go straight to the target. "proxy: env" of the environment sends them through that proxy, "proxy: false" says that none is meant',
  ]);
  expect(noteOf('', 'https://a.test', both)[0]).toMatch(/^https_proxy is set and not used/);
  expect([
    noteOf('', 'http://a.test', { https_proxy: 'http://p.test' }),
    noteOf('', 'http://x.inner.test', both),
    noteOf('', 'http://127.0.0.1:8000', both),
    noteOf('', 'http://[::1]:8000', both),
    noteOf('false', 'http://a.test', both),
    noteOf('env', 'http://a.test', both),
  ]).toEqual(Array(6).fill([]));
});

const SHAPE = 'expected the URL of an http proxy such as "http://proxy.example.com:3128"';

test.each([
  ['https://proxy.test', `environments.a.proxy: ${SHAPE}, env, false, or { url, user, password, no_proxy }; got a string (not shown)`],
  ['true', `environments.a.proxy: ${SHAPE}, env, false, or { url, user, password, no_proxy }; got a boolean (not shown)`],
  ['"http://me:secret@proxy.test/path"', 'got a string (not shown)'],
  ['{ url: "socks5://proxy.test" }', `environments.a.proxy.url: ${SHAPE}; got a string (not shown)`],
  ['{ url: "http://p", password: secret }', 'environments.a.proxy.user: expected a user beside the password; got none'],
  ['{ url: "http://p", no_proxy: ["http://a"] }', 'environments.a.proxy.no_proxy[0]: expected a host name, .name, an address or a network'],
  ['{ url: "http://p", no_proxies: [] }', 'did you mean "no_proxy"'],
])('proxy: %s is a 104 that shows no password', (setting, message) => {
  const refusal = refusalOf(() => configOf(yamlOf(setting)));
  expect(refusal.message).toContain(message);
  expect(refusal.message).not.toContain('secret');
});

test('a variable that names no proxy is a 104 when it is to be used, a proxy before the embedded target is one too', () => {
  expect(refusalOf(() => proxyOf('env', { HTTPS_PROXY: 'socks5://me:secret@p.test' })).message).toBe(
    `HTTPS_PROXY: ${SHAPE}; got another text (not shown)`,
  );
  expect(refusalOf(() => configOf('environments: { a: { target: embedded, proxy: "http://p" } }')).message).toMatch(
    /^environments\.a\.proxy: expected no proxy beside target: embedded/,
  );
});
