import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { AddressPolicy } from '../../../runtime/net/address-policy.ts';
import { FailureError } from '../../../runtime/net/error-codes.ts';
import { GuardedLookup } from '../../../runtime/net/guarded-lookup.ts';
import { type Target, targetOf } from '../../../runtime/net/target.ts';
import { ask, httpServer, vuFor } from './servers.ts';

const target = (url: string): Target => targetOf(url) as Target;
const policy = (base: string, ...allowHosts: string[]): AddressPolicy => new AddressPolicy(target(base), allowHosts);
const isAllowed = (rules: AddressPolicy, url: string): boolean => rules.refusalOf(target(url)) === undefined;

const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '127.0.0.1.',
  '2130706433',
  '0x7f000001',
  '0x7f.1',
  '0177.0.0.1',
  '017700000001',
  '%31%32%37.0.0.1',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:ffff:7f00:1]',
];

test.each(SPELLINGS)('127.0.0.1 spelt %s is refused with 1110 when it is not the environment, and allowed when it is', (spelling) => {
  expect(policy('http://api.example.com').refusalOf(target(`http://${spelling}:8000/`))).toMatchObject({
    kind: 'blocked-address',
    errorCode: 1110,
  });
  expect(isAllowed(policy('http://127.0.0.1:8000'), `http://${spelling}:8000/`)).toBe(true);
});

test("the environment's own host is allowed at its own port and no other", () => {
  const rules = policy('http://api.example.com:8000');
  expect(isAllowed(rules, 'http://api.example.com:8000/a')).toBe(true);
  expect(isAllowed(rules, 'http://API.example.com.:8000/a')).toBe(true);
  expect(isAllowed(rules, 'http://api.example.com:9000/a')).toBe(false);
  expect(isAllowed(rules, 'http://other.example.com:8000/a')).toBe(false);
});

test('without a port in the base URL both 80 and 443 are allowed, so that http may redirect to https', () => {
  const rules = policy('http://api.example.com');
  expect(isAllowed(rules, 'https://api.example.com/')).toBe(true);
  expect(isAllowed(rules, 'https://api.example.com:8443/')).toBe(false);
});

test('allow_hosts takes names, names with ports, wildcards, addresses and CIDRs', () => {
  const rules = policy(
    'http://base',
    'a.example.com',
    'b.example.com:8443',
    '*.cdn.example.com',
    '10.1.0.0/16',
    '192.168.0.7:8000',
    '[fd00::1]:81',
    'fd00::2',
  );
  const allowed = [
    'http://a.example.com:1/',
    'https://b.example.com:8443/',
    'http://x.y.cdn.example.com/',
    'http://10.1.255.1:9/',
    'http://192.168.0.7:8000/',
    'http://[fd00::1]:81/',
    'http://[fd00:0::2]/',
  ];
  const refused = [
    'https://b.example.com/',
    'http://cdn.example.com/',
    'http://evilcdn.example.com/',
    'http://10.2.0.1/',
    'http://192.168.0.7/',
    'http://[fd00::1]/',
    'http://[fd00::3]/',
  ];
  expect(allowed.filter((url) => !isAllowed(rules, url))).toEqual([]);
  expect(refused.filter((url) => isAllowed(rules, url))).toEqual([]);
});

const FORBIDDEN = [
  '169.254.169.254',
  '169.254.0.1',
  '[fe80::1]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
];

test.each(FORBIDDEN)('%s is refused even inside an allowed CIDR, unless it is written out itself', (host) => {
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  expect(policy('http://base', '0.0.0.0/0', '::/0').refusalOf(target(`http://${host}/`))).toMatchObject({ errorCode: 1110 });
  expect(isAllowed(policy('http://base', plain), `http://${host}/`)).toBe(true);
});

test('a base URL that is itself a metadata address is refused: only allow_hosts permits it', () => {
  expect(isAllowed(policy('http://169.254.169.254'), 'http://169.254.169.254/')).toBe(false);
  expect(isAllowed(policy('http://169.254.169.254', '169.254.169.254'), 'http://169.254.169.254/')).toBe(true);
});

