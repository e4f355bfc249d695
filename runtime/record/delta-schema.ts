import { z } from 'zod';
import { eachOf, INDEXES_END, wideIndexOf } from '../core/buckets.ts';
import type { SeriesDelta, SeriesIdentity, TrendValues } from '../core/delta.ts';
import type { ErrorTally, KeptRequest } from '../core/records.ts';
import type { NumberedSeries } from '../core/samples.ts';

/** Twice as many as a series fills between two drains: 23,221 dense buckets, 65,536 wide ones. */
const BUCKET_NUMBERS_MAX = 400_000;

const count = z.int().min(0);
const name = z.string().min(1).max(128);
const text = z.string().max(4096);

/** Pairs of index and count, checked in one pass: a schema per number would cost more than the merge. */
const buckets = z.custom<number[]>(isBuckets, { error: 'expected pairs of a bucket index and a count' });
/** Lowest and highest value of each wide bucket. */
const ends = z.custom<number[]>((value) => Array.isArray(value) && value.every(Number.isFinite), { error: 'expected finite numbers' });

/** A {@link SeriesIdentity} as a worker may send it. */
export const seriesIdentitySchema: z.ZodType<SeriesIdentity> = z
  .strictObject({
    metric: name,
    type: z.enum(['counter', 'gauge', 'rate', 'trend']),
    unit: z.enum(['time', 'data', 'default']),
    period: z.enum(['setup', 'warm-up', 'measured', 'drain', 'teardown']),
    tags: z.record(z.string().max(128), text).refine((tags) => Object.keys(tags).length <= 64, { error: 'expected at most 64 tags' }),
  })
  .readonly();
/** A {@link NumberedSeries}: what introduces a series. */
export const numberedSeriesSchema: z.ZodType<NumberedSeries> = z.strictObject({ id: z.int().min(0), identity: seriesIdentitySchema });
const common = { id: z.int().min(0), series: seriesIdentitySchema.exactOptional() };

/**
 * A delta as journals before version 3 have it: numbers are finite, counts whole and not negative, bucket indexes within the layout, counts of buckets add up.
 * What a worker sends, and today's journals keep, goes through `decodeDeltas` instead.
 */
export const seriesDeltaSchema: z.ZodType<SeriesDelta> = z
  .discriminatedUnion('type', [
    z.strictObject({ ...common, type: z.literal('counter'), count, sum: z.number(), refused: count }),
    z.strictObject({
      ...common,
      type: z.literal('gauge'),
      count,
      last: z.number(),
      atUs: z.int(),
      min: z.number(),
      max: z.number(),
      refused: count,
    }),
    z.strictObject({ ...common, type: z.literal('rate'), count, passes: count, refused: count.exactOptional() }),
    z.strictObject({
      ...common,
      type: z.literal('trend'),
      count,
      sum: z.number(),
      min: z.number(),
      max: z.number(),
      clamped: count,
      refused: count,
      buckets,
      ends: ends.exactOptional(),
    }),
  ])
  .superRefine((delta, context) => {
    const problem = inconsistencyOf(delta);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

/** An {@link ErrorTally} as a worker may send it. */
export const errorTallySchema: z.ZodType<ErrorTally> = z.strictObject({
  name: text,
  kind: z.string().max(100),
  code: z.int().min(0).max(10_000),
  task: text.exactOptional(),
  method: text.exactOptional(),
  period: z.enum(['setup', 'warm-up', 'teardown']).exactOptional(),
  count,
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
  sample: z.string().max(2000),
});

const us = z.number().min(0);

/** A {@link KeptRequest} as a worker may send it. */
export const keptRequestSchema: z.ZodType<KeptRequest> = z.strictObject({
  why: z.enum(['slow', 'failed']),
  scenario: text,
  task: text,
  phase: text,
  name: text,
  method: text,
  url: z.string().max(500),
  status: z.int().min(0).max(999),
  errorCode: z.int().min(0).max(10_000),
  kind: z.string().max(100),
  error: z.string().max(500),
  atMs: z.number(),
  responseTimeUs: us,
  phasesUs: z.strictObject({ blocked: us, connecting: us, tls: us, sending: us, waiting: us, receiving: us }),
  serverTimings: z.array(z.strictObject({ part: z.string().max(64), us })).max(16),
  requestId: z.string().max(200),
  picture: z.string().max(200),
  inFlight: count,
  vu: count,
  iteration: count,
});

function isBuckets(value: unknown): boolean {
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length > BUCKET_NUMBERS_MAX) return false;
  for (let i = 0; i < value.length; i += 2) {
    const index: unknown = value[i];
    const many: unknown = value[i + 1];
    if (!Number.isSafeInteger(index) || (index as number) < 0 || (index as number) >= INDEXES_END) return false;
    if (!Number.isSafeInteger(many) || (many as number) < 0) return false;
  }
  return true;
}

function inconsistencyOf(delta: SeriesDelta): string | undefined {
  if (delta.series !== undefined && delta.series.type !== delta.type)
    return `expected the values of a ${delta.series.type}; got those of a ${delta.type}`;
  if (delta.type === 'rate' && delta.passes > delta.count) return 'expected at most as many passes as samples';
  if ((delta.type === 'trend' || delta.type === 'gauge') && delta.count > 0 && delta.min > delta.max) return 'expected min up to max';
  if (delta.type !== 'trend') return undefined;
  let counted = 0;
  for (let i = 1; i < delta.buckets.length; i += 2) counted += delta.buckets[i] as number;
  if (counted !== delta.count) return `expected counts of buckets that add up to ${delta.count}; got ${counted}`;
  return hasItsEnds(delta) ? undefined : 'expected the lowest and the highest value of each wide bucket, within it';
}

function hasItsEnds(delta: TrendValues): boolean {
  let wide = 0;
  let isWithin = true;
  eachOf(delta, (index, _, range) => {
    if (range === undefined) return;
    wide++;
    isWithin &&= wideIndexOf(range.low) === index && wideIndexOf(range.high) === index && range.low <= range.high;
  });
  return isWithin && (delta.ends?.length ?? 0) === 2 * wide;
}
