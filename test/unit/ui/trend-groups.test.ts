import { expect, test } from 'vitest';
import { trendGroups } from '../../../runtime/ui/history/trend-groups.ts';
import type { TrendPoint } from '../../../runtime/views/api.ts';

const point = (startedMs: number, profile: string | null, load: string): TrendPoint => ({
  id: `run-${startedMs}`,
  profile,
  load,
  startedMs,
  outcome: 'passed',
  p95Ms: 1,
  perSecond: 1,
  failedRatio: 0,
});

test('runs of another profile or another load are another trend; the newest first, and one run is none', () => {
  const points = [
    point(5, 'smoke', '2 users'),
    point(1, 'smoke', '2 users'),
    point(2, 'smoke', '9 users'),
    point(3, 'load', '2 users'),
    point(4, 'load', '2 users'),
  ];
  expect(trendGroups(points).map((group) => group.map(({ id }) => id))).toEqual([
    ['run-1', 'run-5'],
    ['run-3', 'run-4'],
  ]);
});
