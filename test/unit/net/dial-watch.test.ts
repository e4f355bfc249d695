import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { DialWatch } from '../../../runtime/net/dial-watch.ts';
import { NetShared } from '../../../runtime/net/net-shared.ts';
import { VuHttp } from '../../../runtime/net/vu-http.ts';
import { ask, deadPort, environmentOf, httpServer, requestOf } from './servers.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('of connections that are ready in one turn the third waited for the two before it; the next turn begins anew', async () => {
  const watch = new DialWatch();
  watch.ready(100, 1000);
  watch.ready(0, 3000);
  watch.ready(500, 8000);
  expect(watch.take()).toEqual({ connectQueueUsMax: 7500, ownSocketErrors: 0 });
  await turn();
  watch.ready(50, 20_000);
  expect(watch.take().connectQueueUsMax).toBe(50);
  expect(watch.take().connectQueueUsMax).toBe(0);
});

test('EMFILE and EADDRNOTAVAIL are own errors, at the last address of several too; a refused connection is none', () => {
  const watch = new DialWatch();
  const error = (code: string): Error => Object.assign(new Error(code), { code });
  for (const code of ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'ECONNREFUSED', 'ETIMEDOUT']) watch.failed(error(code));
  watch.failed(new AggregateError([error('ENETUNREACH'), error('EMFILE')]));
  watch.failed(new AggregateError([error('EMFILE'), error('ECONNREFUSED')]));
  expect(watch.take().ownSocketErrors).toBe(6);
});

test('a dial that waits 50 ms for this process counts them as queueing, and not as connecting', async () => {
  const { base } = await httpServer((_, response) => response.end('ok'));
  const shared = new NetShared(environmentOf(base), { version: '0' });
  const vu = new VuHttp(shared);
  const outcome = await new Promise<Awaited<ReturnType<typeof ask>>>((resolve) => {
    vu.request(requestOf(base), resolve);
    for (const fromUs = monotonicUs(); monotonicUs() - fromUs < 50_000; );
  });
  vu.close();
  const { connectQueueUsMax } = shared.watch.take();
  expect(connectQueueUsMax).toBeGreaterThanOrEqual(45_000);
  const [hop] = outcome.hops;
  expect(hop?.blockedUs).toBeGreaterThanOrEqual(45_000);
  expect(hop?.connectingUs).toBeLessThan((hop?.blockedUs ?? 0) - 40_000);
});

test('a refused connection of a real dial is no own error', async () => {
  const base = `http://127.0.0.1:${await deadPort()}`;
  const shared = new NetShared(environmentOf(base), { version: '0' });
  const vu = new VuHttp(shared);
  expect((await ask(vu, base)).kind).toBe('connect-failed');
  vu.close();
  expect(shared.watch.take().ownSocketErrors).toBe(0);
});

test('Node tells when an attempt to connect begins, which the queueing rests on', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const socket = connect({ host: '127.0.0.1', port: (server.address() as { port: number }).port });
  const events: string[] = [];
  socket.once('connectionAttempt', () => events.push('attempt'));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve(void events.push('connect'))));
  socket.destroy();
  server.close();
  expect(events).toEqual(['attempt', 'connect']);
});
