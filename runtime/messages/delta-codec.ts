import { BUCKETS_MAX, INDEXES_END, wideIndexOf } from '../core/buckets.ts';
import type { SeriesDelta, SeriesIdentity, SeriesValues, TrendValues } from '../core/delta.ts';
import { ClusterError } from '../core/errors.ts';
import type { MetricType } from '../core/records.ts';
import type { NumberedSeries } from '../core/samples.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/*
 * The numbers of deltas as bytes; names and tags of series travel beside them, once. Of each delta:
 *
 *   id  kind  count  …values of its type…  [refused]  ; of a trend also  pairs  (index × 2 + isOne  [count])…  ends…
 *
 * Whole numbers are varints. A bucket with one sample, as most have, is one number.
 */

/** Of one message or line: a worker holds far fewer. */
const SERIES_MAX = 20_000;
/** Of one series: twice as many as it fills between two drains (23,221 dense buckets, 65,536 wide ones). */
const PAIRS_MAX = 200_000;
/** Of all series together: a byte of a message can become sixteen of memory. */
const ALL_PAIRS_MAX = 1_000_000;

const TYPES: readonly MetricType[] = ['counter', 'gauge', 'rate', 'trend'];
const TYPE_BITS = 3;
/** In the byte of the kind: values were refused, and how many follows. */
const HAS_REFUSED = 4;
/** It is the next of the series that are introduced. */
const IS_INTRODUCED = 8;
const KINDS_END = 16;

/** Deltas as they travel and are kept. */
export interface CodedDeltas {
  /** Those that are mentioned for the first time, in the order of the numbers. */
  readonly series: NumberedSeries[];
  readonly numbers: Buffer;
}

const writer = new ByteWriter();

/** @param deltas - of one stream, as they are drained */
export function encodeDeltas(deltas: readonly SeriesDelta[]): CodedDeltas {
  const series: NumberedSeries[] = [];
  for (const delta of deltas) {
    const refused = delta.refused ?? 0;
    writer.varint(delta.id);
    writer.varint(TYPES.indexOf(delta.type) + (refused === 0 ? 0 : HAS_REFUSED) + (delta.series === undefined ? 0 : IS_INTRODUCED));
    if (delta.series !== undefined) series.push({ id: delta.id, identity: delta.series });
    writeValues(delta);
    if (refused !== 0) writer.varint(refused);
    if (delta.type === 'trend') writeBuckets(delta);
  }
  return { series, numbers: writer.taken() };
}

function writeValues(values: SeriesValues): void {
  writer.varint(values.count);
  switch (values.type) {
    case 'counter':
      return writer.number(values.sum);
    case 'rate':
      return writer.varint(values.passes);
    case 'gauge':
      for (const value of [values.last, values.atUs, values.min, values.max]) writer.number(value);
      return;
    case 'trend':
      for (const value of [values.sum, values.min, values.max]) writer.number(value);
  }
}

function writeBuckets({ buckets, ends = [] }: TrendValues): void {
  writer.varint(buckets.length / 2);
  for (let i = 0; i < buckets.length; i += 2) {
    const count = buckets[i + 1] as number;
    writer.varint((buckets[i] as number) * 2 + (count === 1 ? 1 : 0));
    if (count !== 1) writer.varint(count);
  }
  for (const end of ends) writer.number(end);
}

/**
 * What {@link encodeDeltas} made: read and checked in one walk. Numbers are finite, counts whole and not negative, indexes of buckets within the layout,
 * and counts of buckets add up; nothing that a worker sends is taken that has not been through here.
 * @throws {ClusterError} when it is anything else
 */
export function decodeDeltas({ series, numbers }: { readonly series: readonly NumberedSeries[]; readonly numbers: Buffer }): SeriesDelta[] {
  const reader = new ByteReader(numbers);
  const deltas: SeriesDelta[] = [];
  let [introduced, pairs] = [0, 0];
  while (reader.left > 0) {
    if (deltas.length >= SERIES_MAX) throw new ClusterError(`expected at most ${SERIES_MAX} series at once`);
    const id = reader.varint();
    const kind = reader.varint();
    if (kind >= KINDS_END) throw new ClusterError(`expected a kind of values from 0 to ${KINDS_END - 1}; got ${kind}`);
    const delta = readDelta(reader, id, kind) as SeriesDelta;
    if (delta.type === 'trend') pairs += delta.buckets.length / 2;
    if (pairs > ALL_PAIRS_MAX) throw new ClusterError(`expected at most ${ALL_PAIRS_MAX} buckets at once`);
    if ((kind & IS_INTRODUCED) !== 0) delta.series = introducedAs(delta, series[introduced++]);
    deltas.push(delta);
  }
  if (introduced !== series.length) throw new ClusterError('expected numbers of each series that is introduced');
  return deltas;
}

