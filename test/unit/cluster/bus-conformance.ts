import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Bus, BusListener } from '../../../runtime/cluster/bus.ts';
import { ClusterError, type ScriptError } from '../../../runtime/core/errors.ts';
import type { FromWorker } from '../../../runtime/messages/messages.ts';
import { CHANNEL_TEXT } from '../../support/fake-worker.ts';

type MakeBus = (listener: BusListener) => Bus | Promise<Bus>;

/** What every bus does, whatever carries it. `make` gives one whose workers are {@link CONFORMING_WORKER}. */
export function conforms(name: string, make: MakeBus): void {
  const started = (onMessage?: BusListener['onMessage']): Promise<Heard> => Heard.start(make, onMessage);

  test(`${name}: workers are numbered from 0 on, and one that is called after another gets a number that none had`, async () => {
    const heard = await started();
    expect([heard.bus.add(), heard.bus.add()]).toEqual([0, 1]);
    await heard.until(() => heard.said.filter(({ type }) => type === 'ready').length === 2);
    heard.bus.send(0, { type: 'finish' });
    await heard.until(() => heard.lost.length === 1);
    expect([heard.bus.add(0), heard.bus.workers]).toEqual([2, [1, 2]]);
    heard.bus.close();
  });

  test(`${name}: of 200 questions to each of two workers every answer comes once, in order, and as that worker's own`, async () => {
    const heard = await started();
    const workers = [heard.bus.add(), heard.bus.add()];
    const asks = Array.from({ length: 200 }, (_, i) => i + 1);
    for (const ask of asks) for (const worker of workers) heard.bus.send(worker, { type: 'clock', ask: ask * 10 + worker });
    await heard.until(() => heard.said.filter(({ type }) => type === 'clock').length >= 400);
    for (const worker of workers) expect(heard.answersOf(worker)).toEqual(asks.map((ask) => ask * 10 + worker));
    heard.bus.close();
  });

  test(`${name}: what is broadcast reaches all, and what is said to one that is gone, or never was, is dropped`, async () => {
    const heard = await started();
    const [gone, left] = [heard.bus.add(), heard.bus.add()];
    await heard.until(() => heard.said.filter(({ type }) => type === 'ready').length === 2);
    heard.bus.broadcast({ type: 'clock', ask: 1 });
    await heard.until(() => heard.said.filter(({ type }) => type === 'clock').length === 2);
    heard.bus.send(gone, { type: 'finish' });
    await heard.until(() => heard.lost.length === 1);
    for (const worker of [gone, 77]) heard.bus.send(worker, { type: 'clock', ask: 2 });
    heard.bus.broadcast({ type: 'clock', ask: 3 });
    await heard.until(() => heard.answersOf(left).includes(3));
    expect([heard.answersOf(gone), heard.answersOf(left), heard.bus.workers]).toEqual([[1], [1, 3], [left]]);
    expect(heard.lost).toEqual([gone]);
    heard.bus.close();
  });

  test(`${name}: messages come with the numbers that the worker gave them, 1, 2, 3 and so on, and beats not at all`, async () => {
    const heard = await started();
    const workers = [heard.bus.add(), heard.bus.add()];
    for (let ask = 1; ask <= 20; ask++) heard.bus.broadcast({ type: 'clock', ask });
    await heard.until(() => heard.said.length >= 42);
    for (const worker of workers)
      expect(heard.said.filter((each) => each.worker === worker).map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 21 }, (_, i) => i + 1),
      );
    heard.bus.close();
  });

  test(`${name}: a worker that sends what is no message is lost for that, and nobody else is`, async () => {
    const heard = await started();
    const [liar, left] = [heard.bus.add(), heard.bus.add()];
    heard.bus.send(liar, { type: 'evaluate' });
    await heard.until(() => heard.lost.length === 1);
    heard.bus.broadcast({ type: 'clock', ask: 1 });
    await heard.until(() => heard.answersOf(left).includes(1));
    expect([heard.lost, heard.errors[0]?.code, heard.bus.workers]).toEqual([[liar], 'SR_CLUSTER', [left]]);
    expect(heard.errors[0]?.message).toMatch(/^a worker sent a message that is none: /);
    heard.bus.close();
  });

  test(`${name}: a worker whose message is refused by whoever hears it is lost for that reason, once, and not heard again`, async () => {
    const refusal = new ClusterError('message 2 is one too many');
    const heard = await started((_, message) => {
      if (message.type === 'clock') throw refusal;
    });
    const worker = heard.bus.add();
    for (const ask of [1, 2, 3]) heard.bus.send(worker, { type: 'clock', ask });
    await heard.until(() => heard.lost.length === 1);
    expect([heard.errors, heard.answersOf(worker), heard.bus.workers]).toEqual([[refusal], [1], []]);
    heard.bus.close();
  });

  test(`${name}: 9 MB to a worker and back are the same 9 MB, before and behind a small message, and so is each of 3 pictures`, async () => {
    const heard = await started();
    const worker = heard.bus.add();
    const json = randomBytes(4_500_000).toString('hex');
    const pictures = [1_000, 40_000, 3_000_000].map((length) => randomBytes(length));
    heard.bus.send(worker, { type: 'clock', ask: 1 });
    heard.bus.send(worker, { type: 'data', json, vuSetup: false });
    heard.bus.send(worker, {
      type: 'answers',
      answers: [],
      pools: [{ pool: 'a', unique: 'none', pictures: pictures.map((bytes, i) => ({ id: `${i}`, format: 'png', bytes })) }],
    });
    heard.bus.send(worker, { type: 'clock', ask: 2 });
    await heard.until(() => heard.answersOf(worker).includes(2));
    expect(heard.said.map(({ type }) => type)).toEqual(['ready', 'clock', 'inspect', 'inspect', 'inspect', 'inspect', 'clock']);
    expect(heard.bytesOf(1).map(digestOf)).toEqual([digestOf(json)]);
    expect(heard.bytesOf(2).map(digestOf)).toEqual(pictures.map(digestOf));
    heard.bus.close();
  });

  test(`${name}: 24 MB in 60 messages that come faster than they are heard all come, once and in order`, async () => {
    const heard = await started((_, message) => {
      if (message.type === 'inspect') for (const endMs = performance.now() + 4; performance.now() < endMs; ); // slow to hear
    });
    const worker = heard.bus.add();
    heard.bus.send(worker, { type: 'hook', kind: 'setup', name: 'setup' });
    heard.bus.send(worker, { type: 'clock', ask: 1 });
    await heard.until(() => heard.answersOf(worker).includes(1));
    const ids = heard.said.flatMap((message) => (message.type === 'inspect' ? [message.id] : []));
    expect(ids).toEqual(Array.from({ length: 60 }, (_, id) => id));
    for (const id of ids) expect(heard.bytesOf(id).map(digestOf)).toEqual([digestOf(Buffer.alloc(400_000, id))]);
    expect(heard.lost).toEqual([]);
    heard.bus.close();
  });

  test(`${name}: a worker that is ended is not heard of any more, and the others are`, async () => {
    const heard = await started();
    const [ended, left] = [heard.bus.add(), heard.bus.add()];
    await heard.until(() => heard.said.filter(({ type }) => type === 'ready').length === 2);
    heard.bus.end(ended);
    await heard.until(() => !heard.bus.workers.includes(ended));
    heard.bus.broadcast({ type: 'clock', ask: 1 });
    await heard.until(() => heard.answersOf(left).includes(1));
    expect([heard.lost, heard.answersOf(ended), heard.bus.workers]).toEqual([[], [], [left]]);
    heard.bus.close();
  });

  test(`${name}: after close nobody is told of workers that end`, async () => {
    const heard = await started();
    heard.bus.add();
    await heard.until(() => heard.said.some(({ type }) => type === 'ready'));
    heard.bus.close();
    await heard.until(() => heard.bus.workers.length === 0);
    expect(heard.lost).toEqual([]);
  });
}

