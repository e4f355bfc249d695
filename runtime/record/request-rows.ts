import type { Histogram } from '../core/histogram.ts';
import type { Period, Tags } from '../core/records.ts';
import { HTTP, ofExpected } from '../core/roles.ts';
import { isOtherRequest, isOthersRow, isTotalRow, type RowIdentity, rowKeyOf, rowOfTags, TOTAL_ROW } from '../core/rows.ts';
import type { Latency, RequestRow } from '../core/run-json.ts';
import type { MetricStore, SeriesFilter } from './store.ts';

/** Of a time, in milliseconds. @returns null while empty or absent */
export function latencyOf(trend: Histogram | undefined): Latency | null {
  if (trend === undefined || trend.count === 0) return null;
  const ms = (ratio: number): number => (trend.percentile(ratio) as number) / 1000;
  return {
    min: trend.min / 1000,
    avg: (trend.avg as number) / 1000,
    p50: ms(0.5),
    p90: ms(0.9),
    p95: ms(0.95),
    p99: ms(0.99),
    max: trend.max / 1000,
  };
}

/** The series of a row of requests; all of them for the row over all. */
export function seriesOfRow(row: RowIdentity): Pick<SeriesFilter, 'tags' | 'keeps'> {
  if (isTotalRow(row)) return {};
  const { task, method, name } = row;
  return isOthersRow(row) ? { keeps: isOtherRequest } : { tags: { task, method, name } };
}

/** One row per task, method and name, in their order; `Aggregated` last, also when nothing was asked. */
export function requestRows(store: MetricStore, { measuredS, periods }: { measuredS: number; periods: readonly Period[] }): RequestRow[] {
  const rows = new Map<string, RowIdentity>();
  for (const metric of [HTTP.failed, HTTP.cutOff]) {
    for (const { tags } of store.series(metric, { periods })) {
      if (tags['kind'] === 'dropped') continue; // a start that never came to ask for anything
      const row = rowOfTags(tags);
      rows.set(rowKeyOf(row), row);
    }
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return [...sorted, TOTAL_ROW].map((who) => ({ ...who, ...requestNumbers(store, { ...seriesOfRow(who), periods }, measuredS) }));
}

/** The numbers of all requests of some series as one. */
export function requestNumbers(store: MetricStore, where: SeriesFilter, measuredS: number): Omit<RequestRow, 'task' | 'method' | 'name'> {
  const and = (more: Tags): SeriesFilter => ({ ...where, tags: { ...where.tags, ...more } });
  const expected = and(ofExpected());
  const answers = store.rate(HTTP.failed, where);
  return {
    count: answers?.count ?? 0,
    failed: answers?.passes ?? 0,
    interrupted: store.trend(HTTP.cutOff, and({ kind: 'interrupted' }))?.count ?? 0,
    perSecond: perSecond(store.rate(HTTP.failed, { ...where, periods: ['measured'] })?.count ?? 0, measuredS),
    durationMs: latencyOf(store.trend(HTTP.duration, expected)),
    responseTimeMs: latencyOf(store.trend(HTTP.responseTime, expected)),
    allDurationMs: latencyOf(store.trend(HTTP.duration, where)),
    allResponseTimeMs: latencyOf(store.trend(HTTP.responseTime, where)),
  };
}

export function perSecond(amount: number, seconds: number): number {
  return seconds > 0 ? amount / seconds : 0;
}
