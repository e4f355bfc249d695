import type { LiveTable, LiveTableRow } from '../record/live-table.ts';
import type { LiveRow } from '../views/api.ts';

/** The table per request as the pages show it: by task, method and name; the row over all is the last. */
export function liveRowsOf(table: LiveTable): LiveRow[] {
  return [...table.judged, table.total].map((row) => rowOf(row, table));
}

function rowOf(row: LiveTableRow, table: LiveTable): LiveRow {
  const { task, method, name, count, failed, bytes, responseTime, failedResponseTime } = row;
  const times = responseTime.count > 0 ? responseTime : failedResponseTime;
  const ms = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
  const isEmpty = times.count === 0;
  const [medianUs, p95Us, p99Us] = times.percentiles([0.5, 0.95, 0.99]) ?? [];
  return {
    task,
    method,
    name,
    count,
    failed,
    perSecond: table.perSecond(row.recent),
    failedPerSecond: table.perSecond(row.recentFailed),
    medianMs: ms(medianUs),
    p95Ms: ms(p95Us),
    p99Ms: ms(p99Us),
    averageMs: ms(times.avg),
    minMs: isEmpty ? null : times.min / 1000,
    maxMs: isEmpty ? null : times.max / 1000,
    averageBytes: count === 0 ? null : bytes / count,
  };
}
