import type { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import { ofExpected, STREAM } from '../core/roles.ts';
import { type RowIdentity, rowKeyOf, rowOfTags } from '../core/rows.ts';
import type { Latency } from '../core/run-json.ts';
import type { StreamRow } from '../core/stream-row.ts';
import { latencyOf, seriesOfRow } from './request-rows.ts';
import type { MetricStore, SeriesFilter } from './store.ts';

/** A row for each request that had streams, in the order of the rows of requests; none where nothing was streamed. */
export function streamRows(store: MetricStore): StreamRow[] {
  const rows = new Map<string, RowIdentity>();
  for (const metric of [STREAM.events, STREAM.cutOff]) {
    for (const { tags } of store.series(metric, { periods: JUDGED_PERIODS })) {
      const row = rowOfTags(tags);
      rows.set(rowKeyOf(row), row);
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => ({ ...row, ...figuresOf(store, row) }));
}

function figuresOf(store: MetricStore, row: RowIdentity): Omit<StreamRow, keyof RowIdentity> {
  const where: SeriesFilter = { ...seriesOfRow(row), periods: JUDGED_PERIODS };
  const within = (tags: SeriesFilter['tags']): SeriesFilter => ({ ...where, tags: { ...where.tags, ...tags } });
  const ended = (metric: string): Latency | null =>
    latencyOf(store.trend(metric, within(ofExpected()))) ?? latencyOf(store.trend(metric, where));
  const ratio = (metric: string): number | null => {
    const rate = store.rate(metric, where);
    return rate === undefined || rate.count === 0 ? null : rate.passes / rate.count;
  };
  return {
    streams: countOf(store.trend(STREAM.firstEventDue, where)),
    brokenOff: countOf(store.trend(STREAM.firstEventDue, within({ expected_response: 'false' }))),
    withoutEvent: countOf(store.trend(STREAM.cutOff, within({ before: STREAM.firstEventDue }))),
    firstEventMs: ended(STREAM.firstEventDue),
    firstTokenMs: ended(STREAM.firstTokenDue),
    gapMs: latencyOf(store.trend(STREAM.gap, where)),
    tokenGapMs: latencyOf(store.trend(STREAM.tokenGap, where)),
    events: store.counter(STREAM.events, where)?.sum ?? 0,
    tokens: store.counter(STREAM.tokens, where)?.sum ?? null,
    stalls: store.counter(STREAM.stalls, where)?.sum ?? null,
    eventsPerSecond: store.trend(STREAM.eventRate, where)?.avg ?? null,
    tokensPerSecond: store.trend(STREAM.tokenRate, where)?.avg ?? null,
    goodRatio: ratio(STREAM.good),
    replayedRatio: ratio(STREAM.replayed),
  };
}

function countOf(trend: Pick<Histogram, 'count'> | undefined): number {
  return trend?.count ?? 0;
}
