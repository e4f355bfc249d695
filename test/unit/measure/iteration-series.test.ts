import { expect, test } from 'vitest';
import { STALLED_METRIC, STALLED_REST_METRIC } from '../../../runtime/core/roles.ts';
import { IterationSeries } from '../../../runtime/measure/iteration-series.ts';
import type { MeasuredVu } from '../../../runtime/measure/measured-vu.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { loopWithOwnTime } from './fake-loop.ts';

const MS = 1_000;

/** What an iteration of 20 ms leaves that began 5 ms after it was due, of which its worker calls so many the users'; it computed for so long meanwhile. */
function stalledAfter({ busyMs, workMs = 0, waitMs = 5 }: { busyMs: number; workMs?: number; waitMs?: number }) {
  const { loop, own, from } = loopWithOwnTime();
  loop.sleep(10 * MS);
  loop.endLap();
  loop.work(workMs * MS);
  loop.endLap();
  loop.sleep((20 - workMs) * MS);
  loop.endLap();
  const begunAtUs = from + 10 * MS;
  const dueAtUs = begunAtUs - waitMs * MS;
  const vu = {
    ...{ index: 0, scenario: 0, task: 't', shapePhase: '', tags: undefined, phase: 'iteration', inTimeAtUs: dueAtUs },
    ...{ begunAtUs, iterationDueAtUs: dueAtUs, dueAtUs, busyUs: busyMs * MS },
  } as unknown as MeasuredVu;
  const registry = new MetricRegistry();
  new IterationSeries(registry, vu, { period: 'measured', tags: {} }).record(vu, {
    ...{ endedAtUs: from + 30 * MS, threw: false, own, isOpenModel: false },
  });
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const sumOf = (metric: string, of: string) => store.trend(metric, { tags: { of } })?.sum;
  return ['iteration_duration', 'iteration_response_time'].map((of) => [sumOf(STALLED_METRIC, of), sumOf(STALLED_REST_METRIC, of)]);
}

test('of an iteration that only began late for its worker, the response time has a stall and the duration none', () => {
  expect(stalledAfter({ busyMs: 3 })).toEqual([
    [undefined, undefined],
    [25 * MS, 23 * MS],
  ]);
});

test('less than a millisecond in all is no stall, a millisecond is', () => {
  const none = [undefined, undefined];
  expect(stalledAfter({ busyMs: 4.1 })).toEqual([none, none]);
  expect(stalledAfter({ busyMs: 4 })[1]).toEqual([25 * MS, 24 * MS]);
});

test('one that computed for 8 ms has that in both, and what it began late in addition', () => {
  expect(stalledAfter({ busyMs: 5, workMs: 8 })).toEqual([
    [20 * MS, 12 * MS],
    [25 * MS, 17 * MS],
  ]);
  expect(stalledAfter({ busyMs: 2, workMs: 8 })).toEqual([
    [20 * MS, 12 * MS],
    [25 * MS, 14 * MS],
  ]);
});
