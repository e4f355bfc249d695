import { errorKey } from '../core/error-book.ts';
import type { Histogram } from '../core/histogram.ts';
import type { ErrorTally } from '../core/records.ts';
import { OTHERS_ROW, type RowIdentity, rowKeyOf } from '../core/rows.ts';
import type { TimelineError, TimelineRow } from '../core/timeline-data.ts';
import type { FoldingColumn, FoldingColumns } from './folding-columns.ts';
import { RowHistory } from './row-history.ts';
import type { RowSecond, Times } from './second.ts';

/** Rows of requests, and kinds of errors, that are told apart over time; the rest is one. */
const ROWS_MAX = 100;
const ERRORS_MAX = 60;

/** One row of requests over time. */
interface RowColumns {
  readonly who: RowIdentity;
  readonly requests: FoldingColumn;
  readonly failures: FoldingColumn;
  readonly p95Us: FoldingColumn;
  readonly bytesReceived: FoldingColumn;
  /** Response times of the open second. */
  answers: Times[];
  /** Undefined unless rows have a history each. */
  readonly past: RowHistory | undefined;
}

/** The rows of requests over time, in the order they came. */
export class TimelineRows {
  readonly #columns: FoldingColumns;
  readonly #rows = new Map<string, RowColumns>();
  readonly #hasHistory: boolean;

  constructor(columns: FoldingColumns, hasHistory: boolean) {
    this.#columns = columns;
    this.#hasHistory = hasHistory;
  }

  /** The measured period has begun. */
  begin(): void {
    for (const { past } of this.#rows.values()) past?.begin();
  }

  /** What came of a row in the open second. */
  add(second: RowSecond): void {
    const row = this.#open(second.who);
    row.requests.add(second.requests);
    row.failures.add(second.failures);
    row.bytesReceived.add(second.bytesReceived);
    row.answers.push(second.expected);
    row.past?.add(second);
  }

  closeSecond(scratch: Histogram, lengthS: number): void {
    for (const row of this.#rows.values()) {
      row.past?.closeSecond(lengthS);
      if (row.answers.length === 0) continue;
      for (const times of row.answers) times.addTo(scratch);
      row.p95Us.set(scratch.percentile(0.95) ?? null);
      scratch.clear();
      row.answers = [];
    }
  }

  data(): TimelineRow[] {
    const rows = [...this.#rows.values()].sort((a, b) => (rowKeyOf(a.who) < rowKeyOf(b.who) ? -1 : 1));
    return rows.map(({ who, requests, failures, p95Us, bytesReceived, past }) => ({
      ...who,
      requests: requests.values as number[],
      failures: failures.values as number[],
      responseTimeMsP95: p95Us.values.map((us) => (us === null ? null : us / 1000)),
      bytesReceived: bytesReceived.values as number[],
      ...(past === undefined ? {} : { history: past.data() }),
    }));
  }

  #open(who: RowIdentity): RowColumns {
    const key = rowKeyOf(who);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    if (this.#rows.size >= ROWS_MAX - 1 && who !== OTHERS_ROW) return this.#open(OTHERS_ROW);
    const row: RowColumns = {
      who,
      requests: this.#columns.open('sum'),
      failures: this.#columns.open('sum'),
      p95Us: this.#columns.open('worst', null),
      bytesReceived: this.#columns.open('sum'),
      answers: [],
      past: this.#hasHistory ? new RowHistory(this.#columns) : undefined,
    };
    this.#rows.set(key, row);
    return row;
  }
}

interface ErrorPoints {
  name: string;
  kind: string;
  code: number;
  /** Count by index of the point. */
  seen: Map<number, number>;
}

/** When each kind of error was seen, and how often. */
export class TimelineErrors {
  readonly #kinds = new Map<string, ErrorPoints>();

  /** @param point index of the point that the tallies belong to */
  add(tallies: readonly ErrorTally[], point: number): void {
    for (const { name, kind, code, count } of tallies) {
      const points = this.#open({ name, kind, code });
      if (name.includes('#')) points.name = name; // others have come that differ in a number
      if (count > 0) points.seen.set(point, (points.seen.get(point) ?? 0) + count);
    }
  }

  fold(): void {
    for (const error of this.#kinds.values()) {
      const folded = new Map<number, number>();
      for (const [point, count] of error.seen) folded.set(point >> 1, (folded.get(point >> 1) ?? 0) + count);
      error.seen = folded;
    }
  }

  data(): TimelineError[] {
    const total = (seen: Map<number, number>): number => [...seen.values()].reduce((sum, count) => sum + count, 0);
    const kinds = [...this.#kinds.values()].filter(({ seen }) => seen.size > 0).sort((a, b) => total(b.seen) - total(a.seen));
    return kinds.map(({ seen, ...who }) => ({ ...who, seen: [...seen].sort(([a], [b]) => a - b).flat() }));
  }

  #open(who: Omit<ErrorPoints, 'seen'>): ErrorPoints {
    const key = errorKey(who);
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    if (this.#kinds.size >= ERRORS_MAX - 1 && who.kind !== 'other') return this.#open({ name: 'other', kind: 'other', code: 0 });
    const opened = { ...who, seen: new Map<number, number>() };
    this.#kinds.set(key, opened);
    return opened;
  }
}
