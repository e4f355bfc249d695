import type { CsvFormulas } from '../core/csv-cell.ts';
import { errorKindText } from '../core/error-kind.ts';
import type { RequestDetail } from '../core/request-detail.ts';
import { averageBytesOf, failedPerSecondOf, timesOf } from '../core/request-figures.ts';
import { isTotalRow, OTHER_REQUESTS, TOTAL_ROW } from '../core/rows.ts';
import type { ErrorRow, RequestRow, RunJson } from '../core/run-json.ts';
import { HISTORY_PERCENTILES, type HistoryColumns, percentileName, type TimelineData } from '../core/timeline-data.ts';
import { type CsvCell, csvText } from './csv.ts';

/**
 * Locust's files by its names, columns and order; ours stand behind them. Times are ms of expected answers (where all failed, of those), from the due time to the end.
 * @see https://docs.locust.io/en/stable/retrieving-stats.html
 */
const PERCENTILES = HISTORY_PERCENTILES.map(percentileName);
const STATS = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  ...PERCENTILES,
];
const STATS_OWN = ['Task', 'Interrupted', 'Duration 50%', 'Duration 95%', 'Duration 99%', 'Average Sent Size'];
const HISTORY = [
  'Timestamp',
  'User Count',
  'Type',
  'Name',
  'Requests/s',
  'Failures/s',
  ...PERCENTILES,
  'Total Request Count',
  'Total Failure Count',
  'Total Median Response Time',
  'Total Average Response Time',
  'Total Min Response Time',
  'Total Max Response Time',
  'Total Average Content Size',
];
const HISTORY_OWN = PERCENTILES.map((percentile) => `Total ${percentile}`);
const FAILURES = ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'];
const EXCEPTIONS = ['Count', 'Message', 'Traceback', 'Nodes'];
/** Kinds of errors that scripts made, not answers. */
const EXCEPTION_KINDS: ReadonlySet<string> = new Set(['script', 'check']);

/** Whether an error is the script's own: an iteration that threw, a check whose predicate did. */
export function isException({ kind }: { kind: string }): boolean {
  return EXCEPTION_KINDS.has(kind);
}

/** Whether an error is a failed request that the rows of requests count: none of warm-up, setup and teardown is. */
export function isFailureThatCounts({ kind, period }: { kind: string; period?: string }): boolean {
  return period === undefined && !isException({ kind });
}

/** A row for each request, sorted by name and method, `Aggregated` last. Two tasks that ask for the same get a name each: `/predict [small]`. */
export function statsCsv(run: RunJson, formulas?: CsvFormulas): string {
  const rows = run.requests.map((row, i) => ({ row, detail: run.details?.[i], name: uniqueNameOf(row, run.requests) }));
  const named = rows.filter(({ row }) => !isTotalRow(row)).sort((a, b) => compare(a.name, b.name) || compare(a.row.method, b.row.method));
  const total = rows.filter(({ row }) => isTotalRow(row));
  return csvText(
    [...STATS, ...STATS_OWN],
    [...named, ...total].map(({ row, detail, name }) => statsRow(row, detail, name)),
    formulas,
  );
}

/**
 * A row for each second: rates and percentiles of the last 10 seconds, then the totals up to there. Where the rows of requests have a history too
 * (`--csv-full-history`), theirs stand before it, from the second on in which they were first asked for.
 */
export function statsHistoryCsv(series: TimelineData, formulas?: CsvFormulas): string {
  const { endS, startMs, users } = series;
  const named = series.rows
    .flatMap((row) =>
      row.history === undefined ? [] : [{ method: row.method, name: uniqueNameOf(row, series.rows), history: row.history }],
    )
    .sort((a, b) => compare(a.name, b.name) || compare(a.method, b.method));
  let timestamp = 0;
  const rows = endS.flatMap((end, i): CsvCell[][] => {
    timestamp = Math.max(timestamp + 1, Math.floor(startMs / 1000 + end)); // one line each, also where two come in a second
    const begun = named.filter(({ history }) => (history.totalRequests[i] ?? 0) > 0 || (history.requestsPerSecond[i] ?? 0) > 0);
    return [...begun, { ...TOTAL_ROW, history: series.history }].map(({ method, name, history }) => [
      timestamp,
      users[i] ?? 0,
      method,
      name,
      ...historyCells(history, i),
    ]);
  });
  return csvText([...HISTORY, ...HISTORY_OWN], rows, formulas);
}

