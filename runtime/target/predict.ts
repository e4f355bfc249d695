import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicUs } from '../core/clock.ts';
import { hashOfText, uniformOf } from '../core/random.ts';
import type { PictureFault } from '../image/decoder.ts';
import { annotate, decodeSmall, type RgbPicture } from '../image/pixels.ts';
import { detect, PIXELS_WANTED, type Prediction } from './detect.ts';
import { readPictures } from './json-upload.ts';
import { drawLatencyUs } from './latency.ts';
import type { TargetOptions } from './options.ts';
import type { Slots } from './slots.ts';
import type { PredictKind } from './stats.ts';

/** A JSON answer, not sent yet. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The prediction that was made, if one was. */
  readonly kind?: PredictKind;
}

/** One request for a prediction and what it runs in. */
export interface PredictCall {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly options: TargetOptions;
  readonly slots: Slots;
  /** 0-based number of the prediction since the server's start: delay and error follow from it. */
  readonly index: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** Where the time of a prediction went; the parts of its Server-Timing header. */
interface Timings {
  queueUs: number;
  preprocessUs: number;
  inferenceUs: number;
  postprocessUs: number;
}

const STATUS_OF_FAULT = { unsupported: 415, 'too-large': 413, undecodable: 422 } as const satisfies Record<PictureFault['kind'], number>;
/** White: the shapes are coloured, and backgrounds darker. */
const FRAME_COLOUR = [255, 255, 255] as const;
const ERROR = hashOfText('target error');

/** Reads the upload, waits for a slot, predicts. @returns undefined when the client went away */
export async function answerPredict(call: PredictCall): Promise<Answer | undefined> {
  const asked = call.query.get('return_image') ?? 'false';
  if (asked !== 'true' && asked !== 'false')
    return failure(400, `return_image: expected true or false; got ${JSON.stringify(asked.slice(0, 50))}`);
  const upload = await readPictures(call.request);
  if (upload.kind === 'left') return undefined;
  if (upload.kind === 'refused') return failure(upload.status, upload.reason);

  const askedAtUs = monotonicUs();
  const entry = await call.slots.enter(call.signal);
  if (entry === 'left') return undefined;
  if (entry === 'full') return { ...failure(503, 'every slot is taken and the queue is full'), headers: { 'retry-after': '1' } };
  try {
    return await work(call, { ...upload, withImage: asked === 'true', queueUs: monotonicUs() - askedAtUs });
  } finally {
    call.slots.leave();
  }
}

interface Work {
  readonly pictures: readonly Buffer[];
  readonly isList: boolean;
  readonly withImage: boolean;
  readonly queueUs: number;
}

/** What holds a slot: decode, detect, the extra delay, and drawing the boxes; of a list one picture after the other, and the delay once, as of a batch. */
async function work(call: PredictCall, { pictures, isList, withImage, queueUs }: Work): Promise<Answer | undefined> {
  const beganAtUs = monotonicUs();
  const decoded: RgbPicture[] = [];
  for (const bytes of pictures) {
    const picture = await decodeSmall(bytes, PIXELS_WANTED);
    if (!picture.ok) return failure(STATUS_OF_FAULT[picture.kind], picture.reason);
    decoded.push(picture);
  }

  const decodedAtUs = monotonicUs();
  const found = decoded.map(detect);
  if (!(await delay(call))) return undefined;
  if (uniformOf(call.options.seed, ERROR, call.index) < call.options.errorRatio) return failure(500, 'an error as --error-rate asks for');

  const inferredAtUs = monotonicUs();
  const results: { predictions: Prediction[]; image?: string }[] = [];
  for (const [i, predictions] of found.entries()) {
    const frames = predictions.map(({ box }) => ({ box, colour: FRAME_COLOUR }));
    const image = withImage ? await annotate(pictures[i] as Buffer, frames) : undefined;
    if (image !== undefined && !Buffer.isBuffer(image)) return failure(STATUS_OF_FAULT[image.kind], image.reason);
    results.push({ predictions, ...(image === undefined ? {} : { image: image.toString('base64') }) });
  }
  const timings = {
    queueUs,
    preprocessUs: decodedAtUs - beganAtUs,
    inferenceUs: inferredAtUs - decodedAtUs,
    postprocessUs: monotonicUs() - inferredAtUs,
  };
  const { source } = decoded[0] as RgbPicture;
  return {
    status: 200,
    body: isList ? { results } : results[0],
    kind: { withImage, size: `${source.width}x${source.height}` },
    ...(call.options.hasServerTiming ? { headers: { 'server-timing': serverTimingOf(timings) } } : {}),
  };
}

/** @returns false when the client went away meanwhile */
async function delay({ options, index, signal }: PredictCall): Promise<boolean> {
  const latencyUs = drawLatencyUs(options.latency, options.seed, index);
  if (latencyUs > 0) await wait(latencyUs / 1000, undefined, { signal }).catch(() => undefined); // rejects only when aborted
  return !signal.aborted;
}

/** A JSON answer that says what is wrong. */
export function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** @see https://www.w3.org/TR/server-timing/ */
function serverTimingOf({ queueUs, preprocessUs, inferenceUs, postprocessUs }: Timings): string {
  const parts = { queue: queueUs, preprocess: preprocessUs, inference: inferenceUs, postprocess: postprocessUs };
  return Object.entries(parts)
    .map(([name, us]) => `${name};dur=${(us / 1000).toFixed(3)}`)
    .join(', ');
}
