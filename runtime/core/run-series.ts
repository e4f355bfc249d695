import { type JoinRule, joinedColumn, mapColumns, type RulesOf } from './join-points.ts';
import type { SecondEvent } from './records.ts';
import { isStage, type Stage } from './stage.ts';

/** One figure over time. */
export type Column = number[];
/** Null: nothing was measured in that point. */
export type OpenColumn = (number | null)[];

/** Percentiles of a point, over the expected answers that came in it. */
export interface PercentileColumns {
  p50: OpenColumn;
  p95: OpenColumn;
  p99: OpenColumn;
}

/**
 * Figures of a run over time, in columns of equal length: what the charts of the page and of the report are drawn from. A second that is added to a run is such a
 * series of one point. Times are in ms with at most 3 decimals.
 */
export interface RunSeries {
  /** Unix ms at which the first point of the run begins. */
  startMs: number;
  /** Seconds in a point: 1, or 2, 4 … of a run too long for that; how they become one is in `join-points.ts`. */
  foldedBy: number;
  /** End of each point, seconds since `startMs`. */
  endS: Column;
  /** What counts of each point are divided by for a rate: a second or a little more; at least one, as workers tell of whole seconds. */
  lengthS: Column;
  users: Column;
  /** Logical requests that ended, warm-up and drain included. */
  requests: Column;
  failures: Column;
  /** From the due time to the end. */
  responseTimeMs: PercentileColumns;
  /** From sent to the end. */
  durationMs: PercentileColumns;
  bytesReceived: Column;
  bytesSent: Column;
  checks: Column;
  checksFailed: Column;
  /** Of the measured period. */
  starts: { begun: Column; late: Column; queued: Column; dropped: Column };
  /** The worst worker of each second; `cpu` is a share of one core, 0 to 1. */
  generator: { loopLagMsP99: OpenColumn; cpu: OpenColumn };
  /** Gauges but those of users: of the script, or of what watches the target. */
  gauges: { name: string; unit: string; values: OpenColumn }[];
  /** What the run came to (`stage`, such as `measuring`), how its load was changed, and other remarks. `kind` is absent in files of older versions. */
  events: { atS: number; kind?: SecondEvent['kind']; text: string }[];
}

type Columns = Omit<RunSeries, 'startMs' | 'foldedBy' | 'gauges' | 'events'>;

const PERCENTILES = { p50: 'worst', p95: 'worst', p99: 'worst' } as const;
/** Of the columns that every run has. */
export const SERIES_RULES = {
  endS: 'last',
  lengthS: 'sum',
  users: 'last',
  requests: 'sum',
  failures: 'sum',
  responseTimeMs: PERCENTILES,
  durationMs: PERCENTILES,
  bytesReceived: 'sum',
  bytesSent: 'sum',
  checks: 'sum',
  checksFailed: 'sum',
  starts: { begun: 'sum', late: 'sum', queued: 'sum', dropped: 'sum' },
  generator: { loopLagMsP99: 'worst', cpu: 'worst' },
} as const satisfies RulesOf<Columns>;

/** A series in which each `by` points are one. */
export function joinedSeries<Series extends RunSeries>(series: Series, by: number): Series {
  return { ...mapped(series, (column, rule) => joinedColumn(column, by, rule)), foldedBy: series.foldedBy * by };
}

/** Its points from one index up to before another. */
export function slicedSeries(series: RunSeries, from: number, to: number): RunSeries {
  return mapped(series, (column) => column.slice(from, to));
}

/** A series of which every column is made anew. */
export function mapped<Series extends RunSeries>(series: Series, make: (column: OpenColumn, rule: JoinRule) => OpenColumn): Series {
  const columns = mapColumns(SERIES_RULES, (rule, at) => make(at(series), rule)) as Columns;
  return { ...series, ...columns, gauges: series.gauges.map((gauge) => ({ ...gauge, values: make(gauge.values, 'last') })) };
}

/** Puts points behind those of a series, in place. */
export function appendSeries(series: RunSeries, added: RunSeries): void {
  const [before, length] = [series.endS.length, added.endS.length];
  if (before === 0) series.startMs = added.startMs;
  mapColumns(SERIES_RULES, (_, at) => at<OpenColumn>(series).push(...at<OpenColumn>(added)));
  for (const { name, unit } of added.gauges)
    if (series.gauges.every((known) => known.name !== name))
      series.gauges.push({ name, unit, values: Array.from({ length: before }, () => null) });
  for (const { name, values } of series.gauges)
    values.push(...(added.gauges.find((gauge) => gauge.name === name)?.values ?? Array.from({ length }, () => null)));
  series.events.push(...added.events);
}

/** Where the run was by the end of each point; empty before the first stage. */
export function stagesOf({ endS, events }: Pick<RunSeries, 'endS' | 'events'>): (Stage | '')[] {
  const stages = events.flatMap(({ kind, atS, text }) => (kind === 'stage' && isStage(text) ? [{ atS, text }] : []));
  let next = 0;
  let stage: Stage | '' = '';
  return endS.map((end) => {
    for (; next < stages.length && (stages[next]?.atS as number) <= end; next++) stage = stages[next]?.text ?? stage;
    return stage;
  });
}
