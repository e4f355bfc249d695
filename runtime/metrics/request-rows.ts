import type { Period, Tags } from '../core/records.ts';
import { type Latency, OTHER_REQUESTS, type RequestRow } from '../core/run-json.ts';
import { isOtherRequest, type MetricStore, type SeriesFilter } from './store.ts';
import type { TrendTotals } from './trend-totals.ts';

/** Of a time, in milliseconds. @returns null while empty or absent */
export function latencyOf(trend: TrendTotals | undefined): Latency | null {
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

/** What a row is of. */
type RowIdentity = Pick<RequestRow, 'task' | 'method' | 'name'>;

/** The series of a row of requests; all of them for the row over all. */
export function seriesOfRow({ task, method, name }: RowIdentity): Pick<SeriesFilter, 'tags' | 'keeps'> {
  if (task === '' && method === '' && name === 'Aggregated') return {};
  return name === OTHER_REQUESTS && method === '' ? { keeps: isOtherRequest } : { tags: { task, method, name } };
}

/** One row per task, method and name, in their order; `Aggregated` last, also when nothing was asked. */
export function requestRows(store: MetricStore, { measuredS, periods }: { measuredS: number; periods: readonly Period[] }): RequestRow[] {
  const rows = new Map<string, RowIdentity>();
  for (const metric of ['http_req_failed', 'http_req_cut_off']) {
    for (const { tags } of store.series(metric, { periods })) {
      if (tags['kind'] === 'dropped') continue; // a start that never came to ask for anything
      const { task = '', method = '', name = '' } = tags;
      if (isOtherRequest(tags)) rows.set('\uffff', { task: '', method: '', name: OTHER_REQUESTS });
      else rows.set(JSON.stringify([task, method, name]), { task, method, name });
    }
  }
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  const all = { task: '', method: '', name: 'Aggregated' };
  return [...sorted, all].map((who) => ({ ...who, ...requestNumbers(store, { ...seriesOfRow(who), periods }, measuredS) }));
}

function requestNumbers(store: MetricStore, where: SeriesFilter, measuredS: number): Omit<RequestRow, 'task' | 'method' | 'name'> {
  const and = (more: Tags): SeriesFilter => ({ ...where, tags: { ...where.tags, ...more } });
  const expected = and({ expected_response: 'true' });
  const answers = store.rate('http_req_failed', where);
  return {
    count: answers?.count ?? 0,
    failed: answers?.passes ?? 0,
    interrupted: store.trend('http_req_cut_off', and({ kind: 'interrupted' }))?.count ?? 0,
    perSecond: perSecond(store.rate('http_req_failed', { ...where, periods: ['measured'] })?.count ?? 0, measuredS),
    durationMs: latencyOf(store.trend('http_req_duration', expected)),
    responseTimeMs: latencyOf(store.trend('http_req_response_time', expected)),
    allDurationMs: latencyOf(store.trend('http_req_duration', where)),
    allResponseTimeMs: latencyOf(store.trend('http_req_response_time', where)),
  };
}

export function perSecond(amount: number, seconds: number): number {
  return seconds > 0 ? amount / seconds : 0;
}
