import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveEnvironment } from '../../../runtime/config/environment.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { configOf, planOf, project, refusalOf } from './fixtures.ts';

const TWO = 'environments: { a: { base_url: "http://a" }, b: { base_url: "http://b" } }\n';
const nameOf = (yaml: string, flags: { environment?: string; baseUrl?: string } = {}): string =>
  resolveEnvironment({ flags, config: configOf(yaml), processEnv: {} }).name;

test('the environment named wins, then defaults, then the only one', () => {
  expect(nameOf(`${TWO}defaults: { environment: b }`, { environment: 'a' })).toBe('a');
  expect(nameOf(`${TWO}defaults: { environment: b }`)).toBe('b');
  expect(nameOf('environments: { only: { base_url: "http://h" } }')).toBe('only');
});

test('several environments and none named is a 104 with their names, none at all one with a hint', () => {
  expect(refusalOf(() => nameOf(TWO)).message).toBe('--env: expected an environment, one of a, b; got none');
  expect(refusalOf(() => nameOf('test_mix: { a: 1 }')).message).toBe(
    '--env: expected an environment; got none, and the configuration has none',
  );
  expect(refusalOf(() => nameOf(`${TWO}defaults: { environment: c }`)).where).toBe('defaults.environment');
  expect(nameOf(TWO, { baseUrl: 'http://c' })).toBe('base-url');
});

test('--base-url overrides the address and keeps the rest', () => {
  const config = configOf(
    'environments: { a: { base_url: "http://a/", headers: { x: y }, max_rps: 100 }, demo: { target: embedded, truth: shapes } }',
  );
  expect(resolveEnvironment({ flags: { environment: 'a', baseUrl: 'http://127.0.0.1:1/api/' }, config, processEnv: {} })).toMatchObject({
    name: 'a',
    baseUrl: 'http://127.0.0.1:1/api',
    headers: { x: 'y' },
    rpsMax: 100,
  });
  expect(resolveEnvironment({ flags: { environment: 'demo', baseUrl: 'http://h' }, config, processEnv: {} })).toMatchObject({
    target: 'remote',
    truth: 'shapes',
    baseUrl: 'http://h',
  });
});

test.each([
  [
    'headers: { authorization: "Bearer abc\\n" }',
    'headers.authorization',
    'expected a value of Latin-1 without line breaks and control characters; got "\\n" at place 10',
  ],
  [
    'headers: { x-file: 猫 }',
    'headers.x-file',
    'expected a value of Latin-1 without line breaks and control characters; got "猫" at place 0',
  ],
  ['headers: { x file: a }', 'headers["x file"]', 'expected a name of letters, digits and signs such as "-"'],
  [
    'headers: { Content-Length: "7" }',
    'headers.Content-Length',
    'expected no such header: stressrun says itself how a request is delimited',
  ],
  [
    'auth: { bearer: "secret\\r\\n" }',
    'auth.bearer',
    'expected a value of Latin-1 without line breaks and control characters; got "\\r" at place 6',
  ],
])('%s of an environment cannot be sent: a 104 before anything is, which shows no secret', (line, where, message) => {
  const error = refusalOf(() => configOf(`environments: { a: { base_url: "http://a", ${line} } }`));
  expect(error.where).toBe(`environments.a.${where}`);
  expect(error.message).toContain(message);
  expect(error.message).not.toMatch(/Bearer|secret/);
});

test('a header of the environment may ask for the connection to be closed, and hold Latin-1', () => {
  const yaml = 'environments: { a: { base_url: "http://a", headers: { Connection: close, x-name: "Jürgen" } } }';
  expect(resolveEnvironment({ flags: {}, config: configOf(yaml), processEnv: {} }).headers).toEqual({
    Connection: 'close',
    'x-name': 'Jürgen',
  });
});

