import { deserialize, serialize } from 'node:v8';
import { ClusterError } from '../core/errors.ts';
import { type Frame, type FrameLimits, framed } from './frames.ts';
import type { FromWorker, Sent } from './messages.ts';

/**
 * What a worker sends is JSON with at most one large field (a picture, a long result) as bytes behind it: a worker runs code of
 * strangers, and of all ways to read a message JSON is the one that does least. What the coordinator sends is V8's structured clone.
 */

/** Of one message from a worker: a snapshot of 20,000 series; a picture, or what a hook returned. */
export const FROM_WORKER_LIMITS: FrameLimits = { headBytesMax: 24 << 20, tailBytesMax: 128 << 20 };
/** The coordinator is believed; a length is still no reason to take all memory. */
export const TO_WORKER_LIMITS: FrameLimits = { headBytesMax: 2 ** 31, tailBytesMax: 0 };

/** Fields that may travel behind the head, and from which length of text on. */
const TAIL_FIELDS = ['bytes', 'text'] as const;
const LONG_TEXT = 65_536;
/** A head of fewer bytes cannot make more values than that; a longer one is counted before it is parsed. */
const SMALL_HEAD_BYTES = 1 << 20;
const VALUES_MAX = 2_000_000;
const DEPTH_MAX = 64;

export function encodeFromWorker(message: FromWorker): Buffer[] {
  for (const field of TAIL_FIELDS) {
    const value = (message as Readonly<Record<string, unknown>>)[field];
    if (value instanceof Uint8Array)
      return framed(headOf(message, { field, isText: false }), Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    if (typeof value === 'string' && value.length > LONG_TEXT) return framed(headOf(message, { field, isText: true }), Buffer.from(value));
  }
  return framed(Buffer.from(JSON.stringify(message)));
}

/** @returns a value of any shape: message-schema.ts says whether it is a message. @throws {ClusterError} when it is no JSON, or more of it than any message has */
export function decodeFromWorker({ head, tail }: Frame): unknown {
  if (head.length > SMALL_HEAD_BYTES) refuseLarge(head);
  const value = parsed(head);
  if (typeof value !== 'object' || value === null || !('tail' in value)) return value;
  const { tail: place, ...message } = value as Record<string, unknown>;
  const { field, isText } = (place ?? {}) as { field?: unknown; isText?: unknown };
  if (!TAIL_FIELDS.includes(field as (typeof TAIL_FIELDS)[number])) throw new ClusterError('a worker sent bytes that belong to nothing');
  return { ...message, [field as string]: isText === true ? tail.toString('utf8') : tail };
}

export function encodeToWorker(message: Sent): Buffer[] {
  return framed(serialize(message));
}

export function decodeToWorker({ head }: Frame): Sent {
  return deserialize(head) as Sent;
}

function headOf(message: FromWorker, tail: { field: string; isText: boolean }): Buffer {
  return Buffer.from(JSON.stringify({ ...message, [tail.field]: undefined, tail }));
}

function parsed(head: Buffer): unknown {
  try {
    return JSON.parse(head.toString('utf8'));
  } catch {
    throw new ClusterError('a worker sent bytes that are no message');
  }
}

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x2c, 0x5b, 0x5d, 0x7b, 0x7d];

/** A byte of JSON can become 60 bytes of memory (`[[[[…`): what is long is counted first. @throws {ClusterError} */
function refuseLarge(head: Buffer): void {
  let [depth, values, isText] = [0, 0, false];
  for (let i = 0; i < head.length; i++) {
    const byte = head[i];
    if (isText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === COMMA) values++;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values++;
      depth++;
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth--;
    if (depth > DEPTH_MAX || values > VALUES_MAX)
      throw new ClusterError(`a worker sent a message of more than ${VALUES_MAX} values or ${DEPTH_MAX} levels`);
  }
}
