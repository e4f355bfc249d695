import { deserialize, serialize } from 'node:v8';
import { ClusterError } from '../core/errors.ts';
import { encodeDeltas } from './delta-codec.ts';
import { type Frame, type FrameLimits, framed } from './frames.ts';
import type { FromWorker, Sent, SnapshotMessage } from './messages.ts';

/**
 * What a worker sends is JSON with at most one large field (the numbers of a snapshot, a picture, a long result) as bytes behind it: a worker runs code of
 * strangers, and of all ways to read a message JSON is the one that does least. What the coordinator sends is V8's structured clone.
 */

/** Of one message from a worker: a snapshot of 20,000 series; a picture, or what a hook returned. */
export const FROM_WORKER_LIMITS: FrameLimits = { headBytesMax: 24 << 20, tailBytesMax: 128 << 20 };
/** The coordinator is believed; a length is still no reason to take all memory. */
export const TO_WORKER_LIMITS: FrameLimits = { headBytesMax: 2 ** 31, tailBytesMax: 0 };

/** Fields that may travel behind the head, and from which length of text on. */
const TAIL_FIELDS = ['bytes', 'text', 'numbers'] as const;
const LONG_TEXT = 65_536;
/** A head of fewer bytes cannot make more values than that; a longer one is counted before it is parsed. */
const SMALL_HEAD_BYTES = 1 << 20;
const VALUES_MAX = 2_000_000;
const DEPTH_MAX = 64;

/** @param sequence - see sequence.ts */
export function encodeFromWorker(said: FromWorker, sequence: number): Buffer[] {
  const message: Readonly<Record<string, unknown>> = said.type === 'snapshot' ? coded(said) : { ...said };
  for (const field of TAIL_FIELDS) {
    const value = message[field];
    if (value instanceof Uint8Array) {
      const tail = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      return framed(headOf(message, { field, isText: false }), { tail, sequence });
    }
    if (typeof value === 'string' && value.length > LONG_TEXT)
      return framed(headOf(message, { field, isText: true }), { tail: Buffer.from(value), sequence });
  }
  return framed(Buffer.from(JSON.stringify(message)), { sequence });
}

/** Its deltas as bytes, and the series that they introduce. */
function coded({ deltas, ...snapshot }: SnapshotMessage): Readonly<Record<string, unknown>> {
  return { ...snapshot, ...encodeDeltas(deltas) };
}

/** @returns a value of any shape: message-schema.ts says whether it is a message. @throws {ClusterError} when it is no JSON, or more of it than any message has */
export function decodeFromWorker({ head, tail }: Pick<Frame, 'head' | 'tail'>): unknown {
  if (head.length > SMALL_HEAD_BYTES) refuseLarge(head);
  const value = parsed(head);
  if (typeof value !== 'object' || value === null || !('tail' in value)) return value;
  const { tail: place, ...message } = value as Record<string, unknown>;
  const { field, isText } = (place ?? {}) as { field?: unknown; isText?: unknown };
  if (!TAIL_FIELDS.includes(field as (typeof TAIL_FIELDS)[number])) throw new ClusterError('a worker sent bytes that belong to nothing');
  return { ...message, [field as string]: isText === true ? tail.toString('utf8') : tail };
}

/** @param sequence - see sequence.ts */
export function encodeToWorker(message: Sent, sequence: number): Buffer[] {
  return framed(serialize(message), { sequence });
}

export function decodeToWorker({ head }: Pick<Frame, 'head'>): Sent {
  return deserialize(head) as Sent;
}

function headOf(message: object, tail: { field: string; isText: boolean }): Buffer {
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
