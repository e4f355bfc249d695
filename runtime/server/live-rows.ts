import { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import { OTHER_REQUESTS } from '../core/run-json.ts';
import { OVERFLOW_TAG } from '../metrics/delta.ts';
import { isOtherRequest } from '../metrics/store.ts';
import type { LiveRow } from './api.ts';
import type { NamedDelta } from './point-maker.ts';

/** Seconds that the rates look back. */
const WINDOW_SECONDS = 10;
/** Rows of their own; the rest is one row. */
const ROWS_MAX = 300;

interface Row {
  readonly task: string;
  readonly method: string;
  readonly name: string;
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

/** Name of the row over all. */
export const TOTAL_ROW = 'Aggregated';

/** The table per request as it grows: what counts in the verdict, nothing of warm-up, setup and teardown. */
export class LiveRows {
  readonly #rows = new Map<string, Row>();
  readonly #total = emptyRow({ task: '', method: '', name: TOTAL_ROW });
  #seconds = 0;

  take(named: readonly NamedDelta[]): void {
    const isBegun = this.#seconds > 0 || named.some(({ series, delta }) => JUDGED_PERIODS.includes(series.period) && delta.count > 0);
    if (!isBegun) return; // seconds before the measured ones are none that were slow
    const slot = this.#seconds++ % WINDOW_SECONDS;
    for (const row of [...this.#rows.values(), this.#total]) row.recent[slot] = row.recentFailed[slot] = 0;
    for (const each of named) if (JUDGED_PERIODS.includes(each.series.period)) this.#add(each, slot);
  }

  /** By task, method and name; the row over all is the last. */
  rows(): LiveRow[] {
    const seconds = Math.max(1, Math.min(this.#seconds, WINDOW_SECONDS));
    const sorted = [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
    return [...sorted, this.#total].map((row) => rowOf(row, seconds));
  }

  #add({ series: { metric, tags }, delta }: NamedDelta, slot: number): void {
    if (delta.type === 'rate' && metric === 'http_req_failed') {
      for (const row of [this.#rowOf(tags), this.#total]) {
        row.count += delta.count;
        row.failed += delta.passes;
        row.recent[slot] = (row.recent[slot] as number) + delta.count;
        row.recentFailed[slot] = (row.recentFailed[slot] as number) + delta.passes;
      }
    } else if (delta.type === 'trend' && metric === 'http_req_response_time') {
      const isExpected = tags['expected_response'] === 'true';
      for (const row of [this.#rowOf(tags), this.#total]) (isExpected ? row.response : row.failedResponse).add(delta);
    } else if (delta.type === 'counter' && metric === 'body_received' && tags['name'] !== undefined) {
      for (const row of [this.#rowOf(tags), this.#total]) row.bytes += delta.sum;
    }
  }

  #rowOf(tags: Readonly<Record<string, string>>): Row {
    const isOther = isOtherRequest(tags);
    const { task = '', method = '', name = OTHER_REQUESTS } = isOther ? {} : tags;
    const key = isOther ? '\uffff' : JSON.stringify([task, method, name]);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX && !isOther) return this.#rowOf({ [OVERFLOW_TAG]: 'true' });
    const row = emptyRow({ task, method, name });
    this.#rows.set(key, row);
    return row;
  }
}

function emptyRow(who: Pick<Row, 'task' | 'method' | 'name'>): Row {
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
