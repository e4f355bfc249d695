import { expect, test } from 'vitest';
import type { Bus, BusListener } from '../../../runtime/cluster/bus.ts';
import { ClusterError, type ScriptError } from '../../../runtime/core/errors.ts';
import type { FromWorker } from '../../../runtime/messages/messages.ts';

/** What every bus does, whatever carries it. `make` gives one whose workers say `ready`, answer `clock` with the number of its question, and leave when told to `finish`. */
export function conforms(name: string, make: (listener: BusListener) => Bus): void {
  const started = (onMessage?: BusListener['onMessage']): Heard => new Heard(make, onMessage);

  test(`${name}: workers are numbered from 0 on, and one that is called after another gets a number that none had`, async () => {
    const heard = started();
    expect([heard.bus.add(), heard.bus.add()]).toEqual([0, 1]);
    await heard.until(() => heard.said.filter(({ type }) => type === 'ready').length === 2);
    heard.bus.send(0, { type: 'finish' });
    await heard.until(() => heard.lost.length === 1);
    expect([heard.bus.add(0), heard.bus.workers]).toEqual([2, [1, 2]]);
    heard.bus.close();
  });

  test(`${name}: of 200 questions to each of two workers every answer comes once, in order, and as that worker's own`, async () => {
    const heard = started();
    const workers = [heard.bus.add(), heard.bus.add()];
    const asks = Array.from({ length: 200 }, (_, i) => i + 1);
    for (const ask of asks) for (const worker of workers) heard.bus.send(worker, { type: 'clock', ask: ask * 10 + worker });
    await heard.until(() => heard.said.filter(({ type }) => type === 'clock').length >= 400);
    for (const worker of workers) expect(heard.answersOf(worker)).toEqual(asks.map((ask) => ask * 10 + worker));
    heard.bus.close();
  });

  test(`${name}: what is broadcast reaches all, and what is said to one that is gone, or never was, is dropped`, async () => {
    const heard = started();
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
    const heard = started();
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
    const heard = started();
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
    const heard = started((_, message) => {
      if (message.type === 'clock') throw refusal;
    });
    const worker = heard.bus.add();
    for (const ask of [1, 2, 3]) heard.bus.send(worker, { type: 'clock', ask });
    await heard.until(() => heard.lost.length === 1);
    expect([heard.errors, heard.answersOf(worker), heard.bus.workers]).toEqual([[refusal], [1], []]);
    heard.bus.close();
  });

  test(`${name}: after close nobody is told of workers that end`, async () => {
    const heard = started();
    heard.bus.add();
    await heard.until(() => heard.said.some(({ type }) => type === 'ready'));
    heard.bus.close();
    await heard.until(() => heard.bus.workers.length === 0);
    expect(heard.lost).toEqual([]);
  });
}

/** Everything that is heard of a bus. */
class Heard {
  readonly said: (FromWorker & { worker: number; sequence: number })[] = [];
  readonly lost: number[] = [];
  readonly errors: (ScriptError | ClusterError)[] = [];
  readonly bus: Bus;

  constructor(make: (listener: BusListener) => Bus, onMessage: BusListener['onMessage'] = () => undefined) {
    this.bus = make({
      onMessage: (worker, message, sequence) => {
        this.said.push({ worker, sequence, ...message });
        onMessage(worker, message, sequence);
      },
      onLost: (worker, error) => {
        this.lost.push(worker);
        this.errors.push(error);
      },
    });
  }

  answersOf(worker: number): number[] {
    return this.said.flatMap((message) => (message.type === 'clock' && message.worker === worker ? [message.to] : []));
  }

  /** The test's own time is the limit. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
