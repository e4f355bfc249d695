import { expect, test } from 'vitest';
import { BUCKETS_MAX } from '../../../runtime/core/buckets.ts';
import { errorTallySchema, seriesDeltaSchema } from '../../../runtime/record/delta-schema.ts';

const trend = { id: 1, type: 'trend', count: 3, sum: 30, min: 5, max: 15, clamped: 0, refused: 0, buckets: [5, 1, 10, 2] };
const series = { metric: 'http_req_duration', type: 'trend', unit: 'time', period: 'measured', tags: { task: 'a' } };

test('a trend with 2 buckets that add up to its count is accepted, with and without its identity', () => {
  expect(seriesDeltaSchema.parse(trend)).toEqual(trend);
  expect(seriesDeltaSchema.parse({ ...trend, series })).toEqual({ ...trend, series });
});

test.each<[string, unknown]>([
  ['a bucket index at the end of the layout', { ...trend, buckets: [BUCKETS_MAX, 3] }],
  ['a negative bucket index', { ...trend, buckets: [-1, 3] }],
  ['half a bucket', { ...trend, buckets: [1.5, 3] }],
  ['a negative count', { ...trend, count: -3, buckets: [5, -3] }],
  ['a count beyond the safe integers', { ...trend, count: 2 ** 53, buckets: [5, 2 ** 53] }],
  ['an odd list of buckets', { ...trend, buckets: [5, 3, 6] }],
  ['buckets that are text', { ...trend, buckets: '5,3' }],
  ['counts that do not add up', { ...trend, buckets: [5, 2] }],
  ['a sum that is null, as JSON makes of infinity', { ...trend, sum: null }],
  ['a sum that is infinite', { ...trend, sum: Number.POSITIVE_INFINITY }],
  ['a minimum over the maximum', { ...trend, min: 16 }],
  ['a negative id', { ...trend, id: -1 }],
  ['a field that nobody knows', { ...trend, extra: 1 }],
  ['a type that nobody knows', { ...trend, type: 'set' }],
  ['the identity of another type', { ...trend, series: { ...series, type: 'rate' } }],
  ['an unknown period', { ...trend, series: { ...series, period: 'later' } }],
  ['a tag that is a number', { ...trend, series: { ...series, tags: { task: 1 } } }],
  ['65 tags', { ...trend, series: { ...series, tags: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`t${i}`, ''])) } }],
  ['more passes than samples', { id: 1, type: 'rate', count: 1, passes: 2 }],
  ['nothing', undefined],
])('%s is refused', (_, delta) => {
  expect(seriesDeltaSchema.safeParse(delta).success).toBe(false);
});

test('an error tally with a sample over 2,000 characters is refused', () => {
  const tally = { name: '/predict', kind: 'timeout', code: 1050, count: 1, firstSeenMs: 1, lastSeenMs: 2, sample: 'x'.repeat(2000) };
  expect(errorTallySchema.parse(tally)).toEqual(tally);
  expect(errorTallySchema.safeParse({ ...tally, sample: 'x'.repeat(2001) }).success).toBe(false);
});
