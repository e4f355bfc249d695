import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LocalBus, type LocalBusOptions } from '../../../runtime/cluster/local-bus.ts';
import type { ClusterError, ScriptError } from '../../../runtime/core/errors.ts';
import type { FromWorker } from '../../../runtime/messages/messages.ts';
import { CHANNEL_TEXT } from '../../support/fake-worker.ts';
import { temporaryFolder } from '../../support/project.ts';

/** A worker that does what the number of a question says, and answers it. */
const workerFile = join(temporaryFolder(), 'worker.cjs');
writeFileSync(
  workerFile,
  `${CHANNEL_TEXT}
const kept = [];
hear(({ type, ask = 0 }) => {
  if (type !== 'clock') return;
  if (ask === 2) for (;;);
  if (ask === 3) kept.push(Buffer.alloc(300 * 1024 * 1024, 1));
  if (ask === 4) send({ type: 'refused', missing: ['a', 'b'] });
  if (ask === 5) process.stderr.write('no more', () => process.exit(7));
  send({ type: 'clock', to: ask, nowUs: 1 });
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`,
);
const LOOPS = 2;
const GROWS = 3;
const REFUSES = 4;
const DIES = 5;

const open: LocalBus[] = [];
afterAll(() => {
  for (const bus of open) bus.close();
});

/** One worker that is ready, and what is heard of it. */
async function watched(limits: Partial<LocalBusOptions> = {}) {
  const [said, lost] = [[] as FromWorker[], [] as (ClusterError | ScriptError)[]];
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const bus = new LocalBus({
    ...{ workerFile, variables: {}, heapMb: 128, memoryBytesMax: 2 ** 40, stallTimeoutMs: 60_000, ...limits },
    onMessage: (_, message) => void said.push(message),
    onLost: (_, error) => void lost.push(error),
  });
  open.push(bus);
  bus.add();
  await until(() => said.length === 1);
  const [ready] = said;
  return {
    ...{ bus, said, lost, until, pid: ready?.type === 'ready' ? ready.pid : 0 },
    ask: (what: number) => bus.send(0, { type: 'clock', ask: what }),
    lostAfter: async (what: number): Promise<ClusterError | ScriptError | undefined> => {
      bus.send(0, { type: 'clock', ask: what });
      await until(() => lost.length > 0);
      return lost[0];
    },
  };
}

test.concurrent('a worker that computes without a word for longer than it may is lost', async () => {
  const { lostAfter, bus } = await watched({ stallTimeoutMs: 400 });
  expect(await lostAfter(LOOPS)).toMatchObject({
    exitCode: 112,
    message: 'worker 1 did not answer for 0.4 s, and no code of the script was running',
  });
  expect(bus.workers).toEqual([]);
});

test.concurrent('a worker that was stopped and got no processor is not lost for its silence: it goes on when it may', async () => {
  const { bus, lost, ask, said, until, pid } = await watched({ stallTimeoutMs: 300 });
  process.kill(pid, 'SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 1_500)); // five times what it may be silent
  expect([lost, bus.workers]).toEqual([[], [0]]);
  process.kill(pid, 'SIGCONT');
  ask(1);
  await until(() => said.some((message) => message.type === 'clock' && message.to === 1));
  expect(lost).toEqual([]);
});

test.concurrent('a worker that says it uses little and has grown beyond what it may is lost for its memory', async () => {
  const { lostAfter } = await watched({ memoryBytesMax: 250 * 2 ** 20 });
  expect(await lostAfter(GROWS)).toMatchObject({
    exitCode: 115,
    message: expect.stringMatching(/^the memory of a worker is full, .*: \d{3} MB in use, 250 MB allowed$/),
  });
});

test.concurrent('a worker whose sandbox lacks something is lost for that', async () => {
  const { lostAfter } = await watched();
  expect((await lostAfter(REFUSES))?.message).toMatch(/^worker 1 runs no script: .*: a; b$/);
});

test.concurrent('a worker that ends by itself is lost with its exit code and its last words; of one that takes its place it is told by the name of the first', async () => {
  const { bus, lost, lostAfter, said, until } = await watched();
  expect((await lostAfter(DIES))?.message).toBe('worker 1 died (exit code 7):\nno more');
  expect(bus.add(0)).toBe(1);
  await until(() => said.filter(({ type }) => type === 'ready').length === 2);
  bus.send(1, { type: 'clock', ask: DIES });
  await until(() => lost.length === 2);
  expect(lost[1]?.message).toBe('worker 1 died (exit code 7):\nno more');
});
