import type { RulesOf } from './join-points.ts';
import type { Column, OpenColumn, RunSeries } from './run-series.ts';

/** A run second by second: what the report's charts, `stats_history.csv` and `series` of run.json share. */
export interface TimelineData extends RunSeries {
  version: 1;
  history: HistoryColumns;
  /** By task, method and name; the last may be all that came past the bound. */
  rows: TimelineRow[];
  /** Most frequent first. */
  errors: TimelineError[];
  heatMap: HeatMapData;
}

/** What `stats_history.csv` is made of. */
export interface HistoryColumns {
  /** Of the last 10 seconds. */
  requestsPerSecond: Column;
  failuresPerSecond: Column;
  /** By {@link HISTORY_PERCENTILES}, of the last 10 seconds. */
  windowMs: OpenColumn[];
  /** From here on: since the measured period began, that alone and its drain, as the totals of run.json. */
  totalRequests: Column;
  totalFailures: Column;
  totalMs: OpenColumn[];
  totalMsAvg: OpenColumn;
  totalMsMin: OpenColumn;
  /** Of bodies, decoded. */
  totalBytes: Column;
}

/** Locust's, 0 to 1. */
export const HISTORY_PERCENTILES = [0.5, 0.66, 0.75, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999, 1] as const;

const EACH_PERCENTILE = HISTORY_PERCENTILES.map(() => 'last' as const);
/** How points of a history become one: all of it is what was so at the end. */
export const HISTORY_RULES = {
  requestsPerSecond: 'last',
  failuresPerSecond: 'last',
  windowMs: EACH_PERCENTILE,
  totalRequests: 'last',
  totalFailures: 'last',
  totalMs: EACH_PERCENTILE,
  totalMsAvg: 'last',
  totalMsMin: 'last',
  totalBytes: 'last',
} as const satisfies RulesOf<HistoryColumns>;

/** `95%`, `99.9%`. @param ratio 0 to 1 */
export function percentileName(ratio: number): string {
  return `${Number((ratio * 100).toFixed(2))}%`;
}

export interface TimelineRow {
  task: string;
  method: string;
  name: string;
  requests: Column;
  failures: Column;
  responseTimeMsP95: OpenColumn;
  bytesReceived: Column;
  /** Absent unless it was asked for (`--csv-full-history`). */
  history?: HistoryColumns;
}

/** How points of a row become one. */
export const ROW_RULES = { requests: 'sum', failures: 'sum', responseTimeMsP95: 'worst', bytesReceived: 'sum' } as const satisfies RulesOf<
  Omit<TimelineRow, 'task' | 'method' | 'name' | 'history'>
>;

export interface TimelineError {
  name: string;
  kind: string;
  code: number;
  /** Index of a point, count, index, count …: only the points where it was seen. */
  seen: number[];
}

/** How many answers took how long, over time: at most 240 columns of at most 60 classes of response time, each `ratio` times as long as the one before. */
export interface HeatMapData {
  /** Points of the timeline's first resolution in a column; the last column may be shorter. */
  secondsPerColumn: number;
  /** Where the lowest class begins. */
  fromMs: number;
  ratio: number;
  /** By column, then by class from the lowest. Empty when there was no answer. */
  counts: number[][];
}
