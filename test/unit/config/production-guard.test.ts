import { describe, expect, test } from 'vitest';
import type { GuardedEnvironment } from '../../../runtime/config/production-guard.ts';
import {
  allowHostsGuard,
  guardedEnvironments,
  hostsToResolve,
  isPublicAddress,
  productionGuard,
} from '../../../runtime/config/production-guard.ts';
import { configOf } from './fixtures.ts';

const environment = (name: string, baseUrl: string, more: Partial<GuardedEnvironment> = {}): GuardedEnvironment => ({
  name,
  baseUrl,
  isProduction: false,
  allowHosts: [],
  ...more,
});
const ENVIRONMENTS = [
  environment('local', 'http://localhost:8000'),
  environment('staging', 'https://staging.example.com'),
  environment('prod', 'https://inference.example.com', {
    isProduction: true,
    allowHosts: ['cdn.example.com:443', '*.prod.example.com', '198.51.100.0/24'],
  }),
];
const ADDRESSES = new Map([
  ['localhost', ['127.0.0.1', '::1']],
  ['staging.example.com', ['203.0.113.5']],
  ['inference.example.com', ['203.0.113.9', '2001:db8::9']],
  ['alias.example.net', ['203.0.113.9']],
  ['alias6.example.net', ['2001:0db8:0:0::0009']],
  ['inside.corp', ['10.1.2.3']],
  ['stranger.example.net', ['203.0.113.77']],
  ['cdn.example.com', ['203.0.113.80']],
  ['eu.prod.example.com', ['203.0.113.81']],
]);
const guard = (url: string, ...allowProduction: string[]) =>
  productionGuard({ environments: ENVIRONMENTS, url, addresses: ADDRESSES, allowProduction });

describe('needs no word', () => {
  test.each([
    'http://localhost:9',
    'http://127.0.0.1:9',
    'http://[::1]:9/x',
    'http://192.168.1.4',
    'http://inside.corp',
    'https://staging.example.com',
    'https://STAGING.example.com.',
  ])('%s', (url) => {
    expect(guard(url)).toBeUndefined();
  });
});

describe('needs --allow-production', () => {
  test.each([
    ['https://inference.example.com/predict', 'prod'],
    ['https://INFERENCE.example.com', 'prod'],
    ['https://alias.example.net', 'prod'],
    ['https://alias6.example.net', 'prod'],
    ['https://203.0.113.9', 'prod'],
    ['https://[::ffff:203.0.113.9]', 'prod'],
    ['https://cdn.example.com', 'prod'],
    ['https://eu.prod.example.com', 'prod'],
    ['https://198.51.100.7', 'prod'],
    ['https://stranger.example.net', 'stranger.example.net'],
    ['http://8.8.8.8:80', '8.8.8.8'],
    ['http://[2606:4700::1]', '2606:4700::1'],
  ])('%s as %s', (url, name) => {
    expect(guard(url)?.message).toContain(`--allow-production: expected "${name}", because `);
    expect(guard(url, 'local', 'staging')?.exitCode).toBe(104);
    expect(guard(url, name)).toBeUndefined();
  });
});

test('an alias says why it is production', () => {
  expect(guard('https://alias.example.net')?.message).toBe(
    '--allow-production: expected "prod", because alias.example.net (203.0.113.9, an address of it) belongs to the production environment prod; got nothing',
  );
});

test('a host that only ends or begins like a wildcard of a production environment is a stranger', () => {
  for (const host of ['evil-prod.example.com', 'prod.example.com', 'eu.prod.example.com.attacker.example']) {
    const addresses = new Map([...ADDRESSES, [host, ['203.0.113.77']]]);
    const refusal = productionGuard({ environments: ENVIRONMENTS, url: `https://${host}`, addresses, allowProduction: ['prod'] });
    expect(refusal?.message).toContain(`--allow-production: expected "${host}", because `);
  }
});

test('the host of a production environment is not allowed by its own name, only by that of the environment', () => {
  expect(guard('https://inference.example.com', 'inference.example.com')?.message).toContain('got "inference.example.com"');
});

test('a host that does not resolve and that nobody names is refused, because it cannot be judged', () => {
  expect(guard('http://locahost:8000')?.message).toBe('--base-url: expected a host that resolves; got locahost, which has no address here');
  expect(guard('http://locahost:8000', 'locahost')).toBeUndefined();
});

test('the hosts to resolve are the target and all plain names of the environments', () => {
  expect(hostsToResolve(ENVIRONMENTS, 'http://127.0.0.1')).toEqual([
    'localhost',
    'staging.example.com',
    'inference.example.com',
    'cdn.example.com',
  ]);
});

