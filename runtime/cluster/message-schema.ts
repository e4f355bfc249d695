import { z } from 'zod';
import { ClusterError } from '../core/errors.ts';
import { OFFERS_MAX, START_NUMBERS } from '../core/hand-over.ts';
import { HOOK_ENDS, LIMITS } from '../core/mailbox.ts';
import { decodeDeltas } from '../messages/delta-codec.ts';
import { type FromWorker, type SnapshotMessage, STALL_US_MAX } from '../messages/messages.ts';
import { errorTallySchema, keptRequestSchema, numberedSeriesSchema } from '../record/delta-schema.ts';

const TEXT_MAX = 64_000;
/** Of what is wrong with a message: names in it are the worker's. */
const WORDS_MAX = 200;
const PICTURE_BYTES_MAX = 128 << 20;
const SAMPLE_BYTES_MAX = 1 << 20;
/** Of all the numbers in a snapshot: hundreds of bytes for each series that a worker may have. */
const NUMBERS_BYTES_MAX = 16 << 20;
const SERIES_MAX = 20_000;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const text = z.string().max(TEXT_MAX);
const vu = z
  .number()
  .int()
  .min(-1)
  .max(2 ** 31);

/** The length is looked at first: a list of millions of wrong things would make millions of complaints. */
const listOf = <Item extends z.ZodType>(item: Item, lengthMax: number) =>
  z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= lengthMax, { error: `expected at most ${lengthMax} items` })
    .pipe(z.array(item));

const bytesUpTo = (bytesMax: number) => z.instanceof(Uint8Array).refine((value) => value.byteLength <= bytesMax);

const generator = z.strictObject({
  second: count,
  spanS: z.number().int().min(2).max(86_400).exactOptional(),
  loopLagP99Us: z.number().min(0),
  loopLagMaxUs: z.number().min(0),
  cpu: z.number().min(0).max(1_000),
  lateStarts: count,
  begunStarts: count,
  rssBytes: z.number().min(0),
  starvedUs: z.number().min(0).exactOptional(),
  ranUsMax: z.number().min(0).exactOptional(),
  stalledFailures: count.exactOptional(),
  gcUs: z.number().min(0).exactOptional(),
  gcUsMax: z.number().min(0).exactOptional(),
  connectQueueUsMax: z.number().min(0).exactOptional(),
  ownSocketErrors: count.exactOptional(),
  sendLagUsP99: z.number().min(0).exactOptional(),
});

const starts = z.strictObject({ due: count, begun: count, late: count, queued: count, dropped: count, interrupted: count });

const snapshot = z.strictObject({
  type: z.literal('snapshot'),
  second: count,
  period: z.enum(['setup', 'warm-up', 'measured', 'teardown']),
  series: listOf(numberedSeriesSchema, SERIES_MAX),
  numbers: bytesUpTo(NUMBERS_BYTES_MAX),
  errors: listOf(errorTallySchema, 1_000),
  starts,
  activeUsers: count,
  inFlight: count,
  generator: generator.nullable(),
  overflowed: count,
  kept: listOf(keptRequestSchema, 100),
  startsByScenario: listOf(starts, 10_000),
  running: listOf(count, 10_000).exactOptional(),
  lostStarts: count.exactOptional(),
});

const part = z.strictObject({
  scenario: count,
  offers: listOf(z.number(), START_NUMBERS * OFFERS_MAX).exactOptional(),
  free: z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER).exactOptional(),
  queues: z.boolean().exactOptional(),
  round: count.exactOptional(),
  leaves: z.literal(true).exactOptional(),
  waiting: count.exactOptional(),
  stock: listOf(count, 200_000).exactOptional(),
  claims: z.literal(true).exactOptional(),
});

const calibration = z.strictObject({
  requests: count,
  overheadUsP50: z.number().min(0),
  overheadUsP95: z.number().min(0),
  overheadUsP99: z.number().min(0),
});

