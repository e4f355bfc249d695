import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { LoadProgress } from '../../../runtime/run/load-progress.ts';

const S = 1_000_000;
const measured = (startUs: number, plannedUs?: number) => ({ name: 'measured' as const, startUs, plannedUs });

test('a warm-up is not measured; a load of 10 s that began 30 s ago was measured for 10 s, with or without an end in graceful stop', () => {
  const progress = new LoadProgress({ atUs: undefined });
  expect(progress.measuredS).toBe(0);
  const nowUs = monotonicUs();
  progress.begin({ name: 'warm-up', startUs: nowUs - 40 * S, plannedUs: 5 * S });
  progress.end(nowUs - 35 * S);
  expect(progress.measuredS).toBe(0);
  progress.begin(measured(nowUs - 30 * S, 10 * S));
  expect(progress.measuredS).toBe(10);
  progress.end(nowUs - 15 * S);
  expect(progress.measuredS).toBe(10);
});

test('so far it is what is over of it: a load without a planned end grows until it ends, and one that has not begun is not below 0', () => {
  const progress = new LoadProgress({ atUs: undefined });
  progress.begin(measured(monotonicUs() + 100 * S));
  expect(progress.measuredS).toBe(0);
  const startUs = monotonicUs() - 7 * S;
  progress.begin(measured(startUs));
  expect(progress.measuredS).toBeGreaterThanOrEqual(7);
  progress.end(startUs + 5 * S);
  expect(progress.measuredS).toBe(5);
});

test.each([
  ['before the planned end', 4, 4],
  ['in graceful stop', 12, 10],
])(
  'a stop %s, 4 s or 12 s into a load of 10 s, leaves what was measured by then, and never more than was planned',
  (_, stopS, expectedS) => {
    const startUs = monotonicUs() - 30 * S;
    const progress = new LoadProgress({ atUs: startUs + stopS * S });
    progress.begin(measured(startUs, 10 * S));
    progress.end(startUs + 14 * S);
    expect(progress.measuredS).toBe(expectedS);
  },
);
