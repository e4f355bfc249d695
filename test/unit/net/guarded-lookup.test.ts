import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { AddressPolicy } from '../../../runtime/net/address-policy.ts';
import { Dial } from '../../../runtime/net/dial.ts';
import { DialWatch } from '../../../runtime/net/dial-watch.ts';
import { GuardedLookup, type Resolver } from '../../../runtime/net/guarded-lookup.ts';
import { type Target, targetOf } from '../../../runtime/net/target.ts';
import { TlsSession } from '../../../runtime/net/tls-session.ts';
import { httpServer } from './servers.ts';

const LOCAL = [{ address: '127.0.0.1', family: 4 }];
const NOWHERE = Object.assign(new Error('getaddrinfo EAI_AGAIN'), { code: 'EAI_AGAIN' });

function lookupWith(resolver: Resolver, port = 80): (name: string) => Promise<string> {
  const target = targetOf(`http://api.test:${port}`) as Target;
  const { lookup } = new GuardedLookup(new AddressPolicy(target, []), { resolver }).routeTo(target);
  return (name) =>
    new Promise((resolve, reject) => lookup(name, {}, (error, address) => (error === null ? resolve(address as string) : reject(error))));
}

test('a name that could not be resolved is asked for again by the next connection, and its answer is kept from then on', async () => {
  const asked: string[] = [];
  const resolve = lookupWith((name, _, done) => done(asked.push(name) === 1 ? NOWHERE : null, asked.length === 1 ? [] : LOCAL));
  await expect(resolve('api.test')).rejects.toThrow('EAI_AGAIN');
  expect([await resolve('api.test'), await resolve('api.test')]).toEqual(['127.0.0.1', '127.0.0.1']);
  expect(asked).toHaveLength(2);
});

test('those who asked while the resolver was at work all hear that it failed', async () => {
  const resolve = lookupWith((_, __, done) => setImmediate(() => done(NOWHERE, [])));
  const ends = await Promise.allSettled([resolve('api.test'), resolve('api.test'), resolve('api.test')]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});

test('addresses of one family take turns', async () => {
  const both = [...LOCAL, { address: '127.0.0.2', family: 4 }];
  const resolve = lookupWith((_, __, done) => done(null, both));
  expect([await resolve('api.test'), await resolve('api.test'), await resolve('api.test')]).toEqual([
    '127.0.0.1',
    '127.0.0.2',
    '127.0.0.1',
  ]);
});

test('what a slow resolver takes is neither queueing of this process nor connecting', async () => {
  const { port } = await httpServer((_, response) => response.end('ok'));
  const target = targetOf(`http://api.test:${port}`) as Target;
  const slow: Resolver = (_, __, done) => setTimeout(() => done(null, LOCAL), 300);
  const watch = new DialWatch();
  const lookup = new GuardedLookup(new AddressPolicy(target, []), { resolver: slow });
  const fromUs = monotonicUs();
  const dial = await new Promise<Dial>((resolve, reject) => {
    const one: Dial = new Dial(
      target,
      { routeTo: () => lookup.routeTo(target), watch, tlsFor: () => undefined as never, alpn: 'http/1.1' },
      { session: new TlsSession(), onDialled: () => resolve(one), onDialFailed: reject },
    );
  });
  const tookUs = monotonicUs() - fromUs;
  dial.raw.destroy();
  expect(tookUs).toBeGreaterThanOrEqual(299_000);
  expect(watch.take().connectQueueUsMax).toBeLessThan(tookUs - 250_000);
  expect(dial.connectingUs).toBeLessThan(tookUs - 250_000);
});
