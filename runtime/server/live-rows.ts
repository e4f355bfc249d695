import { Histogram } from '../core/histogram.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf, TOTAL_ROW } from '../core/rows.ts';
import type { RowSecond, Second } from '../record/second.ts';
import type { LiveRow } from '../views/api.ts';

/** Seconds that the rates look back. */
const WINDOW_SECONDS = 10;
/** Rows of their own; the rest is one row. */
const ROWS_MAX = 300;

interface Row extends RowIdentity {
  count: number;
  failed: number;
  bytes: number;
  /** From the due time, expected answers. */
  readonly response: Histogram;
  /** The others: shown where all failed. */
  readonly failedResponse: Histogram;
  /** Requests and failures of the last seconds, a ring. */
  readonly recent: Float64Array;
  readonly recentFailed: Float64Array;
}

/** The table per request as it grows: what counts in the verdict, nothing of warm-up, setup and teardown. */
export class LiveRows {
  readonly #rows = new Map<string, Row>();
  readonly #total = emptyRow(TOTAL_ROW);
  #seconds = 0;

  take({ judged, rows }: Pick<Second, 'judged' | 'rows'>): void {
    if (this.#seconds === 0 && !judged.hasSamples) return; // seconds before the measured ones are none that were slow
    const slot = this.#seconds++ % WINDOW_SECONDS;
    for (const row of [...this.#rows.values(), this.#total]) row.recent[slot] = row.recentFailed[slot] = 0;
    addTo(this.#total, judged, slot);
    this.#total.response.addAll(judged.answers);
    for (const each of rows) {
      if (each.part !== 'judged') continue;
      const row = this.#rowOf(each.who, each.key);
      addTo(row, each, slot);
      each.expected.addTo(row.response);
      for (const { failedResponse } of [row, this.#total]) each.unexpected.addTo(failedResponse);
    }
  }

  /** By task, method and name; the row over all is the last. */
  rows(): LiveRow[] {
    const seconds = Math.max(1, Math.min(this.#seconds, WINDOW_SECONDS));
    const sorted = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    return [...sorted, this.#total].map((row) => rowOf(row, seconds));
  }

  #rowOf(who: RowIdentity, key: string): Row {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX && who !== OTHERS_ROW) return this.#rowOf(OTHERS_ROW, rowKeyOf(OTHERS_ROW));
    const row = emptyRow(who);
    this.#rows.set(key, row);
    return row;
  }
}

function addTo(row: Row, { requests, failures, bodyBytes }: Pick<RowSecond, 'requests' | 'failures' | 'bodyBytes'>, slot: number): void {
  row.count += requests;
  row.failed += failures;
  row.bytes += bodyBytes;
  row.recent[slot] = (row.recent[slot] as number) + requests;
  row.recentFailed[slot] = (row.recentFailed[slot] as number) + failures;
}

function emptyRow(who: RowIdentity): Row {
  return {
    ...who,
    count: 0,
    failed: 0,
    bytes: 0,
    response: new Histogram('time'),
    failedResponse: new Histogram('time'),
    recent: new Float64Array(WINDOW_SECONDS),
    recentFailed: new Float64Array(WINDOW_SECONDS),
  };
}

function rowOf({ task, method, name, count, failed, bytes, recent, recentFailed, ...times }: Row, seconds: number): LiveRow {
  const response = times.response.count > 0 ? times.response : times.failedResponse;
  const ms = (us: number | undefined): number | null => (us === undefined ? null : us / 1000);
  const isEmpty = response.count === 0;
  return {
    task,
    method,
    name,
    count,
    failed,
    perSecond: sum(recent) / seconds,
    failedPerSecond: sum(recentFailed) / seconds,
    medianMs: ms(response.percentile(0.5)),
    p95Ms: ms(response.percentile(0.95)),
    p99Ms: ms(response.percentile(0.99)),
    averageMs: ms(response.avg),
    minMs: isEmpty ? null : response.min / 1000,
    maxMs: isEmpty ? null : response.max / 1000,
    averageBytes: count === 0 ? null : bytes / count,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
