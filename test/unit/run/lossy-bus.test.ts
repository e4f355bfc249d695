import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BusListener, OpenBus } from '../../../runtime/cluster/bus.ts';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { encodeDeltas } from '../../../runtime/messages/delta-codec.ts';
import type { FromWorker } from '../../../runtime/messages/messages.ts';
import { Recording } from '../../../runtime/record/recording.ts';
import { Fleet } from '../../../runtime/run/fleet.ts';
import { localWorkers } from '../../../runtime/run/local-workers.ts';
import { CHANNEL_TEXT } from '../../support/fake-worker.ts';
import { temporaryFolder } from '../../support/project.ts';

const SERIES = { metric: 'iterations', type: 'counter', unit: 'default', period: 'measured', tags: {} } as const;
const DELTA: SeriesDelta = { id: 0, type: 'counter', count: 1, sum: 1, refused: 0 };
/** A worker that answers `data` after six snapshots of one iteration each. */
const WORKER = `${CHANNEL_TEXT}
const [first, more] = ${JSON.stringify([[{ ...DELTA, series: SERIES }], [DELTA]].map((deltas) => encodeDeltas(deltas as SeriesDelta[]).numbers.toString('hex')))};
const starts = { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 };
const snapshot = (second) => send({ type: 'snapshot', second, period: 'measured', series: second === 0 ? [{ id: 0, identity: ${JSON.stringify(SERIES)} }] : [], errors: [],
  starts, activeUsers: 1, inFlight: 0, generator: null, overflowed: 0, kept: [], startsByScenario: [], tail: { field: 'numbers' } }, Buffer.from(second === 0 ? first : more, 'hex'));
hear(({ type, ask }) => {
  if (type === 'clock') send({ type, to: ask, nowUs: Number(process.hrtime.bigint() / 1000n) });
  if (type !== 'data') return;
  for (let second = 0; second < 6; second++) snapshot(second);
  send({ type: 'prepared', to: ask, users: 1, error: null, failedVu: -1 });
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`;

/** What a bus does with the third of them; `hand` hands a message on. */
type Fault = (hand: (message: FromWorker, sequence: number) => void) => (message: FromWorker, sequence: number) => void;

const onThird =
  (act: (hand: () => void, next: () => void) => void): Fault =>
  (hand) => {
    let held: (() => void)[] = [];
    return (message, sequence) => {
      const pass = (): void => hand(message, sequence);
      const isSnapshot = message.type === 'snapshot';
      if (isSnapshot && message.second === 2) return act(pass, () => held.push(pass));
      pass();
      const due = held;
      held = [];
      if (isSnapshot) for (const late of due) late();
    };
  };

const FAULTS = {
  none: (hand) => hand,
  drops: onThird(() => undefined),
  doubles: onThird((hand) => {
    hand();
    hand();
  }),
  'hands on too late': onThird((_, later) => later()),
} satisfies Record<string, Fault>;

/** What comes of the six snapshots over such a bus: how often an iteration was counted, and why the worker was lost. */
async function over(fault: Fault): Promise<{ counted: number | undefined; error: string | undefined; isThere: boolean }> {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  writeFileSync(workerFile, WORKER);
  const open = localWorkers({}, workerFile);
  const bus: OpenBus = (listener: BusListener) => {
    const hands = new Map<number, ReturnType<Fault>>();
    return open({
      ...listener,
      onMessage(worker, message, sequence) {
        const hand = hands.get(worker) ?? fault((each, number) => listener.onMessage(worker, each, number));
        hands.set(worker, hand);
        hand(message, sequence);
      },
    });
  };
  const recording = new Recording({ renderScriptError: (text: string) => text });
  const fleet = new Fleet({ bus, onEvent: (worker, event) => event.type === 'snapshot' && recording.take(worker, event) });
  try {
    const [worker = -1] = await fleet.grow(1);
    const error = await fleet.ask(worker, { type: 'data', json: '', vuSetup: false }, 'prepared').then(
      () => undefined,
      (caught: Error) => caught.message,
    );
    return { counted: recording.store.counter('iterations')?.sum, error, isThere: fleet.workers.includes(worker) };
  } finally {
    fleet.close();
  }
}

test('a bus that keeps all messages and their order: each of six snapshots counts once', async () => {
  expect(await over(FAULTS.none)).toEqual({ counted: 6, error: undefined, isThere: true });
});

test.each<[keyof typeof FAULTS, number, string]>([
  ['drops', 2, 'worker 1: 1 of its messages were lost or overtaken: after message 4 came 6 (snapshot)'],
  ['doubles', 3, 'worker 1: its message 5 (snapshot) came twice or late, after message 5'],
  ['hands on too late', 2, 'worker 1: 1 of its messages were lost or overtaken: after message 4 came 6 (snapshot)'],
])('a bus that %s a snapshot: nothing after it is counted, and the worker is lost for that reason', async (fault, counted, error) => {
  expect(await over(FAULTS[fault])).toEqual({ counted, error, isThere: false });
});
