import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { liveAsAgent } from '../../runtime/agents/agent-life.ts';
import { type Broker, startBroker } from '../../runtime/agents/broker.ts';
import { type Cluster, openCluster } from '../../runtime/agents/cluster.ts';
import { LocalBus } from '../../runtime/cluster/local-bus.ts';
import { temporaryFolder } from './project.ts';

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** A nats-server, and agents that have joined it, in this process; their workers are real ones that run `workerText`. */
export interface AgentWorld {
  readonly broker: Broker;
  readonly url: string;
  /** What the agents said to whoever started them. */
  readonly notes: string[];
  /** Hires so many for a run. */
  hire(count: number): Promise<Cluster>;
}

export async function agentWorld(workerText: string, agentCount: number): Promise<AgentWorld> {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  writeFileSync(workerFile, workerText);
  const broker = await startBroker({ variables: process.env, host: '127.0.0.1', port: 0 }, 'test');
  const url = `nats://127.0.0.1:${broker.port}`;
  const notes: string[] = [];
  let stop: (why: string) => void = () => undefined;
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  for (let i = 0; i < agentCount; i++)
    void liveAsAgent({
      url,
      token: broker.tokens.agent,
      cores: 2,
      isOneRun: false,
      openBus: (listener) =>
        new LocalBus({ workerFile, variables: {}, heapMb: 128, memoryBytesMax: 2 ** 30, stallTimeoutMs: 60_000, ...listener }),
      note: (text) => notes.push(text),
      stopped,
    });
  closers.push(() => {
    stop('the test is over');
    broker.close();
  });
  return { broker, url, notes, hire: (count) => hire(url, broker.tokens.coordinator, count) };
}

async function hire(url: string, token: string, count: number): Promise<Cluster> {
  const cluster = await openCluster(
    { url, token, count: `${count}` },
    { variables: process.env, coreCount: 2, onStep: () => undefined, onNote: () => undefined, isStopped: () => false },
  );
  if (cluster === undefined) throw new TypeError('expected agents');
  closers.push(() => void cluster.close());
  return cluster;
}
