import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalBus } from '../../../runtime/cluster/local-bus.ts';
import { temporaryFolder } from '../../support/project.ts';
import { CONFORMING_WORKER, conforms } from './bus-conformance.ts';

const workerFile = join(temporaryFolder(), 'worker.cjs');
writeFileSync(workerFile, CONFORMING_WORKER);

conforms('the local bus', (listener) => {
  const limits = { heapMb: 128, memoryBytesMax: 2 ** 30, stallTimeoutMs: 60_000 };
  return new LocalBus({ workerFile, variables: {}, ...limits, ...listener });
});
