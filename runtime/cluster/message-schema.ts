import { z } from 'zod';
import { ClusterError } from '../core/errors.ts';
import { LIMITS } from '../core/mailbox.ts';
import { seriesDeltaSchema } from '../metrics/delta-schema.ts';
import type { FromWorker } from './messages.ts';

const TEXT_MAX = 64_000;
const PICTURE_BYTES_MAX = 128 << 20;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const text = z.string().max(TEXT_MAX);
const vu = z.number().int().min(-1).max(10_000_000);

const tally = z.strictObject({
  name: text,
  kind: z.string().max(100),
  code: z.number().int().min(0).max(10_000),
  count,
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
  sample: text,
});

const generator = z.strictObject({
  second: count,
  loopLagP99Us: z.number().min(0),
  loopLagMaxUs: z.number().min(0),
  cpu: z.number().min(0).max(1_000),
  lateStarts: count,
  begunStarts: count,
  rssBytes: z.number().min(0),
});

const starts = z.strictObject({ due: count, begun: count, late: count, queued: count, dropped: count, interrupted: count });

const snapshot = z.strictObject({
  type: z.literal('snapshot'),
  second: count,
  period: z.enum(['setup', 'warm-up', 'measured', 'teardown']),
  deltas: z.array(seriesDeltaSchema).max(20_000),
  errors: z.array(tally).max(1_000),
  starts,
  activeUsers: count,
  inFlight: count,
  generator: generator.nullable(),
  overflowed: count,
});

const declaration = z.strictObject({
  exportNames: z.array(text).max(10_000),
  options: z.unknown().optional(),
  metrics: z.array(z.strictObject({ name: text, type: text, unit: text })).max(10_000),
  taskNames: z.array(text).max(10_000),
});

const period = z.enum(['warm-up', 'measured']);
const bytes = z.instanceof(Uint8Array).refine((value) => value.byteLength <= PICTURE_BYTES_MAX);

const fromWorker = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), pid: count }),
  z.strictObject({ type: z.literal('beat'), rssBytes: z.number().min(0) }),
  z.strictObject({
    type: z.literal('evaluated'),
    needs: z.array(text).max(1_000),
    declaration: declaration.nullable(),
    error: text.nullable(),
  }),
  z.strictObject({ type: z.literal('prepared'), users: count, error: text.nullable(), failedVu: vu }),
  z.strictObject({ type: z.literal('hookEnded'), token: z.number().int(), isOk: z.boolean(), text: z.string().max(LIMITS.resultLength) }),
  snapshot,
  z.strictObject({ type: z.literal('periodEnded'), period, endedAtUs: z.number(), hasFailedRequests: z.boolean() }),
  z.strictObject({ type: z.literal('log'), vu, level: z.number().int().min(0).max(3), text }),
  z.strictObject({ type: z.literal('unawaited'), vu, where: text }),
  z.strictObject({ type: z.literal('abort'), vu, reason: text }),
  z.strictObject({ type: z.literal('fail'), vu, reason: text }),
  z.strictObject({ type: z.literal('inspect'), id: count, bytes: z.union([bytes, z.string().max(PICTURE_BYTES_MAX)]) }),
  z.strictObject({ type: z.literal('draw'), id: count, pool: text, index: count }),
  z.strictObject({ type: z.literal('finished') }),
]);

/** Reads what a worker sent. A worker runs code of strangers: nothing of it is believed before it has passed here. @throws {ClusterError} */
export function readFromWorker(message: unknown): FromWorker {
  const result = fromWorker.safeParse(message);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ClusterError(`a worker sent a message that is none: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  return result.data as FromWorker;
}
