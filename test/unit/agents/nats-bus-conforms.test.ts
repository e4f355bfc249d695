import { describe } from 'vitest';
import type { Cluster } from '../../../runtime/agents/cluster.ts';
import { type AgentWorld, agentWorld } from '../../support/nats-cluster.ts';
import { isLeftOutWithout } from '../../support/needs.ts';
import { CONFORMING_WORKER, conforms } from '../cluster/bus-conformance.ts';

let world: Promise<AgentWorld> | undefined;
let before: Cluster | undefined;

describe.skipIf(isLeftOutWithout('nats-server'))('with a real nats-server and two agents', () => {
  conforms('the NATS bus', async (listener) => {
    world ??= agentWorld(CONFORMING_WORKER, 2);
    await before?.close();
    before = await (await world).hire(2);
    return before.openBus(listener);
  });
});
