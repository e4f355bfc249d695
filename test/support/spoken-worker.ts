import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWorkerProcess } from '../../runtime/cluster/worker-process.ts';
import { FrameReader } from '../../runtime/messages/frames.ts';
import { decodeFromWorker, FROM_WORKER_LIMITS } from '../../runtime/messages/message-codec.ts';
import type { FromWorker, ToWorker } from '../../runtime/messages/messages.ts';
import { REPOSITORY } from './cli.ts';
import { temporaryFolder } from './project.ts';
import { workerSetup } from './worker-setup.ts';

/** The built worker as a process of its own, configured with a script; the test says what the coordinator would. */
export interface SpokenWorker {
  /** What its V8 has told of its collections so far. */
  readonly collections: () => string;
  /** Sends a message and resolves with the next one of this type. */
  ask(message: ToWorker, type: FromWorker['type']): Promise<FromWorker>;
  kill(): void;
}

/** @param script - TypeScript without imports but `stressrun` */
export async function spokenWorker(script: string): Promise<SpokenWorker> {
  const workerFile = join(temporaryFolder(), 'worker.cjs');
  const built = readFileSync(join(REPOSITORY, 'dist/worker.cjs'), 'utf8');
  writeFileSync(workerFile, `require('node:v8').setFlagsFromString('--trace-gc');\n${built}`);
  const worker = startWorkerProcess({ workerFile, heapMb: 256, variables: process.env });
  const { child, channel, release } = worker;
  let collections = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    collections += text;
  });
  const reader = new FrameReader(FROM_WORKER_LIMITS);
  const waiting = new Map<string, (message: FromWorker) => void>();
  channel.on('data', (chunk: Buffer) => {
    for (const frame of reader.push(chunk)) {
      const message = decodeFromWorker(frame) as FromWorker;
      waiting.get(message.type)?.(message);
    }
  });
  const ask = (message: ToWorker, type: FromWorker['type']): Promise<FromWorker> =>
    new Promise((resolve) => {
      waiting.set(type, resolve);
      worker.send(message);
    });
  worker.send(await workerSetup(script, readFileSync(join(REPOSITORY, 'dist/guest.js'), 'utf8')));
  return {
    collections: () => collections,
    ask,
    kill: () => {
      child.kill('SIGKILL');
      release();
    },
  };
}
