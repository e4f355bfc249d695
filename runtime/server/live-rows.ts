import { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf, rowOfTags, TOTAL_ROW } from '../core/rows.ts';
import type { LiveRow } from '../views/api.ts';
import type { NamedDelta } from './point-maker.ts';

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
    if (delta.type === 'rate' && metric === HTTP.failed) {
      for (const row of [this.#rowOf(tags), this.#total]) {
        row.count += delta.count;
        row.failed += delta.passes;
        row.recent[slot] = (row.recent[slot] as number) + delta.count;
        row.recentFailed[slot] = (row.recentFailed[slot] as number) + delta.passes;
      }
    } else if (delta.type === 'trend' && metric === HTTP.responseTime) {
      const isExpected = isExpectedAnswer(tags);
      for (const row of [this.#rowOf(tags), this.#total]) (isExpected ? row.response : row.failedResponse).add(delta);
    } else if (delta.type === 'counter' && metric === 'body_received' && tags['name'] !== undefined) {
      for (const row of [this.#rowOf(tags), this.#total]) row.bytes += delta.sum;
    }
  }

  #rowOf(tags: Readonly<Record<string, string>>): Row {
    const who = rowOfTags(tags);
    const known = this.#rows.get(rowKeyOf(who));
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX && who !== OTHERS_ROW) return this.#rowOf({ name: OTHERS_ROW.name });
    const row = emptyRow(who);
    this.#rows.set(rowKeyOf(who), row);
    return row;
  }
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