function historyCells(history: HistoryColumns, i: number): CsvCell[] {
  const requests = history.totalRequests[i] ?? 0;
  const totals = history.totalMs.map((column) => column[i] ?? null);
  return [
    (history.requestsPerSecond[i] ?? 0).toFixed(6),
    (history.failuresPerSecond[i] ?? 0).toFixed(6),
    ...history.windowMs.map((column) => column[i] ?? null),
    requests,
    history.totalFailures[i] ?? 0,
    totals[0] ?? 0,
    history.totalMsAvg[i] ?? 0,
    history.totalMsMin[i] ?? 0,
    totals.at(-1) ?? 0,
    requests === 0 ? 0 : (history.totalBytes[i] ?? 0) / requests,
    ...totals,
  ];
}

/** A row for each kind of failed request that counts, joined to `stats.csv` by method and name. */
export function failuresCsv(run: RunJson, formulas?: CsvFormulas): string {
  const failures = run.errors.filter(isFailureThatCounts);
  return csvText(
    [...FAILURES, 'Kind', 'Code', 'Task'],
    failures.map((error) => [
      ...whoOf(error, run.requests),
      firstLine(error.sample) || errorKindText(error),
      error.count,
      secondOf(error.firstSeen),
      secondOf(error.lastSeen),
      error.kind,
      error.code,
      error.task ?? '',
    ]),
    formulas,
  );
}

/** A row for each kind of error of the script itself: iterations that threw, checks whose predicate did. */
export function exceptionsCsv(run: RunJson, formulas?: CsvFormulas): string {
  const exceptions = run.errors.filter(isException);
  return csvText(
    [...EXCEPTIONS, 'Kind', 'First Seen', 'Last Seen'],
    exceptions.map((error) => [
      error.count,
      error.kind === 'check' ? `check "${error.name}": ${firstLine(error.sample)}` : firstLine(error.sample) || error.name,
      error.sample,
      'local',
      error.kind,
      secondOf(error.firstSeen),
      secondOf(error.lastSeen),
    ]),
    formulas,
  );
}

function statsRow(row: RequestRow, detail: RequestDetail | undefined, name: string): CsvCell[] {
  const times = timesOf(row);
  return [
    row.method,
    name,
    row.count,
    row.failed,
    times?.p50 ?? 0,
    times?.avg ?? 0,
    times?.min ?? 0,
    times?.max ?? 0,
    averageBytesOf(row, detail) ?? 0,
    row.perSecond,
    failedPerSecondOf(row),
    ...HISTORY_PERCENTILES.map((ratio) => detail?.percentilesMs[percentileName(ratio)] ?? fromLatency(row, ratio)),
    row.task,
    row.interrupted,
    row.durationMs?.p50 ?? null,
    row.durationMs?.p95 ?? null,
    row.durationMs?.p99 ?? null,
    detail === undefined || row.count === 0 ? 0 : detail.bytesSent / row.count,
  ];
}

/** Of a run.json that is older than its details. */
function fromLatency(row: RequestRow, ratio: number): number | null {
  const times = timesOf(row);
  return (times && { 0.5: times.p50, 0.9: times.p90, 0.95: times.p95, 0.99: times.p99, 1: times.max }[ratio]) ?? null;
}

type NamedRequest = Pick<RequestRow, 'task' | 'method' | 'name'>;

/** Two tasks that ask for the same get a name each. */
export function uniqueNameOf(row: NamedRequest, rows: readonly NamedRequest[]): string {
  const isShared = rows.some((other) => other !== row && other.name === row.name && other.method === row.method);
  return isShared && row.task !== '' ? `${row.name} [${row.task}]` : row.name;
}

/** Method and name of the row that the error belongs to. */
function whoOf({ name, task, method }: ErrorRow, rows: readonly RequestRow[]): [method: string, name: string] {
  if (task === undefined || method === undefined) return [methodOf(name, rows), name];
  const row = rows.find((each) => each.name === name && each.method === method && each.task === task);
  if (row !== undefined) return [method, uniqueNameOf(row, rows)];
  return rows.some((each) => each.name === OTHER_REQUESTS) ? ['', OTHER_REQUESTS] : [method, name];
}

/** Errors of older versions are told apart by name alone; empty where a name has several methods. */
function methodOf(name: string, rows: readonly RequestRow[]): string {
  const methods = new Set(rows.filter((row) => row.name === name).map((row) => row.method));
  return methods.size === 1 ? ([...methods][0] as string) : '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

/** `2026-11-22T13:35:27Z`. */
function secondOf(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
