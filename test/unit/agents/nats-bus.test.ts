import { describe, expect, test } from 'vitest';
import { startBroker } from '../../../runtime/agents/broker.ts';
import { openCluster } from '../../../runtime/agents/cluster.ts';
import { connectWire } from '../../../runtime/agents/wire.ts';
import { bytesOf, SUBJECT } from '../../../runtime/agents/words.ts';
import type { Bus, BusListener } from '../../../runtime/cluster/bus.ts';
import { agentWorld } from '../../support/nats-cluster.ts';
import { isLeftOutWithout } from '../../support/needs.ts';
import { CONFORMING_WORKER } from '../cluster/bus-conformance.ts';

interface Heard {
  readonly said: string[];
  readonly lost: [worker: number, why: string][];
  readonly listener: BusListener;
}

function heard(): Heard {
  const said: string[] = [];
  const lost: [number, string][] = [];
  return {
    said,
    lost,
    listener: {
      onMessage: (worker, { type }) => said.push(`${worker} ${type}`),
      onLost: (worker, { message }) => lost.push([worker, message]),
    },
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const readyOn = async (bus: Bus, { said }: Heard): Promise<void> =>
  until(() => bus.workers.every((worker) => said.includes(`${worker} ready`)));

describe.skipIf(isLeftOutWithout('nats-server'))('agents at a real nats-server', () => {
  test('workers go to whichever agent has most cores free; one that died is replaced where it was, and its agent said to be there', async () => {
    const world = await agentWorld(CONFORMING_WORKER, 2);
    const cluster = await world.hire(2);
    const ears = heard();
    const bus = cluster.openBus(ears.listener);
    for (let i = 0; i < 4; i++) bus.add();
    expect(cluster.agents().map(({ workers }) => workers)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    await readyOn(bus, ears);
    bus.send(1, { type: 'finish' });
    await until(() => ears.lost.length === 1);
    expect(ears.lost).toEqual([[1, 'worker 2 died (exit code 3)']]);
    expect([bus.canReplace(1), bus.add(1)]).toEqual([true, 4]);
    expect(cluster.agents()[1]?.workers).toEqual([1, 3, 4]);
    await readyOn(bus, ears);
    bus.close();
    await cluster.close();
    world.broker.close();
  });

  test('a broker that ends is the end of all workers, said once of each, and nobody takes their places', async () => {
    const world = await agentWorld(CONFORMING_WORKER, 2);
    const cluster = await world.hire(2);
    const ears = heard();
    const bus = cluster.openBus(ears.listener);
    for (let i = 0; i < 2; i++) bus.add();
    await readyOn(bus, ears);
    world.broker.close();
    await until(() => ears.lost.length === 2);
    expect(ears.lost.map(([worker]) => worker).sort()).toEqual([0, 1]);
    for (const [, why] of ears.lost) expect(why).toMatch(/^agent [12] was lost: the connection to the NATS server ended/);
    expect([bus.workers, bus.canReplace(0), bus.canReplace(1)]).toEqual([[], false, false]);
    await until(
      () => world.notes.filter((note) => note === 'the workers were ended: the connection to the NATS server ended').length === 2,
    );
    bus.add();
    await until(() => ears.lost.length === 3);
    expect(ears.lost[2]).toEqual([2, 'worker 3 could not be started: no agent is left']);
  });

  test('a coordinator that is gone without a word is waited for 5 s; then the agent ends its workers and waits for the next run', async () => {
    const world = await agentWorld(CONFORMING_WORKER, 1);
    const cluster = await world.hire(1);
    const ears = heard();
    const bus = cluster.openBus(ears.listener);
    bus.add();
    await until(() => ears.said.includes('0 ready'));
    await cluster.close(); // its connection, with nothing said to the agent
    await until(() => world.notes.includes('the workers were ended: nothing was heard of the coordinator for 5 s'));
    expect((await world.hire(1)).count).toBe(1);
    world.broker.close();
  });

  test('an agent of another version is refused with the reason, and a run that finds too few says so: 111', async () => {
    const broker = await startBroker({ variables: process.env, host: '127.0.0.1', port: 0 }, 'test');
    const url = `nats://127.0.0.1:${broker.port}`;
    const wire = await connectWire({ url, role: 'agent', token: broker.tokens.agent, flag: 'test' });
    const agent = '0123456789abcdef';
    const reasons: string[] = [];
    wire.subscribe(SUBJECT.call, (bytes) => {
      const { run } = JSON.parse(bytes.toString());
      wire.publish(SUBJECT.hello(run), bytesOf({ agent, host: 'old', pid: 1, cores: 1, protocol: 1, version: '0.0.1' }));
    });
    wire.subscribe(SUBJECT.refuse(agent), (bytes) => reasons.push(JSON.parse(bytes.toString()).reason));
    const notes: string[] = [];
    const surroundings = {
      variables: process.env,
      coreCount: 1,
      onStep: () => undefined,
      onNote: (text: string) => notes.push(text),
      isStopped: () => notes.length > 0 && reasons.length > 0,
    };
    const wish = { url, token: broker.tokens.coordinator, count: '1' };
    expect(await openCluster(wish, surroundings)).toBeUndefined();
    expect(notes).toEqual([
      expect.stringMatching(/^an agent on old \(pid 1\) is refused: expected stressrun \d+\.\d+\.\d+; got "0\.0\.1"$/),
    ]);
    expect(reasons[0]).toMatch(/^expected stressrun .*; got "0\.0\.1"$/);
    await expect(openCluster(wish, { ...surroundings, isStopped: () => false, patienceMs: 300 })).rejects.toMatchObject({
      message: 'expected 1 agents within 0.3 s; got 0; 1 that came did not fit',
      exitCode: 111,
    });
    await wire.close();
    broker.close();
  });

  test('who has no token, or the wrong one, is not let in: 104; an agent can neither call for agents nor speak to another', async () => {
    const broker = await startBroker({ variables: process.env, host: '127.0.0.1', port: 0 }, 'test');
    const url = `nats://127.0.0.1:${broker.port}`;
    for (const token of ['wrong', undefined])
      await expect(connectWire({ url, role: 'agent', flag: 'test', ...(token === undefined ? {} : { token }) })).rejects.toMatchObject({
        message: expect.stringMatching(/^--token: expected the token that nats:\/\/127\.0\.0\.1:\d+ knows; it let nobody in$/),
        exitCode: 104,
      });
    const [agent, other, coordinator] = await Promise.all(
      (['agent', 'agent', 'coordinator'] as const).map((role) => connectWire({ url, role, token: broker.tokens[role], flag: 'test' })),
    );
    const got: string[] = [];
    for (const subject of ['stressrun.call', 'stressrun.down.r.b', 'stressrun.hire.b'])
      other?.subscribe(subject, (bytes) => got.push(bytes.toString()));
    await other?.flushed();
    for (const subject of ['stressrun.call', 'stressrun.down.r.b', 'stressrun.hire.b']) agent?.publish(subject, Buffer.from('of an agent'));
    await agent?.flushed();
    coordinator?.publish('stressrun.call', Buffer.from('of the coordinator'));
    await until(() => got.length > 0);
    expect(got).toEqual(['of the coordinator']);
    for (const wire of [agent, other, coordinator]) await wire?.close();
    broker.close();
  });
});