test('defaults of an environment: 60 s, certificates verified, nothing else', () => {
  expect(resolveEnvironment({ flags: {}, config: configOf('environments: { a: { base_url: "http://a/" } }'), processEnv: {} })).toEqual({
    name: 'a',
    baseUrl: 'http://a',
    target: 'remote',
    isProduction: false,
    truth: '',
    headers: {},
    auth: undefined,
    tls: { isVerified: true },
    timeoutUs: 60_000_000,
    allowHosts: [],
    usersMax: undefined,
    rpsMax: undefined,
  });
});

test('PEM files are read from beside config.yaml; one that is missing or no PEM names its key path', () => {
  const { folder } = project('environments: { a: { base_url: "https://a", tls: { ca: ca.pem, verify: false, server_name: inner } } }');
  const config = loadConfig({ cwd: folder, processEnv: {} });
  const resolve = () => resolveEnvironment({ flags: {}, config, processEnv: {} }).tls;
  expect(refusalOf(resolve).message).toMatch(/^environments\.a\.tls\.ca: expected a readable PEM file; got .*ca\.pem: ENOENT$/);
  writeFileSync(join(folder, 'ca.pem'), 'hello');
  expect(refusalOf(resolve).message).toMatch(/^environments\.a\.tls\.ca: expected a PEM file/);
  const pem = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
  writeFileSync(join(folder, 'ca.pem'), pem);
  expect(resolve()).toEqual({ ca: pem, isVerified: false, serverName: 'inner' });
});

test('secrets are variables of the script, below -e, and are listed with the environment', () => {
  const plan = planOf({
    yaml: 'environments: { a: { base_url: "https://a", secrets: { KEY: one, OTHER: two } } }',
    flags: { variables: { OTHER: 'mine', PLAIN: 'p' } },
  });
  expect(plan.variables).toEqual({ KEY: 'one', OTHER: 'mine', PLAIN: 'p' });
  expect(plan.environment.secrets).toEqual([
    { name: 'KEY', value: 'one' },
    { name: 'OTHER', value: 'two' },
  ]);
});

test('http_client: our own unless the environment says undici; STRESSRUN_HTTP_CLIENT goes before it, and is one of both', () => {
  const clientOf = (settings: string, variable?: string) =>
    resolveEnvironment({
      flags: {},
      config: configOf(`environments: { a: { base_url: "http://a"${settings} } }`),
      processEnv: { STRESSRUN_HTTP_CLIENT: variable },
    }).httpClient;
  expect([clientOf(''), clientOf(', http_client: undici'), clientOf(', http_client: own')]).toEqual([undefined, 'undici', undefined]);
  expect([clientOf('', 'undici'), clientOf(', http_client: undici', 'own'), clientOf(', http_client: undici', '')]).toEqual([
    'undici',
    undefined,
    'undici',
  ]);
  expect(refusalOf(() => clientOf('', 'curl')).message).toBe('STRESSRUN_HTTP_CLIENT: expected one of own, undici; got "curl"');
});

test('max_body_bytes is how large a body may be; absent, net has its default', () => {
  const bytesOf = (settings: string): number | undefined =>
    planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }` }).environment.bodyBytesMax;
  expect([bytesOf(''), bytesOf(', max_body_bytes: 131072')]).toEqual([undefined, 131_072]);
});

test('max_header_bytes is how large the head of an answer may be; absent, net has its default', () => {
  const bytesOf = (settings: string) =>
    planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }` }).environment.headerBytesMax;
  expect([bytesOf(''), bytesOf(', max_header_bytes: 131072')]).toEqual([undefined, 131_072]);
});

