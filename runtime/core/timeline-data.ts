/**
 * A run second by second, in columns of equal length: what charts, `stats_history.csv`, `series` of run.json and the web UI share.
 * Times are in ms with at most 3 decimals; null: nothing was measured in that point.
 */

type Column = number[];
type OpenColumn = (number | null)[];

/** Percentiles of a point, over the expected answers that came in it. */
export interface PercentileColumns {
  p50: OpenColumn;
  p95: OpenColumn;
  p99: OpenColumn;
}

export interface TimelineData {
  version: 1;
  /** Unix ms at which the first point begins. */
  startMs: number;
  /** Seconds in a point: 1, or 2, 4 … of a run too long for that. Counts are then sums, percentiles those of the worst second. */
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
  history: HistoryColumns;
  /** By task, method and name; the last may be all that came past the bound. */
  rows: TimelineRow[];
  /** Most frequent first. */
  errors: TimelineError[];
  /** Gauges but those of users: of the script, or of what watches the target. */
  gauges: { name: string; unit: string; values: OpenColumn }[];
  /** Remarks, such as `measuring`, and when. */
  events: { atS: number; text: string }[];
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
