import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS_MAX, INDEXES_END, wideIndexOf } from '../../../runtime/core/buckets.ts';
import type { SeriesDelta, SeriesIdentity } from '../../../runtime/core/delta.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { ByteWriter } from '../../../runtime/messages/byte-writer.ts';
import { decodeDeltas, encodeDeltas } from '../../../runtime/messages/delta-codec.ts';

const ANY_NUMBER = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(2 ** 52, 2 ** 53 - 1, -0.5, 5e-324, 1e149));

/** A worker that recorded some of everything. */
function registryOf(values: readonly number[]): MetricRegistry {
  const registry = new MetricRegistry();
  registry.define({ name: 'confidence', type: 'trend', unit: 'default' });
  registry.define({ name: 'size', type: 'gauge', unit: 'default' });
  registry.define({ name: 'sold', type: 'counter', unit: 'default' });
  for (const [i, value] of values.entries()) {
    registry.trend('confidence', 'measured', { task: `${i % 3}` }).record(value);
    registry.trend('http_req_duration', 'measured', {}).record(Math.abs(Math.round(value)), 1 + (i % 3));
    registry.gauge('size', 'measured', {}).set(value, i - 5);
    registry.counter('sold', 'warm-up', { task: 'ä€😀' }).add(value);
    registry.rate('checks', 'measured', {}).record(value > 0);
    if (i % 7 === 0) registry.rate('checks', 'measured', {}).refuse();
  }
  return registry;
}

test('whatever workers drain, in two seconds of 300 random runs, is read as it was drained', () => {
  fc.assert(
    fc.property(fc.array(ANY_NUMBER, { maxLength: 60 }), fc.array(ANY_NUMBER, { maxLength: 60 }), (first, second) => {
      const registry = registryOf(first);
      for (const values of [[], second]) {
        for (const value of values) registry.counter('sold', 'warm-up', { task: 'ä€😀' }).add(value);
        const deltas = registry.drain();
        expect(decodeDeltas(encodeDeltas(deltas))).toEqual(deltas.map(withoutMinusZero));
      }
    }),
    { numRuns: 300 },
  );
});

/** As JSON has it, and every sum. */
function withoutMinusZero(delta: SeriesDelta): SeriesDelta {
  return JSON.parse(JSON.stringify(delta)) as SeriesDelta;
}

test('names are sent once, and a bucket with one sample takes two bytes', () => {
  const registry = registryOf([]);
  const record = (): void => {
    for (let us = 1_000; us < 1_050; us++) registry.trend('http_req_duration', 'measured', { name: '/a' }).record(us);
  };
  record();
  const first = encodeDeltas(registry.drain());
  record();
  const second = encodeDeltas(registry.drain());
  expect([first.series.length, second.series.length]).toEqual([1, 0]);
  expect(second.numbers.length).toBeLessThan(50 * 2 + 20);
});

const SERIES: SeriesIdentity = { metric: 'sold', type: 'counter', unit: 'default', period: 'measured', tags: {} };
/** Numbers as a worker of ours would never write them. */
function bytesOf(...values: (number | readonly ['double', number])[]): Buffer {
  const writer = new ByteWriter();
  for (const value of values) {
    if (typeof value === 'number') writer.varint(value);
    else writer.number(value[1]);
  }
  return writer.taken();
}
const hex = (text: string): Buffer => Buffer.from(text, 'hex');

test.each<[string, Buffer, string]>([
  ['a number that is cut off', hex('0180'), 'expected more bytes'],
  ['a double that is cut off', hex('0100010100'), 'expected more bytes'],
  ['a number of ten bytes', hex('ffffffffffffffffff01'), 'expected whole numbers of at most 2^53 − 1'],
  ['a number of a thousand bytes', Buffer.concat([Buffer.alloc(1_000, 0x80), hex('01')]), 'expected whole numbers of at most 2^53 − 1'],
  ['a number that is longer than it has to be', hex('8000'), 'expected whole numbers in their shortest form'],
  ['2^53', hex('8080808080808010'), 'expected whole numbers of at most 2^53 − 1'],
  ['a kind that is none', bytesOf(1, 16), 'expected a kind of values from 0 to 15; got 16'],
  ['a mark that is none', bytesOf(1, 0, 1, 3), 'expected a whole number or a double; got the mark 3'],
  ['infinity', Buffer.concat([hex('01000101'), hex('000000000000f07f')]), 'expected finite numbers; got Infinity'],
  ['what is no number', Buffer.concat([hex('01000101'), hex('000000000000f87f')]), 'expected finite numbers; got NaN'],
  ['more passes than samples', bytesOf(1, 2, 1, 2), 'expected at most as many passes as samples'],
  ['a minimum over the maximum', bytesOf(1, 3, 1, 10, 12, 10, 1, 11), 'expected min up to max'],
  ['a gauge set at half a µs', bytesOf(1, 1, 1, 2, ['double', 0.5], 2, 2), 'expected a gauge that was set at a whole µs; got 0.5'],
  ['counts that do not add up', bytesOf(1, 3, 1, 10, 10, 10, 1, 10, 7), 'expected counts of buckets that add up to 1; got 7'],
  ['more buckets than there are bytes', bytesOf(1, 3, 1, 10, 10, 10, 100), 'expected at most 200000 buckets, all of them there; got 100'],
  ['a bucket beyond the layout', bytesOf(1, 3, 1, 10, 10, 10, 1, INDEXES_END * 2 + 1), `expected buckets below ${INDEXES_END}`],
  [
    'a wide bucket with an end in another',
    bytesOf(1, 3, 1, 10, 10, 10, 1, wideIndexOf(5) * 2 + 1, 10, 12),
    'expected the lowest and the highest value of each wide bucket, within it',
  ],
  ['a wide bucket without its ends', bytesOf(1, 3, 1, 10, 10, 10, 1, BUCKETS_MAX * 2 + 1), 'expected more bytes'],
  ['a series without its name', bytesOf(1, 8, 1, 10), 'expected a name of series 1, which is introduced'],
])('%s is refused', (_, numbers, why) => {
  expect(() => decodeDeltas({ series: [], numbers })).toThrow(ClusterError);
  expect(() => decodeDeltas({ series: [], numbers })).toThrow(why);
});

test.each<[string, { id: number; identity: SeriesIdentity }[], string]>([
  ['of another number', [{ id: 2, identity: SERIES }], 'expected a name of series 1, which is introduced'],
  ['of another type', [{ id: 1, identity: { ...SERIES, type: 'rate' } }], 'expected the values of a rate; got those of a counter'],
  ['too many', [1, 2].map((id) => ({ id, identity: SERIES })), 'expected numbers of each series that is introduced'],
])('names %s are refused', (_, series, why) => {
  expect(() => decodeDeltas({ series, numbers: bytesOf(1, 8, 1, 10) })).toThrow(new ClusterError(why));
});

test('five series of 200,000 buckets are read, of six the sixth is refused', () => {
  const one = Buffer.concat([bytesOf(1, 3, 200_000, 10, 10, 10, 200_000), Buffer.alloc(200_000, 5)]);
  expect(decodeDeltas({ series: [], numbers: Buffer.concat(Array(5).fill(one)) })).toHaveLength(5);
  expect(() => decodeDeltas({ series: [], numbers: Buffer.concat(Array(6).fill(one)) })).toThrow(
    'expected at most 1000000 buckets at once',
  );
});
