import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalBus } from '../../../runtime/cluster/local-bus.ts';
import { CHANNEL_TEXT } from '../../support/fake-worker.ts';
import { temporaryFolder } from '../../support/project.ts';
import { conforms } from './bus-conformance.ts';

const workerFile = join(temporaryFolder(), 'worker.cjs');
writeFileSync(
  workerFile,
  `${CHANNEL_TEXT}
hear(({ type, ask = 0 }) => {
  if (type === 'clock') send({ type: 'clock', to: ask, nowUs: 1 });
  if (type === 'evaluate') send({ type: 'exec' });
  if (type === 'finish') process.exit(3);
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`,
);

conforms('the local bus', (listener) => {
  const limits = { heapMb: 128, memoryBytesMax: 2 ** 30, stallTimeoutMs: 60_000 };
  return new LocalBus({ workerFile, variables: {}, ...limits, ...listener });
});
