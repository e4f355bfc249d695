import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import type { RequestDetail } from '../../../runtime/core/request-detail.ts';
import type { RequestRow } from '../../../runtime/core/run-json.ts';
import { chanceRangesOf } from '../../../runtime/history/chance-ranges.ts';

/** A row of so many requests that took 1 ms, 2 ms, 3 ms … */
function rowOf(count: number): [RequestRow, RequestDetail] {
  const histogram = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 3_600_000_000 });
  for (let i = 1; i <= count; i++) histogram.recordValue(i * 1000);
  const who = { task: '', method: 'GET', name: '/' };
  return [
    { ...who, count, failed: 0, interrupted: 0, perSecond: count / 10, durationMs: null, responseTimeMs: null, allDurationMs: null },
    {
      ...who,
      percentilesMs: {},
      responseTimeHdr: encodeIntoCompressedBase64(histogram),
      durationHdr: null,
      bytesReceived: 0,
      bytesSent: 0,
      phasesMs: null,
      serverMs: [],
    },
  ];
}

test('the p95 of 1,000 requests lies between their 936th and 964th, as tables of order statistics have it', () => {
  const ranges = chanceRangesOf(...rowOf(1000), 10);
  expect(ranges.p95Ms?.[0]).toBeGreaterThan(934);
  expect(ranges.p95Ms?.[0]).toBeLessThanOrEqual(936.5);
  expect(ranges.p95Ms?.[1]).toBeGreaterThanOrEqual(964);
  expect(ranges.p95Ms?.[1]).toBeLessThan(966);
});

test('the p99 of 100 requests has no range, no failure among them may be 3.7 %', () => {
  const ranges = chanceRangesOf(...rowOf(100), 10);
  expect(ranges.p99Ms).toBeNull();
  expect(ranges.failedRatio).toEqual([0, expect.closeTo(0.037, 3)]);
});