/** Text of a worker that says `ready`, answers `clock` with the number of its question, hands back what it is told, says much at once, and leaves when told to `finish`. */
export const CONFORMING_WORKER = `${CHANNEL_TEXT}
hear((message) => {
  const { type, ask = 0 } = message;
  if (type === 'clock') send({ type: 'clock', to: ask, nowUs: 1 });
  if (type === 'evaluate') send({ type: 'exec' });
  if (type === 'data') send({ type: 'inspect', id: 1, tail: { field: 'bytes' } }, Buffer.from(message.json));
  if (type === 'answers') for (const { pictures } of message.pools) for (const { bytes } of pictures) send({ type: 'inspect', id: 2, tail: { field: 'bytes' } }, bytes);
  if (type === 'hook') for (let id = 0; id < 60; id++) send({ type: 'inspect', id, tail: { field: 'bytes' } }, Buffer.alloc(400_000, id));
  if (type === 'finish') process.exit(3);
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`;

const digestOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** Everything that is heard of a bus. */
class Heard {
  readonly said: (FromWorker & { worker: number; sequence: number })[] = [];
  readonly lost: number[] = [];
  readonly errors: (ScriptError | ClusterError)[] = [];
  readonly bus: Bus;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  static async start(make: MakeBus, onMessage: BusListener['onMessage'] = () => undefined): Promise<Heard> {
    const heard: Heard = new Heard(
      await make({
        onMessage(worker, message, sequence) {
          heard.said.push({ worker, sequence, ...message });
          onMessage(worker, message, sequence);
        },
        onLost(worker, error) {
          heard.lost.push(worker);
          heard.errors.push(error);
        },
      }),
    );
    return heard;
  }

  /** What came behind a message, of those with this number. */
  bytesOf(id: number): (Buffer | string)[] {
    return this.said.flatMap((message) => (message.type === 'inspect' && message.id === id ? [message.bytes] : []));
  }

  answersOf(worker: number): number[] {
    return this.said.flatMap((message) => (message.type === 'clock' && message.worker === worker ? [message.to] : []));
  }

  /** The test's own time is the limit. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
