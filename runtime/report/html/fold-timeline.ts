import type { HistoryColumns, PercentileColumns, TimelineData } from '../../core/timeline-data.ts';
import type { PageData, RowSeries } from '../../views/report-data.ts';

type Column = readonly (number | null)[];

/** Decimals beyond these are not seen in a chart, and a percentile is no more exact. */
const DIGITS = 4;

/**
 * A timeline with at most so many points: pairs (or more) become one, counts are added, of percentiles the worst stands.
 * @param bounds.rowPointsMax of all rows of requests together
 */
export function foldedTimeline(
  data: TimelineData,
  bounds: { pointsMax: number; rowPointsMax: number },
): Required<Pick<PageData, 'series' | 'rows'>> {
  const points = data.endS.length;
  const by = factorFor(points, bounds.pointsMax);
  const { rows, ...rest } = data;
  const { sum, worst, last } = foldersBy(by);
  const percentiles = ({ p50, p95, p99 }: PercentileColumns): PercentileColumns => ({ p50: worst(p50), p95: worst(p95), p99: worst(p99) });
  const series: PageData['series'] = {
    ...rest,
    foldedBy: data.foldedBy * by,
    endS: exact(data.endS, by, (_, b) => b),
    lengthS: exact(data.lengthS, by, (a, b) => a + b),
    users: last(data.users),
    requests: sum(data.requests),
    failures: sum(data.failures),
    responseTimeMs: percentiles(data.responseTimeMs),
    durationMs: percentiles(data.durationMs),
    bytesReceived: sum(data.bytesReceived),
    bytesSent: sum(data.bytesSent),
    checks: sum(data.checks),
    checksFailed: sum(data.checksFailed),
    starts: {
      begun: sum(data.starts.begun),
      late: sum(data.starts.late),
      queued: sum(data.starts.queued),
      dropped: sum(data.starts.dropped),
    },
    generator: { loopLagMsP99: worst(data.generator.loopLagMsP99), cpu: worst(data.generator.cpu) },
    history: foldedHistory(data.history, by),
    errors: data.errors.map((error) => ({ ...error, seen: foldedSeen(error.seen, by) })),
    gauges: data.gauges.map((gauge) => ({ ...gauge, values: last(gauge.values) })),
  };
  return { series, rows: foldedRows(data, factorFor(points, Math.floor(bounds.rowPointsMax / Math.max(1, rows.length)))) };
}

function foldedRows({ endS, lengthS, rows }: TimelineData, by: number): RowSeries {
  const { sum, worst } = foldersBy(by);
  return {
    endS: exact(endS, by, (_, b) => b),
    lengthS: exact(lengthS, by, (a, b) => a + b),
    rows: rows.map(({ history: _, ...row }) => ({
      ...row,
      requests: sum(row.requests),
      failures: sum(row.failures),
      responseTimeMsP95: worst(row.responseTimeMsP95),
      bytesReceived: sum(row.bytesReceived),
    })),
  };
}

function foldedHistory(history: HistoryColumns, by: number): HistoryColumns {
  const { last } = foldersBy(by);
  return {
    requestsPerSecond: last(history.requestsPerSecond),
    failuresPerSecond: last(history.failuresPerSecond),
    windowMs: history.windowMs.map(last),
    totalRequests: exact(history.totalRequests, by, (_, b) => b),
    totalFailures: exact(history.totalFailures, by, (_, b) => b),
    totalMs: history.totalMs.map(last),
    totalMsAvg: last(history.totalMsAvg),
    totalMsMin: last(history.totalMsMin),
    totalBytes: exact(history.totalBytes, by, (_, b) => b),
  };
}

function foldedSeen(seen: readonly number[], by: number): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < seen.length; i += 2) {
    const point = Math.floor((seen[i] as number) / by);
    counts.set(point, (counts.get(point) ?? 0) + (seen[i + 1] as number));
  }
  return [...counts].flat();
}

/** The three ways in which columns of so many points become one. Sums of whole numbers stay exact. */
function foldersBy(by: number) {
  return {
    sum: (column: Column): number[] => exact(column, by, (a, b) => a + b),
    worst: <T extends number | null>(column: readonly T[]): T[] => exact(column, by, Math.max).map(short) as T[],
    last: <T extends number | null>(column: readonly T[]): T[] => exact(column, by, (_, b) => b).map(short) as T[],
  };
}

function exact(column: Column, by: number, join: (a: number, b: number) => number): number[] {
  const folded: (number | null)[] = [];
  for (const [i, value] of column.entries()) {
    const before = i % by === 0 ? undefined : folded.pop();
    if (before === undefined) folded.push(value);
    else folded.push(before === null || value === null ? (value ?? before) : join(before, value));
  }
  return folded as number[];
}

function short(value: number | null): number | null {
  return value === null || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

function factorFor(points: number, pointsMax: number): number {
  return Math.max(1, Math.ceil(points / Math.max(1, pointsMax)));
}
