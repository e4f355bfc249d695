import { JUDGED_PERIODS } from '../core/plan.ts';
import type { PhaseTime, RequestDetail, RequestPhase } from '../core/request-detail.ts';
import { HTTP, ofExpected } from '../core/roles.ts';
import type { RequestRow } from '../core/run-json.ts';
import { HISTORY_PERCENTILES, percentileName } from '../core/timeline-data.ts';
import { encodedHdrOf } from './hdr.ts';
import { seriesOfRow } from './request-rows.ts';
import type { MetricStore, SeriesFilter } from './store.ts';
import { rounded } from './timeline-figures.ts';
import type { TrendTotals } from './trend-totals.ts';

const PHASE_METRICS: readonly (readonly [RequestPhase, metric: string])[] = [
  ['blocked', HTTP.blocked],
  ['connecting', HTTP.connecting],
  ['tls', HTTP.tls],
  ['sending', HTTP.sending],
  ['waiting', HTTP.waiting],
  ['receiving', HTTP.receiving],
];
const SERVER_PARTS_MAX = 20;

/** What the numbers of each row are made of, in the order of `rows` (as `summaryOf` makes them). */
export function requestDetailsOf(store: MetricStore, rows: readonly Pick<RequestRow, 'task' | 'method' | 'name'>[]): RequestDetail[] {
  return rows.map(({ task, method, name }) => ({ task, method, name, ...detailOf(store, seriesOfRow({ task, method, name })) }));
}

function detailOf(store: MetricStore, row: Pick<SeriesFilter, 'tags' | 'keeps'>): Omit<RequestDetail, 'task' | 'method' | 'name'> {
  const all: SeriesFilter = { ...row, periods: JUDGED_PERIODS };
  const expected: SeriesFilter = { ...all, tags: ofExpected(row.tags) };
  const responseTime = store.trend(HTTP.responseTime, expected);
  const anyAnswer = responseTime === undefined || responseTime.count === 0 ? store.trend(HTTP.responseTime, all) : responseTime;
  const answered = anyAnswer === undefined || anyAnswer.count === 0 ? undefined : anyAnswer;
  return {
    percentilesMs: Object.fromEntries(
      answered === undefined
        ? []
        : HISTORY_PERCENTILES.map((ratio) => [percentileName(ratio), rounded((answered.percentile(ratio) as number) / 1000)]),
    ),
    responseTimeHdr: encodedHdrOf(responseTime),
    durationHdr: encodedHdrOf(store.trend(HTTP.duration, expected)),
    bytesReceived: store.counter('data_received', all)?.sum ?? 0,
    bytesSent: store.counter('data_sent', all)?.sum ?? 0,
    ...bodyBytesOf(store, all),
    phasesMs: phasesOf(store, expected),
    serverMs: serverPartsOf(store, all),
  };
}

/** Absent in journals of older versions, which did not count them. */
function bodyBytesOf(store: MetricStore, where: SeriesFilter): { bodyBytes?: number } {
  const bodies = store.counter('body_received', where);
  return bodies === undefined ? {} : { bodyBytes: bodies.sum };
}

function phasesOf(store: MetricStore, where: SeriesFilter): RequestDetail['phasesMs'] {
  const times = PHASE_METRICS.map(([phase, metric]) => [phase, timeOf(store.trend(metric, where))] as const);
  return times.some(([, time]) => time === null) ? null : (Object.fromEntries(times) as Record<RequestPhase, PhaseTime>);
}

function serverPartsOf(store: MetricStore, where: SeriesFilter): RequestDetail['serverMs'] {
  const parts = new Set(store.series(HTTP.serverTime, where).map((series) => series.tags['part'] ?? ''));
  return [...parts]
    .sort()
    .slice(0, SERVER_PARTS_MAX)
    .flatMap((part) => {
      const trend = store.trend(HTTP.serverTime, { ...where, tags: { ...where.tags, part } });
      const time = timeOf(trend);
      return time === null ? [] : [{ part, count: trend?.count ?? 0, ...time }];
    });
}

function timeOf(trend: TrendTotals | undefined): PhaseTime | null {
  if (trend === undefined || trend.count === 0) return null;
  return {
    avg: rounded((trend.avg as number) / 1000),
    p95: rounded((trend.percentile(0.95) as number) / 1000),
    max: rounded(trend.max / 1000),
  };
}
