/** A worker process: hardened, disposable, owns the hot path. The coordinator starts it and speaks with it over a channel. */

import { StallCell } from '../core/stall-cell.ts';
import { ResidentMemory } from '../measure/usage.ts';
import { WORKER_STALL_FD } from '../messages/worker-fds.ts';
import { leaveProcess, tameProcess } from '../sandbox/taming.ts';
import { openWorkerChannel } from './channel.ts';
import { WorkerLife } from './worker-life.ts';

const BEAT_INTERVAL_MS = 250;

process.on('SIGINT', () => undefined); // a terminal's Ctrl-C reaches the whole group; the coordinator alone decides
process.on('SIGTERM', () => undefined);
process.on('SIGHUP', () => undefined); // nor does a terminal that is closed

const { send, handle } = openWorkerChannel({ message: (message) => life.receive(message), closed: () => leaveProcess(0) });
const life = new WorkerLife(send, new StallCell(WORKER_STALL_FD));
// The value is whatever a script rejected with: looking at it could run its code. A promise of the host is our own fault.
process.on('unhandledRejection', (reason, promise) => {
  if (Object.getPrototypeOf(promise) === Promise.prototype) throw reason;
  life.rejected(reason);
});

const memory = new ResidentMemory();
setInterval(() => send({ type: 'beat', rssBytes: memory.bytes() }), BEAT_INTERVAL_MS);

tameProcess(handle);
send({ type: 'ready', pid: process.pid });