test('an allowed name that resolves to a metadata address is refused, to a private one is not', () => {
  const rules = policy('http://api.example.com');
  expect(rules.refusalOfResolved({ name: 'api.example.com', port: 80 }, { address: '169.254.169.254', port: 80 })?.error).toMatch(
    /^api\.example\.com resolves to 169\.254\.169\.254, a link-local or metadata address/,
  );
  expect(rules.refusalOfResolved({ name: 'api.example.com', port: 80 }, { address: 'fe80::1%eth0', port: 80 })?.errorCode).toBe(1110);
  expect(rules.refusalOfResolved({ name: 'api.example.com', port: 80 }, { address: '10.0.0.1', port: 80 })).toBeUndefined();
});

const INTERNAL = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.9.9',
  '192.168.1.1',
  '100.64.0.1',
  '0.0.0.0',
  '::1',
  'fd12::1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '2002:a00:1::',
];

test.each(INTERNAL)('%s is not asked because a name under a wildcard resolves to it, but when it is allowed as well', (address) => {
  const wild = policy('http://api.example.com', '*.example.com');
  expect(wild.refusalOfResolved({ name: 'box.example.com', port: 80 }, { address: address, port: 80 })).toMatchObject({
    kind: 'blocked-address',
    errorCode: 1110,
    error: expect.stringMatching(/^box\.example\.com resolves to \S+ port 80 does not belong .+; to permit it add "\S+" to allow_hosts/),
  });
  expect(
    policy('http://api.example.com', '*.example.com', address).refusalOfResolved(
      { name: 'box.example.com', port: 80 },
      { address: address, port: 80 },
    ),
  ).toBeUndefined();
  expect(
    policy('http://api.example.com', '*.example.com', 'box.example.com').refusalOfResolved(
      { name: 'Box.example.com.', port: 80 },
      { address: address, port: 80 },
    ),
  ).toBeUndefined();
  expect(wild.refusalOfResolved({ name: 'api.example.com', port: 80 }, { address: address, port: 80 })).toBeUndefined();
});

test('a name under a wildcard may resolve to any public address; of a private one a CIDR is enough', () => {
  expect(
    policy('http://a.test', '*.example.com').refusalOfResolved({ name: 'x.example.com', port: 443 }, { address: '203.0.113.7', port: 443 }),
  ).toBeUndefined();
  expect(
    policy('http://a.test', '*.example.com', '10.1.0.0/16').refusalOfResolved(
      { name: 'x.example.com', port: 443 },
      { address: '10.1.2.3', port: 443 },
    ),
  ).toBeUndefined();
  expect(
    policy('http://a.test', '*.example.com', '10.1.0.0/16').refusalOfResolved(
      { name: 'x.example.com', port: 443 },
      { address: '10.2.2.3', port: 443 },
    )?.errorCode,
  ).toBe(1110);
});

const CLOUDS = [
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:c1::a9fe:a9fe',
  '100.100.100.200',
  'fd00:42::42',
];

test.each([...CLOUDS, '::ffff:168.63.129.16', '64:ff9b::c000:c0', 'fd00:c1:0:0:0:0:a9fe:a9fe'])(
  "%s, which a cloud's machines are told their secrets by, is asked only when it is written out",
  (address) => {
    expect(
      policy('http://a.test', 'name.test', '0.0.0.0/0', '::/0').refusalOfResolved(
        { name: 'name.test', port: 80 },
        { address: address, port: 80 },
      )?.error,
    ).toMatch(/link-local or metadata address/);
    expect(
      policy('http://a.test', 'name.test', address.replace('::ffff:', '')).refusalOfResolved(
        { name: 'name.test', port: 80 },
        { address: address, port: 80 },
      ),
    ).toBeUndefined();
  },
);

