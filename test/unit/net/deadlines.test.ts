import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { Deadlines, type Expiring } from '../../../runtime/net/deadlines.ts';
import { ask, vuFor } from './servers.ts';

interface Item extends Expiring {
  readonly ends: string[];
}

function itemAt(deadlineUs: number): Item {
  const ends: string[] = [];
  return { deadlineUs, ends, onDeadline: () => ends.push('deadline'), abort: () => ends.push('abort') };
}

const passed = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('each ends at its own deadline, whatever order they came in, and none before it', async () => {
  const deadlines = new Deadlines();
  const fromUs = monotonicUs();
  const endedUs = new Map<number, number>();
  const at = (ms: number): Expiring => ({
    deadlineUs: fromUs + ms * 1000,
    onDeadline: () => endedUs.set(ms, monotonicUs() - fromUs),
    abort: () => undefined,
  });
  for (const ms of [60, 20, 40]) deadlines.add(at(ms));
  deadlines.add(itemAt(Number.POSITIVE_INFINITY));
  // those that a busy machine lets pass together end newest first
  await expect.poll(() => [...endedUs.keys()].toSorted((a, b) => a - b)).toEqual([20, 40, 60]);
  for (const [ms, us] of endedUs) expect(us).toBeGreaterThanOrEqual(ms * 1000);
  deadlines.close();
});

test('one that was taken out before its deadline is never ended, nor is one after close()', async () => {
  const deadlines = new Deadlines();
  const [done, late] = [itemAt(monotonicUs() + 5000), itemAt(monotonicUs() + 5000)];
  deadlines.add(done);
  deadlines.add(late);
  deadlines.remove(done);
  deadlines.close();
  await passed(30);
  expect([done.ends, late.ends]).toEqual([[], []]);
});

test('abortAll ends those under way, newest first, and not what begins while it does', () => {
  const deadlines = new Deadlines();
  const order: string[] = [];
  const named = (name: string): Expiring => ({
    deadlineUs: Number.POSITIVE_INFINITY,
    onDeadline: () => undefined,
    abort: () => {
      order.push(name);
      deadlines.add(named(`after ${name}`));
    },
  });
  for (const name of ['a', 'b']) deadlines.add(named(name));
  deadlines.abortAll();
  expect(order).toEqual(['b', 'a']);
});

/** A server on a thread of its own, which answers while this one is busy: 30 ms after it has told that it was asked. */
async function busyServer(): Promise<{ base: string; isAsked: () => boolean }> {
  const asked = new Int32Array(new SharedArrayBuffer(4));
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    const server = require('node:http').createServer((request, response) => {
      if (request.url === '/first') return response.end();
      setTimeout(() => response.end('in time'), 30);
      Atomics.store(workerData, 0, 1);
    });
    server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`;
  const thread = new Worker(code, { eval: true, workerData: asked });
  onTestFinished(() => void thread.terminate());
  const [port] = (await once(thread, 'message')) as [number];
  return { base: `http://127.0.0.1:${port}`, isAsked: () => Atomics.load(asked, 0) === 1 };
}

test('an answer that came while this process was busy until after the deadline is an answer, and no timeout', async () => {
  const { base, isAsked } = await busyServer();
  const vu = vuFor(base);
  await ask(vu, `${base}/first`); // connected now
  const answered = ask(vu, `${base}/x`, { timeoutUs: 500_000 });
  while (!isAsked()) await new Promise((resolve) => setImmediate(resolve));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800); // nothing turns here until then
  expect(await answered).toMatchObject({ kind: 'response', status: 200 });
});

test('the first of three that is taken out leaves the deadlines of the other two, and is ended by nothing', async () => {
  const deadlines = new Deadlines();
  const ends: string[] = [];
  const out = named('out', 10);
  named('second', 10);
  named('third', 20);
  named('stays', Number.POSITIVE_INFINITY);
  function named(name: string, ms: number): Expiring {
    const item: Expiring = {
      deadlineUs: monotonicUs() + ms * 1000,
      onDeadline() {
        ends.push(`${name} is over`);
        deadlines.remove(item);
      },
      abort: () => ends.push(`${name} is aborted`),
    };
    deadlines.add(item);
    return item;
  }
  deadlines.remove(out);
  deadlines.remove(itemAt(monotonicUs())); // that was never in
  // where this process was held up for 10 ms both are due at once, and the newer one is told first
  await expect.poll(() => ends.toSorted()).toEqual(['second is over', 'third is over']);
  deadlines.abortAll();
  expect(ends.slice(2)).toEqual(['stays is aborted']);
  deadlines.close();
});
