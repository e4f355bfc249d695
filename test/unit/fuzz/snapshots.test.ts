import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFromWorker } from '../../../runtime/cluster/message-schema.ts';
import { INDEXES_END } from '../../../runtime/core/buckets.ts';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { uniformOf } from '../../../runtime/core/random.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { encodeDeltas } from '../../../runtime/messages/delta-codec.ts';
import { FrameReader } from '../../../runtime/messages/frames.ts';
import { decodeFromWorker, encodeFromWorker, FROM_WORKER_LIMITS } from '../../../runtime/messages/message-codec.ts';
import type { SnapshotMessage } from '../../../runtime/messages/messages.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { sampleOf } from '../measure/http-samples.ts';
import { FUZZ_RUNS } from './bad-input.ts';

/** A second of a real worker: every type of values, dense and wide buckets. */
function drained(): SeriesDelta[] {
  const registry = new MetricRegistry();
  registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
  const recorder = new HttpRecorder(registry);
  for (let i = 0; i < 60; i++) {
    const tookUs = Math.round(2_000 * Math.exp(5 * uniformOf(1, i) ** 3));
    recorder.record(sampleOf({ name: `/${i % 3}`, tookUs, expected: i % 9 > 0 }));
    registry.trend('confidence', 'measured', {}).record(uniformOf(2, i) - 0.5);
    registry.gauge('vus', 'measured', {}).set(i);
  }
  return registry.drain();
}
const STARTS = { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 };
const SNAPSHOT: SnapshotMessage = {
  ...{ type: 'snapshot', second: 0, period: 'measured', deltas: drained(), errors: [], starts: STARTS, activeUsers: 1, inFlight: 0 },
  ...{ generator: null, overflowed: 0, kept: [], startsByScenario: [STARTS] },
};
const WHOLE = Buffer.concat(encodeFromWorker(SNAPSHOT, 1));
const { numbers } = encodeDeltas(SNAPSHOT.deltas);
/** Where the numbers begin, which end the frame. */
const NUMBERS_AT = WHOLE.length - numbers.length;

const odd = fc.constantFrom(
  ...[[0], [1], [0x7f], [0x80], [0xff], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
  ...[Array<number>(40).fill(0x80), Array<number>(40).fill(0xff), [1, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f]],
);
const edit = fc.record({ at: fc.nat(), cut: fc.nat(12), put: fc.oneof(odd, fc.array(fc.nat(255), { maxLength: 6 })) });

/** A frame whose bytes from `from` on are edited, its lengths set right again. */
function edited(from: number, edits: readonly { at: number; cut: number; put: number[] }[]): Buffer {
  let bytes = WHOLE;
  for (const { at, cut, put } of edits) {
    const place = from + (at % (bytes.length - from + 1));
    bytes = Buffer.concat([bytes.subarray(0, place), Buffer.from(put), bytes.subarray(place + cut)]);
  }
  bytes = Buffer.from(bytes);
  if (bytes.length < NUMBERS_AT) return bytes;
  bytes.writeUInt32LE(bytes.length - NUMBERS_AT, 4);
  return bytes;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** What no reader may let through. */
function isSound(delta: SeriesDelta): boolean {
  if (!isCount(delta.id) || !isCount(delta.count) || !isCount(delta.refused ?? 0)) return false;
  if (delta.type === 'rate') return isCount(delta.passes) && delta.passes <= delta.count;
  if (delta.type === 'counter') return Number.isFinite(delta.sum);
  if (![delta.min, delta.max].every(Number.isFinite)) return false;
  if (delta.type === 'gauge') return Number.isFinite(delta.last) && Number.isSafeInteger(delta.atUs);
  const [indexes, counts] = [0, 1].map((rest) => delta.buckets.filter((_, i) => i % 2 === rest)) as [number[], number[]];
  const isInLayout = indexes.every((index) => isCount(index) && index < INDEXES_END) && counts.every(isCount);
  return isInLayout && counts.reduce((sum, each) => sum + each, 0) === delta.count && (delta.ends ?? []).every(Number.isFinite);
}

/** Reads it as the bus does, and tells a ledger. @returns why it was refused; undefined: it was not */
function refusalOf(bytes: Buffer): string | undefined {
  try {
    for (const frame of new FrameReader(FROM_WORKER_LIMITS).push(bytes)) {
      const message = readFromWorker(decodeFromWorker(frame));
      if (message.type !== 'snapshot') continue;
      expect(message.deltas.filter((delta) => !isSound(delta))).toEqual([]);
      new Ledger().take(0, message.deltas, message);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    expect(error.message.length).toBeLessThan(500);
    return error.message;
  }
}

const timeLimitMs = 30_000 + FUZZ_RUNS * 30;

test('the snapshot that is damaged here is read as it is', () => {
  expect(refusalOf(WHOLE)).toBeUndefined();
  expect(numbers.length).toBeGreaterThan(500);
});

test(
  `${FUZZ_RUNS} snapshots with damaged numbers are read as sound ones, or refused with one ClusterError`,
  () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        if (refusalOf(edited(NUMBERS_AT, edits)) !== undefined) refused++;
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(refused).toBeGreaterThan(FUZZ_RUNS / 2);
  },
  timeLimitMs,
);

test(
  `${FUZZ_RUNS} snapshots with damage anywhere, lengths and version among it, are read or refused with one ClusterError`,
  () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => void refusalOf(edited(0, edits))),
      { numRuns: FUZZ_RUNS },
    );
  },
  timeLimitMs,
);

test('numbers that are cut off anywhere are refused, unless a series ends there', () => {
  const ends = new Set(SNAPSHOT.deltas.map((_, i) => encodeDeltas(SNAPSHOT.deltas.slice(0, i)).numbers.length));
  for (let length = 0; length < numbers.length; length++) {
    const bytes = Buffer.from(WHOLE.subarray(0, NUMBERS_AT + length));
    bytes.writeUInt32LE(length, 4);
    // of a whole number of series the names of the others are left over
    expect(refusalOf(bytes)).toMatch(
      ends.has(length)
        ? /expected numbers of each series that is introduced/
        : /expected (more bytes|at most 200000 buckets|numbers of each)/,
    );
  }
});

test('a hostile snapshot makes no more memory than its bytes allow: 16 MiB that announce buckets without end are refused at the first', () => {
  const hostile = Buffer.concat([Buffer.from([0, 3, 1, 2, 2, 2, 0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.alloc((16 << 20) - 11, 1)]);
  const frame = Buffer.concat([WHOLE.subarray(0, NUMBERS_AT), hostile]);
  frame.writeUInt32LE(hostile.length, 4);
  expect(refusalOf(frame)).toBe(
    'a worker sent a snapshot that is none: expected at most 200000 buckets, all of them there; got 4294967295',
  );
});
