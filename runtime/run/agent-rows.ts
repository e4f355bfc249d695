import type { AgentFacts } from '../agents/agent-peer.ts';
import type { AgentRow } from '../core/run-json.ts';

/** An agent as run.json has it. */
export function agentRow({ name, host, workers, clockErrorUs, clockDriftUs, leadUs, lost }: AgentFacts): AgentRow {
  return {
    name,
    host,
    workers: workers.length,
    clockErrorMs: clockErrorUs / 1_000,
    clockDriftMs: clockDriftUs / 1_000,
    startLeadMs: leadUs === undefined ? null : leadUs / 1_000,
    lost: lost ?? null,
  };
}

/** What a report says of an agent. */
export function agentNote({ name, host, workers, clockErrorUs, clockDriftUs, leadUs, lost }: AgentFacts): string {
  const clock = `clock known to ${msText(clockErrorUs)}, moved by ${msText(clockDriftUs)}`;
  const lead =
    leadUs === undefined
      ? 'no start'
      : leadUs < 0
        ? `start ${msText(-leadUs)} too late`
        : `start there ${msText(leadUs)} before it was due`;
  const text = `${name} on ${host}: ${workers.length} ${workers.length === 1 ? 'worker' : 'workers'}, ${clock}, ${lead}`;
  return lost === undefined ? text : `${text}; ${lost}`;
}

const msText = (us: number): string => `${(us / 1_000).toFixed(1)} ms`;
