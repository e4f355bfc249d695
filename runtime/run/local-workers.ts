import type { OpenBus } from '../cluster/bus.ts';
import { LocalBus } from '../cluster/local-bus.ts';
import { type Variables, WORKER_HEAP_MB } from '../cluster/worker-process.ts';
import { PACKAGE } from '../core/package-files.ts';

const MEMORY_BYTES_MAX = (WORKER_HEAP_MB + 1_024) * 1_048_576;
const STALL_TIMEOUT_MS = 5_000;

/** Workers on this machine, with the limits of a run. @param variables - of which they see those that they may */
export function localWorkers(variables: Variables, workerFile = PACKAGE.workerFile): OpenBus {
  const limits = { heapMb: WORKER_HEAP_MB, memoryBytesMax: MEMORY_BYTES_MAX, stallTimeoutMs: STALL_TIMEOUT_MS };
  return (listener) => new LocalBus({ workerFile, variables, ...limits, ...listener });
}