function introducedAs(delta: SeriesDelta, named: NumberedSeries | undefined): SeriesIdentity {
  if (named?.id !== delta.id) throw new ClusterError(`expected a name of series ${delta.id}, which is introduced`);
  if (named.identity.type !== delta.type)
    throw new ClusterError(`expected the values of a ${named.identity.type}; got those of a ${delta.type}`);
  return named.identity;
}

function readDelta(reader: ByteReader, id: number, kind: number): SeriesDelta {
  const count = reader.varint();
  const refusedOf = (): number => ((kind & HAS_REFUSED) === 0 ? 0 : reader.varint());
  switch (TYPES[kind & TYPE_BITS]) {
    case 'counter':
      return { id, type: 'counter', count, sum: reader.number(), refused: refusedOf() };
    case 'rate': {
      const passes = reader.varint();
      if (passes > count) throw new ClusterError('expected at most as many passes as samples');
      const refused = refusedOf();
      return refused === 0 ? { id, type: 'rate', count, passes } : { id, type: 'rate', count, passes, refused };
    }
    case 'gauge': {
      const [last, atUs, min, max] = [reader.number(), reader.number(), reader.number(), reader.number()];
      if (!Number.isSafeInteger(atUs)) throw new ClusterError(`expected a gauge that was set at a whole µs; got ${atUs}`);
      checkEnds(count, min, max);
      return { id, type: 'gauge', count, last, atUs, min, max, refused: refusedOf() };
    }
    default: {
      const [sum, min, max] = [reader.number(), reader.number(), reader.number()];
      checkEnds(count, min, max);
      const refused = refusedOf();
      const buckets = readBuckets(reader, count);
      const ends = readEnds(reader, buckets);
      const values = { id, type: 'trend' as const, count, sum, min, max, clamped: 0, refused, buckets };
      return ends === undefined ? values : { ...values, ends };
    }
  }
}

function checkEnds(count: number, min: number, max: number): void {
  if (count > 0 && min > max) throw new ClusterError('expected min up to max');
}

function readBuckets(reader: ByteReader, count: number): number[] {
  const pairs = reader.varint();
  // each takes a byte at least: no room is made for what is not there
  if (pairs > PAIRS_MAX || pairs > reader.left)
    throw new ClusterError(`expected at most ${PAIRS_MAX} buckets, all of them there; got ${pairs}`);
  const buckets = new Array<number>(2 * pairs);
  let counted = 0;
  for (let i = 0; i < pairs; i++) {
    const code = reader.varint();
    const many = code % 2 === 1 ? 1 : reader.varint();
    const index = Math.floor(code / 2);
    if (index >= INDEXES_END) throw new ClusterError(`expected buckets below ${INDEXES_END}; got ${index}`);
    buckets[2 * i] = index;
    buckets[2 * i + 1] = many;
    counted += many;
  }
  if (counted !== count) throw new ClusterError(`expected counts of buckets that add up to ${count}; got ${counted}`);
  return buckets;
}

/** Lowest and highest value of each wide bucket; undefined: there are none. */
function readEnds(reader: ByteReader, buckets: readonly number[]): number[] | undefined {
  let ends: number[] | undefined;
  for (let i = 0; i < buckets.length; i += 2) {
    const index = buckets[i] as number;
    if (index < BUCKETS_MAX) continue;
    const [low, high] = [reader.number(), reader.number()];
    if (wideIndexOf(low) !== index || wideIndexOf(high) !== index || low > high)
      throw new ClusterError('expected the lowest and the highest value of each wide bucket, within it');
    ends ??= [];
    ends.push(low, high);
  }
  return ends;
}
