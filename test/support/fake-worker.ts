import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalBus } from '../../runtime/cluster/local-bus.ts';
import type { WorkerProcess } from '../../runtime/cluster/worker-process.ts';
import { FrameReader } from '../../runtime/messages/frames.ts';
import { decodeFromWorker, FROM_WORKER_LIMITS } from '../../runtime/messages/message-codec.ts';
import { temporaryFolder } from './project.ts';

/**
 * JavaScript that defines, in a process started as a worker, over its channel: `raw(bytes)`, `frame(head, tail)`, `send(message, tail)`, and `hear(callback)` for what
 * the coordinator says. It writes what frames.ts and sequence.ts say, by hand.
 */
export const CHANNEL_TEXT = `
const socket = new (require('net').Socket)({ fd: 3, readable: true, writable: true });
const raw = (bytes) => socket.write(bytes);
let said = 0;
const frame = (head, tail = Buffer.alloc(0), sequence = ++said) => {
  const start = Buffer.alloc(13);
  start.writeUInt32LE(5 + head.length, 0);
  start.writeUInt32LE(tail.length, 4);
  start[8] = 1;
  start.writeUInt32LE(sequence, 9);
  raw(Buffer.concat([start, head, tail]));
};
const send = (message, tail) => frame(Buffer.from(JSON.stringify(message)), tail, message.type === 'beat' ? 0 : undefined);
const hear = (heard) => {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 8 && rest.length >= 8 + rest.readUInt32LE(0)) {
      const end = 8 + rest.readUInt32LE(0);
      const message = require('v8').deserialize(rest.subarray(13, end));
      rest = rest.subarray(end);
      heard(message);
    }
  });
};
socket.on('error', () => process.exit(0)).on('close', () => process.exit(0)).resume();
`;

/** What a worker says first. */
export function firstMessage({ channel }: WorkerProcess): Promise<unknown> {
  const reader = new FrameReader(FROM_WORKER_LIMITS);
  return new Promise((resolve) => {
    channel.on('data', (chunk: Buffer) => {
      for (const frame of reader.push(chunk)) resolve(decodeFromWorker(frame));
    });
  });
}

/** A worker that was lost: why, what it had said before that was believed, and which process it was. */
export interface LostWorker {
  readonly error: Error;
  readonly heard: readonly string[];
  readonly pid: number;
}

/** Lets a process that is no worker of ours speak to the coordinator's side until it is lost. `code` may use CHANNEL_TEXT's functions. */
export function liar(code: string): Promise<LostWorker> {
  const workerFile = join(temporaryFolder(), 'liar.cjs');
  writeFileSync(
    workerFile,
    `${CHANNEL_TEXT}\nsend({ type: 'ready', pid: process.pid });\nsetInterval(() => send({ type: 'beat', rssBytes: 1 }), 50);\n${code}`,
  );
  const heard: string[] = [];
  let pid = 0;
  return new Promise((resolve) => {
    const bus = new LocalBus({
      workerFile,
      heapMb: 256,
      variables: {},
      memoryBytesMax: 2 ** 30,
      stallTimeoutMs: 5_000,
      onMessage: (_worker, message) => {
        heard.push(message.type);
        if (message.type === 'ready') pid = message.pid;
      },
      onLost: (_worker, error) => {
        bus.close();
        resolve({ error, heard, pid });
      },
    });
    bus.add();
  });
}
