import { Histogram } from '../core/histogram.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf } from '../core/rows.ts';
import type { RowSecond, Second } from './second.ts';

/** Names that are told apart; further ones share a row. */
const ROWS_MAX = 500;

/** Requests of one task, method and name. */
export interface LiveTableRow extends RowIdentity {
  count: number;
  failed: number;
  /** µs from the due time, expected answers. */
  readonly responseTime: Histogram;
}

type Book = Map<string, LiveTableRow>;

/** Per-name totals for live views: a copy of little of what the store has, cheap to ask. */
export class LiveTable {
  /** Warm-up is shown until something counts. */
  readonly #warmUp: Book = new Map();
  readonly #judged: Book = new Map();

  take({ rows }: Pick<Second, 'rows'>): void {
    for (const { part, who, key, requests, failures, expected } of rows) {
      const row = rowOf(part === 'judged' ? this.#judged : this.#warmUp, who, key);
      row.count += requests;
      row.failed += failures;
      expected.addTo(row.responseTime);
    }
  }

  /** In the order of the report; of the warm-up until the first sample counts. */
  get rows(): readonly LiveTableRow[] {
    const book = [...this.#judged.values()].some((row) => row.count > 0) ? this.#judged : this.#warmUp;
    return [...book].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

function rowOf(book: Book, who: RowIdentity, key: RowSecond['key']): LiveTableRow {
  const known = book.get(key);
  if (known !== undefined) return known;
  if (book.size >= ROWS_MAX && who !== OTHERS_ROW) return rowOf(book, OTHERS_ROW, rowKeyOf(OTHERS_ROW));
  const row = { ...who, count: 0, failed: 0, responseTime: new Histogram('time') };
  book.set(key, row);
  return row;
}
