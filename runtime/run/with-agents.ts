import type { AgentFacts } from '../agents/agent-peer.ts';
import type { Cluster } from '../agents/cluster.ts';
import { availableCores } from '../monitor/machine-load.ts';
import type { RunTestInput } from './output.ts';
import type { TestEnd } from './test-end.ts';

/**
 * Runs a test with the agents that it wants, if it wants any; they are let go when it ends, however it ends.
 * @throws {StressrunError} when there are too few
 */
export async function withAgents(input: RunTestInput, run: (agents: Cluster | undefined) => Promise<TestEnd>): Promise<TestEnd> {
  if (input.agents === undefined) return run(undefined);
  const { output, signals, around } = input;
  let isStopped = false;
  const unheard = signals.onStop(() => {
    isStopped = true;
  });
  // few runs have agents: what they need is loaded by those
  const { openCluster } = await import('../agents/cluster.ts');
  let cluster: Cluster | undefined;
  try {
    cluster = await openCluster(input.agents, {
      variables: around.variables,
      coreCount: availableCores(),
      onStep: output.starting,
      onNote: (text) => output.note(text),
      isStopped: () => isStopped,
    });
  } finally {
    unheard();
  }
  if (cluster === undefined) {
    output.note('interrupted before the load began: there is nothing to report');
    return { kind: 'interrupted' };
  }
  try {
    output.note(`${cluster.count} ${cluster.count === 1 ? 'agent' : 'agents'}: ${cluster.agents().map(agentText).join(', ')}`);
    return await run(cluster);
  } finally {
    await cluster.close();
  }
}

function agentText({ name, host, cores, clockErrorUs }: AgentFacts): string {
  return `${name} on ${host} (up to ${cores} ${cores === 1 ? 'worker' : 'workers'}, clock known to ${(clockErrorUs / 1_000).toFixed(1)} ms)`;
}
