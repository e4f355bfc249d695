import { Histogram } from '../core/histogram.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf, TOTAL_ROW } from '../core/rows.ts';
import { JITTER_S, RECENT_S } from './answer-history.ts';
import type { RowSecond, Second } from './second.ts';

/** Rows of their own; the rest is one row. */
const ROWS_MAX = 300;
/** Requests of one task, method and name, or all of them. */
export interface LiveTableRow extends RowIdentity {
  count: number;
  failed: number;
  /** Of bodies, decoded. */
  bytes: number;
  /** µs from the due time, expected answers. */
  readonly responseTime: Histogram;
  /** The others: shown where all failed. */
  readonly failedResponseTime: Histogram;
  /** Requests and failures of the last seconds, a ring. */
  readonly recent: Float64Array;
  readonly recentFailed: Float64Array;
}

type Book = Map<string, LiveTableRow>;
type Counts = Pick<RowSecond, 'requests' | 'failures' | 'bodyBytes'>;

/** The table per request as it grows, for terminal and page: a copy of little of what the store has, cheap to ask. */
export class LiveTable {
  /** Warm-up is shown in the terminal until something counts. */
  readonly #warmUp: Book = new Map();
  readonly #judged: Book = new Map();
  /** Over all that counts in the verdict. */
  readonly total: LiveTableRow = emptyRow(TOTAL_ROW);
  #seconds = 0;
  readonly #lengthsS = new Float64Array(RECENT_S);

  take({ judged, rows, lengthS }: Pick<Second, 'judged' | 'rows' | 'lengthS'>): void {
    // seconds before the measured ones are none that were slow
    if (this.#seconds > 0 || judged.hasSamples) this.#beginSecond(lengthS);
    addTo(this.total, judged, this.#slot);
    this.total.responseTime.addAll(judged.answers);
    for (const each of rows) {
      const isJudged = each.part === 'judged';
      const row = rowOf(isJudged ? this.#judged : this.#warmUp, each.who, each.key);
      addTo(row, each, this.#slot);
      each.expected.addTo(row.responseTime);
      for (const { failedResponseTime } of isJudged ? [row, this.total] : [row]) each.unexpected.addTo(failedResponseTime);
    }
  }

  /** In the order of the report; of the warm-up until the first sample counts. */
  get rows(): readonly LiveTableRow[] {
    return this.total.count > 0 ? this.judged : sorted(this.#warmUp);
  }

  /** Those that count in the verdict. */
  get judged(): readonly LiveTableRow[] {
    return sorted(this.#judged);
  }

  /** A second, of the last ten or of as many as there were. What a delayed tick took together stands for all of its seconds. */
  perSecond(recent: Float64Array): number {
    let [sum, lengthS] = [0, 0];
    for (let back = 0; back < Math.min(this.#seconds, RECENT_S); back++) {
      const slot = (this.#seconds - back) % RECENT_S;
      const withItS = lengthS + (this.#lengthsS[slot] as number);
      if (back > 0 && withItS > RECENT_S + JITTER_S) break;
      sum += recent[slot] as number;
      lengthS = withItS;
    }
    return sum / Math.max(1, lengthS);
  }

  get #slot(): number {
    return this.#seconds % RECENT_S;
  }

  #beginSecond(lengthS: number): void {
    this.#seconds++;
    this.#lengthsS[this.#slot] = lengthS;
    for (const row of [...this.#judged.values(), this.total]) row.recent[this.#slot] = row.recentFailed[this.#slot] = 0;
  }
}

function sorted(book: Book): LiveTableRow[] {
  return [...book].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function addTo(row: LiveTableRow, { requests, failures, bodyBytes }: Counts, slot: number): void {
  row.count += requests;
  row.failed += failures;
  row.bytes += bodyBytes;
  row.recent[slot] = (row.recent[slot] as number) + requests;
  row.recentFailed[slot] = (row.recentFailed[slot] as number) + failures;
}

function rowOf(book: Book, who: RowIdentity, key: RowSecond['key']): LiveTableRow {
  const known = book.get(key);
  if (known !== undefined) return known;
  if (book.size >= ROWS_MAX && who !== OTHERS_ROW) return rowOf(book, OTHERS_ROW, rowKeyOf(OTHERS_ROW));
  const row = emptyRow(who);
  book.set(key, row);
  return row;
}

function emptyRow(who: RowIdentity): LiveTableRow {
  return {
    ...who,
    count: 0,
    failed: 0,
    bytes: 0,
    responseTime: new Histogram('time'),
    failedResponseTime: new Histogram('time'),
    recent: new Float64Array(RECENT_S),
    recentFailed: new Float64Array(RECENT_S),
  };
}
