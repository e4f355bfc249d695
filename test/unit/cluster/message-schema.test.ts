import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFromWorker } from '../../../runtime/cluster/message-schema.ts';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { type Frame, FrameReader } from '../../../runtime/messages/frames.ts';
import { decodeFromWorker, encodeFromWorker, FROM_WORKER_LIMITS } from '../../../runtime/messages/message-codec.ts';
import type { FromWorker, SnapshotMessage } from '../../../runtime/messages/messages.ts';

const STARTS = { due: 3, begun: 3, late: 0, queued: 0, dropped: 0, interrupted: 0 };
const GENERATOR = { second: 1, loopLagP99Us: 10, loopLagMaxUs: 20, cpu: 0.5, lateStarts: 0, begunStarts: 3, rssBytes: 60e6 };
const SERIES = { metric: 'http_reqs', type: 'counter', unit: 'default', period: 'measured', tags: { name: '/a' } } as const;

/** One message of every kind. */
const MESSAGES: FromWorker[] = [
  { type: 'ready', pid: 12 },
  { type: 'beat', rssBytes: 60e6 },
  { type: 'evaluated', to: 2, needs: ['image.pool:{}'], declaration: null, error: null },
  {
    type: 'evaluated',
    to: 2,
    needs: [],
    declaration: {
      exportNames: ['default'],
      options: { vus: 1 },
      metrics: [{ name: 'seen', type: 'counter', unit: 'default' }],
      taskNames: [],
      taskWeights: {},
    },
    error: null,
  },
  { type: 'prepared', to: 3, users: 5, error: null, failedVu: -1 },
  { type: 'hookEnded', to: 4, end: 'done', text: '{}' },
  {
    type: 'snapshot',
    second: 1,
    period: 'measured',
    deltas: [{ id: 0, series: SERIES, type: 'counter', count: 2, sum: 2, refused: 0 }],
    errors: [{ name: '/a', kind: 'status', code: 1500, count: 1, firstSeenMs: 1, lastSeenMs: 2, sample: 'x' }],
    starts: STARTS,
    activeUsers: 5,
    inFlight: 1,
    generator: GENERATOR,
    overflowed: 0,
    kept: [],
    startsByScenario: [STARTS],
  },
  { type: 'samples', series: [{ id: 3, identity: SERIES }], bytes: Buffer.alloc(24), dropped: 2 },
  { type: 'periodEnded', period: 'measured', to: 5, endedAtUs: 5 },
  { type: 'log', vu: -1, level: 3, text: 'x' },
  { type: 'unawaited', vu: 0, where: '' },
  { type: 'lost', vu: -1, phase: 'setup', text: '' },
  { type: 'abort', vu: 0, reason: '' },
  { type: 'fail', vu: 0, reason: '' },
  { type: 'inspect', id: 1, bytes: Buffer.from('x') },
  { type: 'inspect', id: 1, bytes: 'eA==' },
  { type: 'draw', id: 1, pool: 'p', index: 3 },
  { type: 'stalled', us: 600_000_000 },
  { type: 'finished', to: 6, error: null, failedVu: -1, failures: 0 },
];

/** As it comes out of the channel, not checked yet. */
function wire(message: FromWorker): Record<string, unknown> {
  const [frame] = [...new FrameReader(FROM_WORKER_LIMITS).push(Buffer.concat(encodeFromWorker(message, 1)))];
  return decodeFromWorker(frame as Frame) as Record<string, unknown>;
}

test.each(MESSAGES.map((message) => [message.type, message] as const))('a message %s is read as it was sent', (type, message) => {
  expect(readFromWorker(wire(message))).toEqual(type === 'snapshot' ? { ...message, numbers: wire(message)['numbers'] } : message);
});

function refusal(message: unknown): unknown {
  try {
    readFromWorker(message);
    return undefined;
  } catch (error) {
    return error;
  }
}

