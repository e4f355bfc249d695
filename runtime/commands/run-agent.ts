import { AGENT_CORES_MAX, liveAsAgent } from '../agents/agent-life.ts';
import { ConfigError } from '../core/errors.ts';
import { availableCores } from '../monitor/machine-load.ts';
import { localWorkers } from '../run/local-workers.ts';
import type { RunAgentInput } from './inputs.ts';
import { given } from './typed-values.ts';

/** `stressrun agent`: until it is stopped, or after a run. @throws {ConfigError} for flags that are none, or a token that lets nobody in */
export async function runAgent({ flags, output, signals, around }: RunAgentInput): Promise<number> {
  const { join: url, token, workers, isOneRun = false } = flags;
  if (url === undefined) throw new ConfigError('--join', 'expected the URL of a NATS server, such as "nats://host:4222"; got none');
  const stopped = new Promise<string>((resolve) => signals.onStop(resolve));
  await liveAsAgent({
    url,
    ...given({ token }),
    cores: coresOf(workers),
    isOneRun,
    openBus: localWorkers(around.variables),
    note: (text) => output.note(text),
    stopped,
  });
  return 0;
}

function coresOf(workers: string | undefined): number {
  if (workers === undefined) return availableCores();
  const count = Number(workers);
  if (/^\d+$/.test(workers) && count >= 1 && count <= AGENT_CORES_MAX) return count;
  throw new ConfigError('--workers', `expected a number of workers from 1 to ${AGENT_CORES_MAX}; got ${JSON.stringify(workers)}`);
}
