import { inspectBase64, inspectImage } from '../image/inspect.ts';
import type { Fleet, WorkerEvent } from './fleet.ts';
import type { AnswerLoader } from './loaded-answers.ts';

/** What the coordinator does with pictures while the load runs: sharp never loads in a worker. */

/** Looks at a picture that a worker cut out of an answer, and tells the worker what it is. */
export async function inspectAnswer(fleet: Fleet, worker: number, { bytes, id }: Extract<WorkerEvent, { type: 'inspect' }>): Promise<void> {
  const inspection =
    typeof bytes === 'string'
      ? await inspectBase64(bytes)
      : await inspectImage(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  fleet.send(worker, { type: 'inspected', id, json: JSON.stringify(inspection) });
}

/** Draws a picture for a pool of which every use is a new one; no bytes when it cannot be drawn. */
export async function drawPicture(
  fleet: Fleet,
  worker: number,
  what: { event: Extract<WorkerEvent, { type: 'draw' }>; loader: AnswerLoader | undefined },
): Promise<void> {
  const { event, loader } = what;
  const bytes = await loader?.draw(event.pool, event.index).catch(() => undefined);
  fleet.send(worker, { type: 'drawn', id: event.id, bytes: bytes ?? Buffer.alloc(0) });
}
