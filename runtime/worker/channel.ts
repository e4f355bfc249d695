import { Socket } from 'node:net';
import { FrameReader } from '../messages/frames.ts';
import { decodeToWorker, encodeFromWorker, TO_WORKER_LIMITS } from '../messages/message-codec.ts';
import type { FromWorker, Sent } from '../messages/messages.ts';
import { Numbering, SequenceCheck } from '../messages/sequence.ts';

/** The descriptor under which a worker finds its channel: after stdin, stdout and stderr. */
const WORKER_CHANNEL_FD = 3;

export interface WorkerChannel {
  send(message: FromWorker): void;
  /** Node's inner object below the socket. */
  readonly handle: object | undefined;
}

/**
 * A worker's end of its channel. Not Node's own IPC: bytes that are no message, which code that has broken out can write,
 * would throw in the coordinator's parser where nobody can catch it.
 */
export function openWorkerChannel(on: { message(message: Sent): void; closed(): void }): WorkerChannel {
  const socket = new Socket({ fd: WORKER_CHANNEL_FD, readable: true, writable: true });
  const reader = new FrameReader(TO_WORKER_LIMITS);
  const [heard, said] = [new SequenceCheck('the coordinator'), new Numbering()];
  socket.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) {
      const message = decodeToWorker(frame);
      heard.take(frame.sequence, message);
      on.message(message);
    }
  });
  socket.on('error', () => undefined); // `close` follows
  socket.once('close', on.closed);
  return {
    handle: (socket as unknown as { _handle?: object | null })._handle ?? undefined,
    send(message) {
      if (socket.destroyed) return;
      socket.cork();
      for (const part of encodeFromWorker(message, said.next(message))) socket.write(part);
      socket.uncork();
    },
  };
}
