import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ToWorker } from '../../../runtime/messages/messages.ts';
import { Fleet } from '../../../runtime/run/fleet.ts';
import { localWorkers } from '../../../runtime/run/local-workers.ts';
import { CHANNEL_TEXT } from '../../support/fake-worker.ts';
import { temporaryFolder } from '../../support/project.ts';

/** A fleet of one process that answers whatever it is sent with a clock that is so far off. */
async function joinedWithClock(offMs: number): Promise<string> {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  writeFileSync(
    workerFile,
    `${CHANNEL_TEXT}
let asked = 0;
socket.on('data', () => send({ type: 'clock', to: ++asked, nowUs: Number(process.hrtime.bigint() / 1000n) + ${offMs * 1000} }));
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`,
  );
  const fleet = new Fleet({ bus: localWorkers({}, workerFile), onEvent: () => undefined });
  try {
    await fleet.grow(1);
    return 'joined';
  } catch (error) {
    return (error as Error).message;
  } finally {
    fleet.close();
  }
}

test('a worker whose clock is 24 s off is refused when it joins, one with the clock of the machine is taken', async () => {
  expect(await joinedWithClock(0)).toBe('joined');
  expect(await joinedWithClock(24_000)).toMatch(
    /^worker 1: expected this machine's monotonic clock; got one that is 2[34]\d{3}\.\d ms ahead$/,
  );
  expect(await joinedWithClock(-24_000)).toMatch(/ms behind$/);
});

test('what is asked after the workers were ended is refused at once, though they may still be there for a moment', async () => {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  writeFileSync(
    workerFile,
    `${CHANNEL_TEXT}
let asked = 0;
socket.on('data', () => send({ type: 'clock', to: ++asked, nowUs: Number(process.hrtime.bigint() / 1000n) }));
send({ type: 'ready', pid: process.pid });`,
  );
  const fleet = new Fleet({ bus: localWorkers({}, workerFile), onEvent: () => undefined });
  const [worker = -1] = await fleet.grow(1);
  fleet.close();
  expect(fleet.workers).toEqual([worker]);
  await expect(fleet.ask(worker, { type: 'clock' }, 'clock')).rejects.toThrow('the workers were ended');
});

/** A worker that answers `prepare` last, `data` first, and each of them also with a number that nobody asked under. */
const OUT_OF_ORDER = `${CHANNEL_TEXT}
const held = [];
hear((message) => {
  if (message.type === 'clock') return send({ type: 'clock', to: message.ask, nowUs: Number(process.hrtime.bigint() / 1000n) });
  held.push(message);
  if (held.length < 3) return;
  send({ type: 'prepared', to: 4711, users: 99, error: 'nobody asked', failedVu: -1 });
  for (const { type, ask } of held.reverse()) send({ type: 'prepared', to: ask, users: type === 'prepare' ? 1 : type === 'data' ? 2 : 3, error: null, failedVu: -1 });
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`;

test('three questions with one kind of answer get their own, in whatever order they come, and none that nobody asked for', async () => {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  writeFileSync(workerFile, OUT_OF_ORDER);
  const fleet = new Fleet({ bus: localWorkers({}, workerFile), onEvent: () => undefined });
  try {
    const [worker = -1] = await fleet.grow(1);
    const answers = await Promise.all([
      fleet.ask(worker, { type: 'prepare' } as ToWorker, 'prepared'),
      fleet.ask(worker, { type: 'data', json: '', vuSetup: false }, 'prepared'),
      fleet.ask(worker, { type: 'enlist', scenario: 0, from: 0, to: 1, vuSetup: false }, 'prepared'),
    ]);
    expect(answers.map(({ users, error }) => [users, error])).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ]);
  } finally {
    fleet.close();
  }
});
