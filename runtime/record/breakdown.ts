import { JUDGED_PERIODS } from '../core/plan.ts';
import type { Period, Tags } from '../core/records.ts';
import { HTTP, ofExpected } from '../core/roles.ts';
import { isTotalRow } from '../core/rows.ts';
import type { GroupRow, UncountedRow } from '../core/run-json.ts';
import { latencyOf, requestRows } from './request-rows.ts';
import type { MetricStore, SeriesFilter } from './store.ts';

/** Groups that have a row; a script that makes a group for each value has more. */
export const GROUPS_MAX = 100;

/** Requests of setup(), vuSetup() and of the teardowns, a row for each: they are in no verdict and in no row of the load. */
export function uncountedRows(store: MetricStore): UncountedRow[] {
  return (['setup', 'teardown'] as const).flatMap((period) =>
    requestRows(store, { measuredS: 0, periods: [period] })
      .filter(({ count, interrupted, ...row }) => !isTotalRow(row) && count + interrupted > 0)
      .map((row) => ({ period, ...row })),
  );
}

/** A row for each group of the script, in the order of their names: its requests, its checks and how long it took. */
export function groupRows(store: MetricStore, measuredS: number): GroupRow[] {
  const groups = new Set<string>();
  for (const metric of ['group_duration', HTTP.failed, 'checks'])
    for (const { tags } of store.series(metric, { periods: JUDGED_PERIODS })) if (tags['group']) groups.add(tags['group']);
  return [...groups]
    .sort()
    .slice(0, GROUPS_MAX)
    .map((group) => groupRow(store, group, measuredS));
}

function groupRow(store: MetricStore, group: string, measuredS: number): GroupRow {
  const within = (periods: readonly Period[], more: Tags = {}): SeriesFilter => ({ periods, tags: { group, ...more } });
  const requests = store.rate(HTTP.failed, within(JUDGED_PERIODS));
  const measured = store.rate(HTTP.failed, within(['measured']))?.count ?? 0;
  const checks = store.rate('checks', within(JUDGED_PERIODS));
  const durations = store.trend('group_duration', within(JUDGED_PERIODS));
  const times = store.trend(HTTP.responseTime, within(JUDGED_PERIODS, ofExpected()));
  return {
    group,
    times: durations?.count ?? 0,
    durationMs: latencyOf(durations),
    requests: requests?.count ?? 0,
    failed: requests?.passes ?? 0,
    perSecond: measuredS > 0 ? measured / measuredS : 0,
    responseTimeMs: latencyOf(times),
    checks: checks?.count ?? 0,
    checksFailed: (checks?.count ?? 0) - (checks?.passes ?? 0),
  };
}
