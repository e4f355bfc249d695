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
const { deserialize } = require('v8');
let rest = Buffer.alloc(0);
socket.on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32LE(0)) {
    const end = 8 + rest.readUInt32LE(0);
    const { type, ask = 0 } = deserialize(rest.subarray(8, end));
    rest = rest.subarray(end);
    if (type === 'clock') send({ type: 'clock', to: ask, nowUs: 1 });
    if (type === 'finish') process.exit(3);
  }
});
send({ type: 'ready', pid: process.pid });
setInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);`,
);

conforms('the local bus', (listener) => {
  const limits = { heapMb: 128, memoryBytesMax: 2 ** 30, stallTimeoutMs: 60_000 };
  return new LocalBus({ workerFile, variables: {}, ...limits, ...listener });
});