test('whatever 3,000 random values are, they are refused with a ClusterError and nothing else', () => {
  const anything = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true }),
    fc.record({ type: fc.constantFrom(...MESSAGES.map(({ type }) => type)), extra: fc.anything() }),
  );
  fc.assert(
    fc.property(anything, (value) => refusal(value) instanceof ClusterError),
    { numRuns: 3_000 },
  );
});

/** Every place in a message, as a path of keys. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [path];
  return [path, ...Object.keys(value).flatMap((key) => pathsOf((value as Record<string, unknown>)[key], [...path, key]))];
}

function replaced(message: unknown, [key, ...rest]: string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(message) ? [...(message as unknown[])] : { ...(message as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, value);
  return copy;
}

test('3,000 messages with one part replaced by something else are read, or refused with a ClusterError', () => {
  const place = fc.constantFrom(...MESSAGES.map(wire).flatMap((message) => pathsOf(message).map((path) => ({ message, path }))));
  const part = fc.oneof(
    fc.anything(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, 2 ** 60, 0.5, '', 'x'.repeat(70_000), [], {}),
  );
  fc.assert(
    fc.property(place, part, ({ message, path }, value) => {
      const error = refusal(replaced(message, path, value));
      return error === undefined || error instanceof ClusterError;
    }),
    { numRuns: 3_000 },
  );
});

const SNAPSHOT = wire(MESSAGES.find(({ type }) => type === 'snapshot') as FromWorker);
const LOG = { type: 'log', vu: 0, level: 1, text: 'x' };
test.each([
  ['a kind that is none', { type: 'exec', command: 'ls' }],
  ['a stall of over 10 minutes', { type: 'stalled', us: 600_000_001 }],
  ['a field too many', { ...LOG, extra: 1 }],
  ['a field too few', { type: 'log', vu: 0, level: 1 }],
  ['a text of 64,001 characters', { ...LOG, text: 'x'.repeat(64_001) }],
  ['a level of 4', { ...LOG, level: 4 }],
  ['a VU of −2', { ...LOG, vu: -2 }],
  ['a count of a half', { type: 'ready', pid: 0.5 }],
  ['a count that is no number', { type: 'beat', rssBytes: Number.NaN }],
  ['more than a megabyte of samples', { type: 'samples', series: [], bytes: Buffer.alloc((1 << 20) + 1), dropped: 0 }],
  ['a sample of a series without a name', { type: 'samples', series: [{ id: 3 }], bytes: Buffer.alloc(24), dropped: 0 }],
  ['20,001 names of series', { ...SNAPSHOT, series: Array.from({ length: 20_001 }, (_, id) => ({ id, identity: SERIES })) }],
  ['16 MiB of numbers and one byte', { ...SNAPSHOT, numbers: Buffer.alloc((16 << 20) + 1) }],
  ['numbers that are a list', { ...SNAPSHOT, numbers: [1, 2, 3] }],
  ['a snapshot without numbers', { ...SNAPSHOT, numbers: undefined }],
  ['a result of over 32 MiB', { type: 'hookEnded', token: 1, end: 'done', text: 'x'.repeat((32 << 20) + 1) }],
  ['a picture of over 128 MiB', { type: 'inspect', id: 1, bytes: new Uint8Array((128 << 20) + 1) }],
])('%s is refused', (_, message) => {
  expect(refusal(message)).toBeInstanceOf(ClusterError);
  expect((refusal(message) as Error).message).toMatch(/^a worker sent a message that is none: /);
});

test.each<[string, SeriesDelta[], string]>([
  ['more passes than samples', [{ id: 0, type: 'rate', count: 1, passes: 2 }], 'expected at most as many passes as samples'],
  [
    '20,001 series',
    Array.from({ length: 20_001 }, (_, id) => ({ id, type: 'rate', count: 1, passes: 1 })),
    'expected at most 20000 series at once',
  ],
])('a snapshot of %s is refused', (_, deltas, why) => {
  const snapshot = MESSAGES.find((message) => message.type === 'snapshot') as SnapshotMessage;
  expect(() => readFromWorker(wire({ ...snapshot, deltas }))).toThrow(new ClusterError(`a worker sent a snapshot that is none: ${why}`));
});