test('the lookup of a connection hands out no refused address, with all: true or without', async () => {
  const lookup = new GuardedLookup(policy('http://127.0.0.2')).routeTo({ hostname: '127.0.0.2', port: 80 }).lookup;
  const look = (name: string, all: boolean): Promise<unknown> =>
    new Promise((resolve) => {
      lookup(name, { all }, (error, address) => resolve(error ?? address));
    });
  expect(await look('169.254.169.254', true)).toBeInstanceOf(FailureError);
  expect(await look('169.254.169.254', false)).toBeInstanceOf(FailureError);
  expect(await look('127.0.0.2', true)).toEqual([{ address: '127.0.0.2', family: 4 }]);
  expect(await look('127.0.0.2', false)).toBe('127.0.0.2');
});

test('a name that resolves to 169.254.169.254, alone or among others, hands out no address at all, though it is listed', async () => {
  const answers: Record<string, { address: string; family: number }[]> = {
    'meta.example.com': [{ address: '169.254.169.254', family: 4 }],
    'mixed.example.com': [
      { address: '10.0.0.1', family: 4 },
      { address: '::ffff:169.254.169.254', family: 6 },
    ],
    'fine.example.com': [{ address: '10.0.0.1', family: 4 }],
  };
  const rules = policy('http://meta.example.com', 'mixed.example.com', 'fine.example.com', '169.254.0.0/16');
  const guarded = new GuardedLookup(rules, { resolver: (name, _, done) => done(null, answers[name] ?? []) });
  const { lookup } = guarded.routeTo({ hostname: 'meta.example.com', port: 80 });
  const look = (name: string): Promise<unknown> =>
    new Promise((resolve) => {
      lookup(name, { all: true }, (error, addresses) => resolve(error === null ? addresses : (error as FailureError).failure));
    });
  expect(await look('meta.example.com')).toMatchObject({ kind: 'blocked-address', errorCode: 1110 });
  expect(await look('meta.example.com')).toMatchObject({ error: expect.stringContaining('meta.example.com resolves to 169.254.169.254') });
  expect(await look('mixed.example.com')).toMatchObject({ kind: 'blocked-address', errorCode: 1110 });
  expect(await look('fine.example.com')).toEqual([{ address: '10.0.0.1', family: 4 }]);
});

test.each(['', 'http://a.example.com', 'a b', '10.0.0.0/99', '*.10.0.0.1', 'a.example.com:port', 'a/b', '*'])(
  'allow_hosts entry "%s" is a ConfigError that names it',
  (entry) => {
    expect(() => policy('http://base', 'fine.example.com', entry)).toThrow(ConfigError);
    expect(() => policy('http://base', 'fine.example.com', entry)).toThrow(`allow_hosts[1]: expected a host such as`);
  },
);

test('a refused request dials nothing and says what to add to allow_hosts', async () => {
  let connections = 0;
  const { server, port } = await httpServer((_, response) => response.end());
  server.on('connection', () => connections++);
  const outcome = await ask(vuFor('http://api.example.com'), `http://0x7f.1:${port}/a`);
  expect(outcome).toMatchObject({ kind: 'blocked-address', errorCode: 1110, status: 0 });
  expect(outcome.error).toContain(`add "127.0.0.1:${port}" to allow_hosts`);
  expect(outcome.hops).toHaveLength(1);
  expect(connections).toBe(0);
});

test('a refused name has code 1111, a URL with another scheme 1020', async () => {
  const vu = vuFor('http://api.example.com');
  expect(await ask(vu, 'http://other.example.com/')).toMatchObject({ kind: 'blocked-address', errorCode: 1111 });
  expect(await ask(vu, 'ftp://api.example.com/')).toMatchObject({
    kind: 'bad-url',
    errorCode: 1020,
    error: 'expected an absolute http or https URL; got "ftp://api.example.com/"',
  });
  expect(await ask(vu, '/path')).toMatchObject({ kind: 'bad-url', errorCode: 1020 });
});
