import { expect, test } from 'vitest';
import type { TrendValues } from '../../../runtime/core/delta.ts';
import { TrendSeries } from '../../../runtime/measure/series.ts';
import { distributionOf } from '../../../runtime/record/distribution.ts';
import { encodedHdrOf } from '../../../runtime/record/hdr.ts';
import { TrendTotals } from '../../../runtime/record/trend-totals.ts';

test('the curve of 10,000 answers of 1 to 10,000 ms passes 5,000 at 50 %, ends at the exact maximum and never falls', () => {
  const totals = new TrendTotals('time');
  const series = new TrendSeries({ metric: 'http_req_duration', type: 'trend', unit: 'time', period: 'measured', tags: {} });
  for (let ms = 1; ms <= 10_000; ms++) series.record(ms * 1000);
  totals.addDelta(series.drain() as TrendValues);
  const points = distributionOf(encodedHdrOf(totals) as string, 10_000);
  expect(points[0]?.ratio).toBe(0);
  expect(points.at(-1)).toEqual({ ratio: 1, ms: 10_000 });
  for (const { ratio, ms } of points.slice(1)) expect(ms / (ratio * 10_000)).toBeCloseTo(1, 2);
  const falls = points.filter(({ ms }, i) => ms < (points[i - 1]?.ms ?? 0));
  expect(falls).toEqual([]);
  expect(points.at(-2)?.ratio).toBeCloseTo(0.9999, 4);
});
