import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { AddressFamily, HostPlan } from '../../../runtime/core/reach-plan.ts';
import type { Resolver } from '../../../runtime/net/guarded-lookup.ts';
import type { VuHttp } from '../../../runtime/net/vu-http.ts';
import { ask, vuFor } from './servers.ts';

const ONE = '127.0.0.1';
const TWO = '127.0.0.2';

/** A server that answers with the address it was asked at and the host it was asked for. */
async function placeAt(address: string, port = 0): Promise<number> {
  const server = createServer((request, response) => response.end(`${address} ${request.headers.host}`));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The same port on both addresses. */
async function twoPlaces(): Promise<number> {
  for (;;) {
    const port = await placeAt(ONE);
    const second = await placeAt(TWO, port).catch(() => undefined);
    if (second !== undefined) return port;
  }
}

const host = (name: string, ...addresses: string[]): HostPlan => ({
  name,
  isBelow: false,
  places: addresses.map((address) => ({ address })),
});

/** Where requests arrived, one after the other. */
async function placesOf(vu: VuHttp, url: string, count: number): Promise<(string | undefined)[]> {
  const places: (string | undefined)[] = [];
  for (let i = 0; i < count; i++) places.push((await ask(vu, url)).body?.toString().split(' ')[0]);
  return places;
}

test('a name of hosts goes to its address, at the port given there, and the server hears the name', async () => {
  const port = await placeAt(TWO);
  const base = 'http://model.test:81';
  const vu = vuFor(base, { hosts: [{ ...host('model.test'), places: [{ address: TWO, port }] }] });
  expect((await ask(vu, base)).body?.toString()).toBe(`${TWO} model.test:81`);
});

test('the closest name of hosts counts: with its port, as it is, and then the longest wildcard', async () => {
  const port = await twoPlaces();
  const hosts: HostPlan[] = [
    { ...host('test', ONE), isBelow: true },
    { ...host('b.test', TWO), isBelow: true },
    host('x.b.test', ONE),
    { ...host('x.b.test', TWO), port },
    { ...host('y.test', TWO), port: 1 },
  ];
  const base = `http://a.test:${port}`;
  const vu = vuFor(base, { hosts, allowHosts: ['*.test', '127.0.0.0/8'] });
  const names = ['a.test', 'A.TEST.', 'c.b.test', 'x.b.test', 'y.test'];
  const places = await Promise.all(names.map(async (name) => (await placesOf(vu, `http://${name}:${port}`, 1))[0]));
  expect(places).toEqual([ONE, ONE, TWO, TWO, ONE]);
});

test('new connections take turns over the addresses of a name of hosts; with select: first all go to the first', async () => {
  const port = await twoPlaces();
  const base = `http://model.test:${port}`;
  const settings = { hosts: [host('model.test', ONE, TWO)], keepAlive: { reuses: false } };
  expect(await placesOf(vuFor(base, settings), base, 5)).toEqual([ONE, TWO, ONE, TWO, ONE]);
  expect(await placesOf(vuFor(base, { ...settings, dns: { takesFirst: true } }), base, 3)).toEqual([ONE, ONE, ONE]);
});

test.each([
  [
    'a metadata address',
    'model.test',
    '169.254.169.254',
    [],
    /^model\.test resolves to 169\.254\.169\.254, a link-local or metadata address/,
  ],
  ['loopback, of a wildcard', 'x.wild.test', ONE, ['*.wild.test'], /^x\.wild\.test resolves to 127\.0\.0\.1/],
])('hosts opens no way to what is refused otherwise: %s', async (_, name, address, allowHosts, error) => {
  const port = await placeAt(ONE);
  const vu = vuFor(`http://model.test:${port}`, { hosts: [host(name, address)], allowHosts });
  const outcome = await ask(vu, `http://${name}:${port}`);
  expect(outcome).toMatchObject({ kind: 'blocked-address', errorCode: 1110 });
  expect(outcome.error).toMatch(error);
});

test('an address that allow_hosts names with a port may be reached at that port alone, whatever the port of the URL', async () => {
  const port = await placeAt(ONE);
  const open = async (allowed: number): Promise<string> => {
    const hosts = [{ ...host('x.wild.test'), places: [{ address: ONE, port }] }];
    const vu = vuFor('http://model.test:81', { hosts, allowHosts: ['*.wild.test', `${ONE}:${allowed}`] });
    return (await ask(vu, 'http://x.wild.test:81')).kind;
  };
  expect([await open(port), await open(81)]).toEqual(['response', 'blocked-address']);
});

/** A resolver whose answers are given one after the other; the last one stays. */
function resolverOf(...answers: readonly (readonly string[])[]): { resolver: Resolver; asked: () => number } {
  let asked = 0;
  const resolver: Resolver = (_, __, done) => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? [];
    setImmediate(() =>
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  };
  return { resolver, asked: () => asked };
}

test('a name is resolved again after its time to live, and a pod that is new gets every second connection from then on', async () => {
  const port = await twoPlaces();
  const base = `http://model.test:${port}`;
  const { resolver, asked } = resolverOf([ONE], [ONE], [ONE, TWO]);
  const vu = vuFor(base, { dns: { ttlUs: 0 }, keepAlive: { reuses: false } }, { resolver });
  const places = await placesOf(vu, base, 8);
  expect(places.slice(0, 2)).toEqual([ONE, ONE]);
  expect(places.slice(2).filter((place) => place === TWO)).toHaveLength(3);
  expect(asked()).toBe(8);
});

test('within its time to live a name is resolved once', async () => {
  const port = await twoPlaces();
  const base = `http://model.test:${port}`;
  const { resolver, asked } = resolverOf([ONE, TWO]);
  const vu = vuFor(base, { dns: { ttlUs: 86_400_000_000 }, keepAlive: { reuses: false } }, { resolver });
  expect(await placesOf(vu, base, 4)).toEqual([ONE, TWO, ONE, TWO]);
  expect(asked()).toBe(1);
});

test('connections that are kept stay where they are; with a greatest age they move to the new pod as well', async () => {
  const port = await twoPlaces();
  const base = `http://model.test:${port}`;
  const visit = async (ageUsMax?: number): Promise<(string | undefined)[]> => {
    const { resolver } = resolverOf([ONE], [TWO]);
    const keepAlive = { reuses: true, ...(ageUsMax === undefined ? {} : { ageUsMax }) };
    const vu = vuFor(base, { dns: { ttlUs: 0 }, keepAlive }, { resolver });
    const first = await placesOf(vu, base, 1);
    await new Promise((resolve) => setTimeout(resolve, 120));
    return [...first, ...(await placesOf(vu, base, 1))];
  };
  expect([await visit(), await visit(100_000)]).toEqual([
    [ONE, ONE],
    [ONE, TWO],
  ]);
});

test('workers take turns as well: each begins with another address, of `hosts` and of what a name resolves to', async () => {
  const base = `http://model.test:${await twoPlaces()}`;
  const hosts = [host('model.test', ONE, TWO)];
  const { resolver } = resolverOf([ONE, TWO]);
  const firstOf = async (turn: number, changes: object) => (await placesOf(vuFor(base, changes, { resolver, turn }), base, 1))[0];
  const visits = [0, 1, 2].flatMap((turn) => [firstOf(turn, {}), firstOf(turn, { hosts })]);
  expect(await Promise.all(visits)).toEqual([ONE, ONE, TWO, TWO, ONE, ONE]);
});

test('what a name resolves to is judged each time it is resolved: one that comes to lead to metadata is asked no more', async () => {
  const port = await placeAt(ONE);
  const base = `http://model.test:${port}`;
  const { resolver } = resolverOf([ONE], [ONE, '169.254.169.254'], [ONE]);
  const vu = vuFor(base, { dns: { ttlUs: 0 }, keepAlive: { reuses: false } }, { resolver });
  const outcomes = [await ask(vu, base), await ask(vu, base), await ask(vu, base)];
  expect(outcomes.map(({ kind }) => kind)).toEqual(['response', 'blocked-address', 'response']);
});

test('dns.family: only those of one family, or those first; a name that has none fails with what to change', async () => {
  const port = await placeAt(ONE);
  const base = `http://model.test:${port}`;
  // nobody is at this port of ::1, so that whoever is sent there fails
  const visit = (family: AddressFamily, ...addresses: string[]) =>
    ask(vuFor(base, { dns: { family, takesFirst: true } }, { resolver: resolverOf(addresses).resolver }), base);
  const kindOf = async (family: AddressFamily, ...addresses: string[]) => (await visit(family, ...addresses)).kind;
  expect(await kindOf('any', ONE, '::1')).toBe('response');
  expect(await kindOf('any', '::1', ONE)).toBe('connect-failed');
  expect(await kindOf('ipv4', '::1', ONE)).toBe('response');
  expect(await kindOf('ipv6', ONE, '::1')).toBe('connect-failed');
  expect(await kindOf('prefer_ipv4', '::1', ONE)).toBe('response');
  expect(await kindOf('prefer_ipv6', ONE, '::1')).toBe('connect-failed');
  expect(await visit('ipv6', ONE)).toMatchObject({
    kind: 'dns-failed',
    errorCode: 1101,
    error: `${base}: no such host (model.test has no address of IPv6, and dns.family of the environment asks for one)`,
  });
});
