import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { KeepAlivePlan } from '../../../runtime/core/reach-plan.ts';
import { KeptConnection } from '../../../runtime/net/kept-connection.ts';
import { ask, httpServer, IDLE_WORDS, rawServer, requestOf, vuFor } from './servers.ts';

/** How many connections `requests` requests take one after the other, `pauseMs` apart; and what each said of its connection. */
async function connectionsOf(keepAlive: KeepAlivePlan, requests: number, pauseMs = 0): Promise<{ connections: number; wishes: unknown[] }> {
  const wishes: unknown[] = [];
  let connections = 0;
  const { base, server } = await httpServer((request, response) => {
    wishes.push(request.headers.connection);
    response.end('ok');
  });
  server.on('connection', () => connections++);
  const vu = vuFor(base, { keepAlive });
  for (let i = 0; i < requests; i++) {
    if (i > 0) await pause(pauseMs);
    expect(await ask(vu, base)).toMatchObject({ status: 200 });
  }
  return { connections, wishes };
}

test('reuses: false: 4 requests take 4 connections, and each asks for its own to be closed', async () => {
  expect(await connectionsOf({ reuses: false }, 4)).toEqual({ connections: 4, wishes: ['close', 'close', 'close', 'close'] });
});

test('4 requests in a row take one connection, whatever it may be idle or old', async () => {
  const { connections } = await connectionsOf({ reuses: true, idleUsMax: 3_600_000_000, ageUsMax: 3_600_000_000 }, 4);
  expect(connections).toBe(1);
});

test('a connection that was idle for longer than it may be is given up for another one, before anything is sent on it', async () => {
  expect((await connectionsOf({ reuses: true, idleUsMax: 20_000 }, 3, 60)).connections).toBe(3);
});

test('a connection older than it may be is given no other request, though it was never idle for long', async () => {
  expect((await connectionsOf({ reuses: true, ageUsMax: 20_000 }, 3, 60)).connections).toBe(3);
});

test('12 requests at once through 6 connections of an age that is over at once: 12 connections', async () => {
  let connections = 0;
  const { base, server } = await httpServer((_, response) => void setTimeout(() => response.end('ok'), 30));
  server.on('connection', () => connections++);
  const vu = vuFor(base, { keepAlive: { reuses: true, ageUsMax: 1 } });
  const outcomes = await Promise.all(Array.from({ length: 12 }, () => ask(vu, base)));
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 200));
  expect(connections).toBe(12);
});

test('idle connections that are closed leave those alone that carry a request', async () => {
  let connections = 0;
  const { base, server } = await httpServer(
    (request, response) => void setTimeout(() => response.end('ok'), request.url === '/slow' ? 200 : 0),
  );
  server.on('connection', () => connections++);
  const vu = vuFor(base);
  await ask(vu, base);
  const slow = ask(vu, `${base}/slow`);
  const other = ask(vu, base);
  expect((await other).status).toBe(200);
  expect(connections).toBe(2);
  vu.closeIdle();
  expect((await slow).status).toBe(200);
  expect(connections).toBe(2);
  await ask(vu, base);
  expect(connections).toBe(2); // that of the slow one is free again
  vu.closeIdle();
  await ask(vu, base);
  expect(connections).toBe(3);
});

test('a POST on a connection that the server ends after a second of idleness says how long it was idle, and what to set', async () => {
  const { base } = await rawServer((socket) => {
    let requests = 0;
    socket.on('data', () => {
      if (requests++ === 0) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
      else socket.end();
    });
  });
  const vu = vuFor(base);
  await ask(vu, base);
  await pause(1_100);
  const outcome = await ask(vu, base, { method: 'POST', body: 'abc' });
  expect(outcome).toMatchObject({ kind: 'reset', errorCode: 1220 });
  expect(outcome.error).toMatch(IDLE_WORDS);
  const again = await ask(vu, base);
  expect(again.status).toBe(200);
  expect((await ask(vu, base, { method: 'POST', body: 'abc' })).error).not.toContain('idle');
});

test('an aborted request gives its connection up, and the next one dials', async () => {
  let connections = 0;
  const { base, server } = await httpServer((request, response) => void (request.url === '/never' ? undefined : response.end('ok')));
  server.on('connection', () => connections++);
  const vu = vuFor(base, { keepAlive: { reuses: true } });
  await ask(vu, base);
  const aborted = new Promise<string>((resolve) => {
    const handle = vu.request(requestOf(`${base}/never`), ({ kind }) => resolve(kind));
    setTimeout(() => handle.abort(), 50);
  });
  expect(await aborted).toBe('interrupted');
  expect((await ask(vu, base)).status).toBe(200);
  expect(connections).toBe(2);
});

test('of the rule and what the server announces the shorter counts, half a second before its end', () => {
  const kept = new KeptConnection({ reuses: true, idleUsMax: 10_000_000 });
  kept.born(0);
  expect(kept.freed(1_000_000, undefined)).toBe(true);
  expect([kept.isUsable(10_999_999), kept.isUsable(11_000_000)]).toEqual([true, false]);
  expect(kept.freed(1_000_000, 5_000_000)).toBe(true);
  expect([kept.isUsable(5_499_999), kept.isUsable(5_500_000)]).toEqual([true, false]);
  expect(kept.freed(1_000_000, 500_000)).toBe(false);
});
