import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { HttpClientName } from '../../../../runtime/core/reach-plan.ts';
import type { HttpHop } from '../../../../runtime/core/records.ts';
import { ask, rawServer, vuFor } from '../servers.ts';
import { ALL_CASES } from './cases/all.ts';
import { UNDICI_DIFFERENCES } from './cases/undici-differences.ts';
import type { WireCase } from './cases/wire-case.ts';

const DIFFERENT = new Map(
  UNDICI_DIFFERENCES.flatMap(([why, cases]) => Object.entries(cases).map(([name, outcome]) => [name, { why, outcome }])),
);
/** For an answer that undici waits for in vain. */
const PATIENCE_US = 400_000;

/** Sends in pieces, each in a packet of its own. */
async function send(socket: Socket, bytes: Buffer, pieces: number): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / pieces));
  for (let at = 0; at < bytes.length; at += size) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, 2));
    socket.write(bytes.subarray(at, at + size));
  }
}

/** What becomes of a case: `status body kept|closed`, or the kind of failure; and what its record lacks. */
async function outcomeOf(each: WireCase, httpClient: HttpClientName, pieces: number): Promise<{ text: string; lacks: string[] }> {
  let [connections, answered] = [0, 0];
  const { base } = await rawServer((socket) => {
    connections++;
    socket.setNoDelay();
    socket.on('data', () => {
      if (answered++ > 0) {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnext');
        return;
      }
      void send(socket, Buffer.from(each.answer, 'latin1'), pieces).then(() => {
        if (each.after === 'end') socket.end();
        // a moment, so that what was sent is read before the reset is
        if (each.after === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
  });
  const vu = vuFor(base, { httpClient });
  const isAwaited = httpClient === 'own' || DIFFERENT.get(each.name)?.outcome !== 'timeout';
  const outcome = await ask(vu, base, {
    method: each.method,
    ...(each.method === 'POST' ? { body: 'abc' } : {}),
    ...(isAwaited ? {} : { timeoutUs: PATIENCE_US }),
  });
  if (each.after !== 'keep') await new Promise((resolve) => setTimeout(resolve, 40)); // until the connection's end has been seen
  const next = await ask(vu, base);
  expect(next.body?.toString(), 'the request after it').toBe('next');
  const hop = outcome.hops[0] as HttpHop;
  const phases = [hop.blockedUs, hop.sendingUs, hop.waitingUs, hop.receivingUs];
  const lacks = phases.every((us) => Number.isInteger(us) && us >= 0) ? [] : ['a phase'];
  if (hop.connectingUs === 0) lacks.push('connecting');
  if (hop.bytesSent < 40) lacks.push('bytes sent');
  if (outcome.kind !== 'response') return { text: outcome.kind, lacks };
  const body = outcome.body?.toString('latin1') ?? '';
  return { text: `${outcome.status} ${body} ${connections === 1 ? 'kept' : 'closed'}`, lacks };
}

test(`there are ${ALL_CASES.length} cases, each with a name of its own, and of undici's differences each is one of them`, () => {
  expect(ALL_CASES.length).toBeGreaterThanOrEqual(250);
  const names = new Set(ALL_CASES.map(({ name }) => name));
  expect(names.size).toBe(ALL_CASES.length);
  expect([...DIFFERENT].filter(([name, { outcome }]) => ALL_CASES.find((each) => each.name === name)?.outcome === outcome)).toEqual([]);
  expect([...DIFFERENT.keys()].filter((name) => !names.has(name))).toEqual([]);
});

test.each(ALL_CASES)('$name: $outcome, in one piece and in three', async (each) => {
  const different = DIFFERENT.get(each.name);
  for (const pieces of [1, 3]) {
    expect(await outcomeOf(each, 'own', pieces), 'our own client').toEqual({ text: each.outcome, lacks: [] });
    const undici = await outcomeOf(each, 'undici', pieces);
    expect(undici.text, different?.why ?? 'undici').toBe(different?.outcome ?? each.outcome);
  }
});