test('environments are read without being selected; one whose address needs an unset variable is left out', () => {
  const yaml =
    'environments:\n  a: { base_url: "http://a", auth: { bearer: "$' +
    '{TOKEN}" } }\n  b: { base_url: "$' +
    '{B_URL}", production: true, allow_hosts: [c] }\n  demo: { target: embedded }\n';
  expect(guardedEnvironments(configOf(yaml), {}).map(({ name }) => name)).toEqual(['a']);
  expect(guardedEnvironments(configOf(yaml), { B_URL: 'https://b' })[1]).toEqual({
    name: 'b',
    baseUrl: 'https://b',
    isProduction: true,
    allowHosts: ['c'],
  });
});

test.each([
  ['true', true],
  ['false', false],
  ['', false],
])('an environment that a variable of "%s" marks as production is one: %s', (value, isProduction) => {
  const yaml = 'environments:\n  a: { base_url: "http://a", production: "$' + '{IS_PRODUCTION}" }\n';
  expect(guardedEnvironments(configOf(yaml), { IS_PRODUCTION: value })[0]?.isProduction).toBe(isProduction);
});

test.each([
  ['127.8.9.1', false],
  ['10.255.0.1', false],
  ['172.15.255.255', true],
  ['172.16.0.1', false],
  ['172.17.0.2', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['192.169.0.1', true],
  ['169.254.1.1', false],
  ['0.0.0.0', false],
  ['100.64.0.1', true],
  ['::1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['2606:4700::1', true],
  ['::ffff:10.0.0.1', false],
  ['::ffff:8.8.8.8', true],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected);
});

describe('allow_hosts of another environment', () => {
  const open = (allowHost: string, ...allowProduction: string[]) =>
    allowHostsGuard({ environments: ENVIRONMENTS, addresses: ADDRESSES, allowProduction, allowHosts: ['localhost', allowHost] });

  test.each([
    'inference.example.com',
    'INFERENCE.example.com.:443',
    '*.example.com',
    '203.0.113.9',
    '[2001:db8::9]:443',
    '203.0.113.0/24',
    '0.0.0.0/0',
    'alias.example.net',
    'eu.prod.example.com',
  ])('"%s" leads to production and needs --allow-production prod', (allowHost) => {
    expect(open(allowHost)?.message).toMatch(
      /expected "prod", because ".*" in allow_hosts leads to the production environment prod; got nothing/,
    );
    expect(open(allowHost, 'prod')).toBeUndefined();
  });

  test.each(['inside.corp', '10.0.0.0/8', '*.example.net', 'stranger.example.net:8443'])(
    '"%s" leads to no production host',
    (allowHost) => {
      expect(open(allowHost)).toBeUndefined();
    },
  );
});

test('hosts of another environment that name an address of production, and those of production itself', () => {
  const open = (hostAddresses: string[], ...allowProduction: string[]) =>
    allowHostsGuard({ environments: ENVIRONMENTS, addresses: ADDRESSES, allowProduction, allowHosts: [], hostAddresses });
  expect(open(['10.0.0.1', '203.0.113.9'])?.message).toBe(
    '--allow-production: expected "prod", because "203.0.113.9" in hosts leads to the production environment prod; got nothing',
  );
  expect([open(['10.0.0.1']), open(['203.0.113.9'], 'prod')]).toEqual([undefined, undefined]);
  const yaml = 'environments: { prod: { base_url: "http://p.test", production: true, hosts: { p.test: ["10.0.0.9", "10.0.0.8:81"] } } }';
  const environments = guardedEnvironments(configOf(yaml), {});
  expect(environments[0]?.hostAddresses).toEqual(['10.0.0.9', '10.0.0.8']);
  const refusal = productionGuard({ environments, url: 'http://10.0.0.8:1', addresses: new Map(), allowProduction: [] });
  expect(refusal?.message).toMatch(/expected "prod", because 10\.0\.0\.8 belongs to the production environment prod/);
});

test('a socket is production when it is that of a production environment; its URL names no host then', () => {
  const yaml = `environments:
  prod: { base_url: "http://localhost", production: true, unix_socket: /nowhere/prod.sock }
  twin: { base_url: "http://model", unix_socket: /nowhere/../nowhere/prod.sock }
  local: { base_url: "http://localhost:8000" }`;
  const environments = guardedEnvironments(configOf(yaml), {});
  const addresses = new Map([['localhost', ['127.0.0.1']]]);
  const refusalOfPlace = (url: string, socketPath: string | undefined, ...allowProduction: string[]) =>
    productionGuard({ environments, url, socketPath, addresses, allowProduction })?.message;
  expect(refusalOfPlace('http://model', '/nowhere/prod.sock')).toMatch(
    /expected "prod", because unix:\/nowhere\/prod\.sock belongs to the production/,
  );
  expect(refusalOfPlace('http://model', '/nowhere/prod.sock', 'prod')).toBeUndefined();
  expect(refusalOfPlace('http://model', '/nowhere/other.sock')).toBeUndefined();
  expect(refusalOfPlace('http://localhost:8000', undefined)).toBeUndefined();
});