test('discard is whether bodies of answers are kept; the options of the script go before it', () => {
  const rulesOf = (settings: string, options: object = {}) =>
    planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }`, script: { options } }).environment.requests;
  expect([rulesOf(''), rulesOf(', discard: true'), rulesOf(', discard: false')]).toEqual([
    {},
    { discardsBodies: true },
    { discardsBodies: false },
  ]);
  expect(rulesOf(', discard: true', { discardResponseBodies: false })).toEqual({ discardsBodies: false });
  expect(rulesOf(', discard: true', { maxRedirects: 1 })).toEqual({ discardsBodies: true, redirectsMax: 1 });
});

test('expect_continue is how long bodies wait for a 100: true for one second', () => {
  const waitOf = (settings: string) =>
    planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }` }).environment.requests?.continueUs;
  expect(['', ', expect_continue: false', ', expect_continue: true', ', expect_continue: 250ms'].map(waitOf)).toEqual([
    undefined,
    undefined,
    1_000_000,
    250_000,
  ]);
  expect(refusalOf(() => waitOf(', http_client: undici, expect_continue: true')).message).toMatch(
    /^environments\.a\.expect_continue: expected none with http_client: undici, which cannot wait/,
  );
});

test('keep_alive says which connections are kept; absent, net has its defaults', () => {
  const keptOf = (settings: string) => planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }` }).environment.keepAlive;
  expect(keptOf('')).toBeUndefined();
  expect(keptOf(', keep_alive: { max_idle: 4s, max_age: 30s }')).toEqual({ reuses: true, idleUsMax: 4_000_000, ageUsMax: 30_000_000 });
  expect(keptOf(', keep_alive: { reuse: false }')).toEqual({ reuses: false });
});

test('hosts are names with their addresses, dns is how names are resolved; absent, net has its defaults', () => {
  const environmentOf = (settings: string) => planOf({ yaml: `environments: { a: { base_url: "https://a"${settings} } }` }).environment;
  expect([environmentOf('').hosts, environmentOf('').dns]).toEqual([undefined, undefined]);
  const hosts = '{ A.example.com.: 10.0.0.5, "b:81": "10.0.0.6:8080", "*.c": [::1, "[fd00::1]:8443"] }';
  expect(environmentOf(`, hosts: ${hosts}`).hosts).toEqual([
    { name: 'a.example.com', isBelow: false, places: [{ address: '10.0.0.5' }] },
    { name: 'b', isBelow: false, port: 81, places: [{ address: '10.0.0.6', port: 8080 }] },
    { name: 'c', isBelow: true, places: [{ address: '::1' }, { address: 'fd00::1', port: 8443 }] },
  ]);
  expect(environmentOf(', dns: { ttl: 0s, select: first, family: prefer_ipv6 }').dns).toEqual({
    ttlUs: 0,
    takesFirst: true,
    family: 'prefer_ipv6',
  });
  expect(environmentOf(', dns: { ttl: 5s, select: round_robin }').dns).toEqual({ ttlUs: 5_000_000 });
});

test('unix_socket lies relative to config.yaml, links followed; --base-url is asked by itself', () => {
  const yaml = 'environments: { a: { base_url: "http://model/v1", unix_socket: link/model.sock } }';
  const { folder } = project(yaml);
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'model.sock'), '');
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  const config = loadConfig({ cwd: folder, processEnv: {} });
  const pathOf = (flags: { baseUrl?: string }) => resolveEnvironment({ flags, config, processEnv: {} }).socketPath;
  expect([pathOf({}), pathOf({ baseUrl: 'http://b' })]).toEqual([join(realpathSync(folder), 'real', 'model.sock'), undefined]);
  const long = `environments: { a: { base_url: "http://model", unix_socket: /${'x'.repeat(107)} } }`;
  expect(refusalOf(() => planOf({ yaml: long })).message).toMatch(
    /^environments\.a\.unix_socket: expected the path of a Unix socket, .* of at most 107 bytes; got \/x+, of 108 bytes$/,
  );
});

test('trace_headers sends traceparent; server_timing is a map of parts, or a list of headers whose parts are in their names', () => {
  const environmentOf = (settings: string) => planOf({ yaml: `environments: { a: { base_url: "https://a", ${settings} } }` }).environment;
  expect(environmentOf('trace_headers: true').sendsTrace).toBe(true);
  expect(environmentOf('trace_headers: false').sendsTrace).toBeUndefined();
  expect(environmentOf('server_timing: { queue: X-Queue-Ms, gpu: x-gpu }').serverTimingHeaders).toEqual({
    queue: 'x-queue-ms',
    gpu: 'x-gpu',
  });
  expect(environmentOf('server_timing: [x-queue-ms, X-Inference-Time, postprocess]').serverTimingHeaders).toEqual({
    queue: 'x-queue-ms',
    inference: 'x-inference-time',
    postprocess: 'postprocess',
  });
  for (const nothing of ['true', 'false', '{}', '[]'])
    expect(environmentOf(`server_timing: ${nothing}`).serverTimingHeaders).toBeUndefined();
});

test.each([
  ['server_timing: 5', /^environments\.a\.server_timing: expected a map of parts and headers such as \{ queue: x-queue-ms \}, .*; got 5$/],
  [
    'server_timing: { queue: "x queue" }',
    /^environments\.a\.server_timing\.queue: expected the name of a response header, .*; got "x queue"$/,
  ],
  ['server_timing: { "a b": x-queue }', /^environments\.a\.server_timing: expected a part of the work, .*; got "a b"$/],
  ['server_timing: [x-queue-ms, queue]', /^environments\.a\.server_timing\[1\]: expected headers of different parts; got "queue" twice/],
  ['http_client: mine', /^environments\.a\.http_client: expected one of own, undici; got "mine"$/],
  ['max_body_bytes: 1e9', /^environments\.a\.max_body_bytes: expected a whole number from 1024 to 536870912 \(bytes\); got 1000000000$/],
  ['max_header_bytes: 1', /^environments\.a\.max_header_bytes: expected a whole number from 1024 to 16777216 \(bytes\); got 1$/],
  ['keep_alive: { max_idle: 1ms }', /^environments\.a\.keep_alive\.max_idle: expected .*100ms to 1h.*; got "1ms"$/],
  ['keep_alive: { reuse: never }', /^environments\.a\.keep_alive\.reuse: expected true or false; got "never"$/],
  ['unix_socket: /a, proxy: "http://p"', /^environments\.a\.unix_socket: expected no socket beside target: embedded or a proxy; got one$/],
  ['http_version: 2, tls: { alpn: false }', /^environments\.a\.tls\.alpn: expected true beside http_version: 2, .*; got false$/],
  ['hosts: { a: b }', /^environments\.a\.hosts\.a: expected an address such as "10\.0\.0\.5", .*; got "b"$/],
  ['hosts: { a: "10.0.0.5:0" }', /^environments\.a\.hosts\.a: expected an address such as .*; got "10\.0\.0\.5:0"$/],
  ['hosts: { a: [] }', /^environments\.a\.hosts\.a: expected an address such as .*; got/],
  ['hosts: { 10.0.0.1: 10.0.0.5 }', /^environments\.a\.hosts: expected a host name such as .*; got "10\.0\.0\.1"$/],
  ['hosts: { "http://a": 10.0.0.5 }', /^environments\.a\.hosts: expected a host name such as .*; got "http:\/\/a"$/],
  ['dns: { ttl: 2d }', /^environments\.a\.dns\.ttl: expected 0s to 24h, .*; got "2d"$/],
  ['dns: { family: v4 }', /^environments\.a\.dns\.family: expected one of any, ipv4, ipv6, prefer_ipv4, prefer_ipv6; got "v4"$/],
  ['dns: { select: random }', /^environments\.a\.dns\.select: expected one of round_robin, first; got "random"$/],
  ['compression: lzma', /^environments\.a\.compression: expected one of none, gzip, deflate, br, zstd; got "lzma"$/],
  ['expect_continue: 5', /^environments\.a\.expect_continue: expected true, false or 1ms to 1h.*; got 5$/],
  ['trace_headers: please', /^environments\.a\.trace_headers: expected true or false; got "please"$/],
])('%s is a 104', (settings, message) => {
  expect(refusalOf(() => configOf(`environments: { a: { base_url: "https://a", ${settings} } }`)).message).toMatch(message);
});