const declaration = z.strictObject({
  exportNames: listOf(text, 10_000),
  options: z.unknown().optional(),
  metrics: listOf(z.strictObject({ name: text, type: text, unit: text }), 10_000),
  taskNames: listOf(text, 10_000),
  taskWeights: z.record(text, z.number().min(0)).refine((weights) => Object.keys(weights).length <= 10_000),
});

const period = z.enum(['warm-up', 'measured']);
const bytes = bytesUpTo(PICTURE_BYTES_MAX);

const fromWorker = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), pid: count }),
  z.strictObject({ type: z.literal('beat'), rssBytes: z.number().min(0) }),
  z.strictObject({ type: z.literal('clock'), to: count, nowUs: count }),
  z.strictObject({ type: z.literal('refused'), missing: listOf(text, 100) }),
  z.strictObject({
    type: z.literal('evaluated'),
    to: count,
    needs: listOf(text, 1_000),
    declaration: declaration.nullable(),
    error: z
      .strictObject({ kind: z.enum(['threw', 'badInput']), text })
      .readonly()
      .nullable(),
  }),
  z.strictObject({ type: z.literal('prepared'), to: count, users: count, error: text.nullable(), failedVu: vu }),
  z.strictObject({
    type: z.literal('hookEnded'),
    to: count,
    end: z.enum(HOOK_ENDS),
    text: z.string().max(LIMITS.resultLength),
  }),
  snapshot,
  z.strictObject({ type: z.literal('handOver'), parts: listOf(part, 10_000) }),
  z.strictObject({ type: z.literal('stalled'), us: z.number().min(0).max(STALL_US_MAX) }),
  z.strictObject({
    type: z.literal('samples'),
    series: listOf(numberedSeriesSchema, SERIES_MAX),
    bytes: bytesUpTo(SAMPLE_BYTES_MAX),
    dropped: count,
  }),
  z.strictObject({ type: z.literal('periodEnded'), to: count, period, endedAtUs: z.number() }),
  z.strictObject({ type: z.literal('log'), vu, level: z.number().int().min(0).max(3), text }),
  z.strictObject({ type: z.literal('unawaited'), vu, where: text }),
  z.strictObject({ type: z.literal('replaced'), header: text }),
  z.strictObject({
    type: z.literal('lost'),
    vu,
    phase: z.enum(['init', 'setup', 'teardown', 'vuSetup', 'vuTeardown', 'check', 'handleSummary']),
    text,
  }),
  z.strictObject({ type: z.literal('abort'), vu, reason: text }),
  z.strictObject({ type: z.literal('fail'), vu, reason: text }),
  z.strictObject({ type: z.literal('inspect'), id: count, bytes: z.union([bytes, z.string().max(PICTURE_BYTES_MAX)]) }),
  z.strictObject({ type: z.literal('draw'), id: count, pool: text, index: count }),
  z.strictObject({ type: z.literal('calibrated'), to: count, calibration: calibration.nullable() }),
  z.strictObject({ type: z.literal('finished'), to: count, error: text.nullable(), failedVu: vu, failures: count }),
]);

/** Reads what a worker sent. A worker runs code of strangers: nothing of it is believed before it has passed here. @throws {ClusterError} */
export function readFromWorker(message: unknown): FromWorker {
  const result = fromWorker.safeParse(message);
  if (!result.success) {
    const issue = result.error.issues[0];
    const why = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, WORDS_MAX);
    throw new ClusterError(`a worker sent a message that is none: ${why}`);
  }
  return result.data.type === 'snapshot' ? withDeltas(result.data) : (result.data as FromWorker);
}

function withDeltas({ series, numbers: coded, ...rest }: z.infer<typeof snapshot>): FromWorker {
  const numbers = Buffer.from(coded.buffer, coded.byteOffset, coded.byteLength);
  try {
    return { ...(rest as Omit<SnapshotMessage, 'deltas'>), deltas: decodeDeltas({ series, numbers }), numbers };
  } catch (error) {
    throw error instanceof ClusterError ? new ClusterError(`a worker sent a snapshot that is none: ${error.message}`) : error;
  }
}
