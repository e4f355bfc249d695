import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf, rowOfTags } from '../core/rows.ts';
import { HistogramWindow } from './histogram-window.ts';

/** Seconds that {@link LiveTable.recent} looks back, as `LiveView` does. */
const RECENT_SECONDS = 10;
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

/** Per-name totals and percentiles of the last second and the last ten, for live views: a copy of little of what the store has, cheap to ask. */
export class LiveTable {
  readonly #known = new Map<number, { row: LiveTableRow; isExpected: boolean }>();
  /** Warm-up is shown until something counts. */
  readonly #warmUp: Book = new Map();
  readonly #judged: Book = new Map();
  readonly #window = new HistogramWindow();
  #open = new Histogram('time');

  /** Takes what `MetricStore.merge` gave back; series of setup and teardown are no load. */
  take(deltas: readonly SeriesDelta[]): void {
    for (const delta of deltas) {
      if (delta.series !== undefined) this.#introduce(delta.id, delta.series);
      const known = this.#known.get(delta.id);
      if (known === undefined) continue;
      if (delta.type === 'rate') {
        known.row.count += delta.count;
        known.row.failed += delta.passes;
      } else if (delta.type === 'trend' && known.isExpected) {
        known.row.responseTime.add(delta);
        this.#open.add(delta);
      }
    }
  }

  /** Call once a second. @returns the response times of the second that this closes */
  closeSecond(): Histogram {
    const closed = this.#open;
    this.#open = new Histogram('time');
    this.#window.push(closed);
    if (this.#window.length > RECENT_SECONDS) this.#window.shift();
    return closed;
  }

  /** Response times of the last 10 closed seconds. */
  get recent(): Histogram {
    return this.#window.all;
  }

  /** In the order of the report; of the warm-up until the first sample counts. */
  get rows(): readonly LiveTableRow[] {
    const book = [...this.#judged.values()].some((row) => row.count > 0) ? this.#judged : this.#warmUp;
    return [...book].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  #introduce(id: number, { metric, period, tags }: SeriesIdentity): void {
    if (metric !== HTTP.failed && metric !== HTTP.responseTime) return;
    if (period === 'setup' || period === 'teardown') return;
    const row = rowOf(period === 'warm-up' ? this.#warmUp : this.#judged, tags);
    this.#known.set(id, { row, isExpected: isExpectedAnswer(tags) });
  }
}

function rowOf(book: Book, tags: SeriesIdentity['tags']): LiveTableRow {
  const who = rowOfTags(tags);
  const key = rowKeyOf(who);
  const known = book.get(key);
  if (known !== undefined) return known;
  if (book.size >= ROWS_MAX && who !== OTHERS_ROW) return rowOf(book, { name: OTHERS_ROW.name });
  const row = { ...who, count: 0, failed: 0, responseTime: new Histogram('time') };
  book.set(key, row);
  return row;
}
