import { readFileSync } from 'node:fs';
import { startWorkerEarly, WORKER_HEAP_MB } from '../cluster/worker-process.ts';
import { PACKAGE } from '../core/package-files.ts';
import type { RunTestInput } from './output.ts';
import { wantedFilesOf } from './report-paths.ts';

/**
 * Starts the first worker of a run while the code of the coordinator is still loaded. Not where a flag may be refused before a run has any worker: nothing is
 * started for a command line that cannot be run.
 */
export function startFirstWorker(input: RunTestInput): void {
  const { seed, outs = [] } = input.flags;
  if (input.agents !== undefined) return; // its workers are elsewhere
  if (seed !== undefined || outs.length > 0 || wantedFilesOf(input).length > 0) return;
  const guestText = readFileSync(PACKAGE.guestFile, 'utf8');
  startWorkerEarly(
    { workerFile: PACKAGE.workerFile, heapMb: WORKER_HEAP_MB, variables: input.around.variables },
    { type: 'sandbox', guestText },
  );
}
