import type { Histogram } from '../core/histogram.ts';
import { HISTORY_PERCENTILES, type HistoryColumns } from '../core/timeline-data.ts';
import { AnswerTotals, AnswerWindow, RECENT_S } from './answer-history.ts';
import type { FoldingColumn, FoldingColumns } from './folding-columns.ts';
import { msOf, numbersOf, rounded } from './timeline-figures.ts';

const COUNTS = ['requestsPerSecond', 'failuresPerSecond', 'totalRequests', 'totalFailures', 'totalBytes'] as const;

/** The second that is closed. */
interface ClosedSecond {
  /** Of all periods that count in rates over time, warm-up included. */
  answers: Histogram;
  /** Of the periods that count in the verdict. */
  judged: Histogram;
  lengthS: number;
  requests: number;
  failures: number;
}

/** What was so in the last 10 seconds, and since the measured period began, at the end of each second. */
export class HistoryFigures {
  /** Requests, failures and bytes are added from outside. */
  readonly totals = new AnswerTotals();
  readonly #window = new AnswerWindow(RECENT_S);
  #hasBegun = false;
  readonly #counts: Record<(typeof COUNTS)[number], FoldingColumn>;
  readonly #avgUs: FoldingColumn;
  readonly #minUs: FoldingColumn;
  readonly #windowUs: readonly FoldingColumn[];
  readonly #totalUs: readonly FoldingColumn[];

  constructor(columns: FoldingColumns) {
    this.#counts = Object.fromEntries(COUNTS.map((name) => [name, columns.open('last')])) as never;
    this.#avgUs = columns.open('last', null);
    this.#minUs = columns.open('last', null);
    this.#windowUs = HISTORY_PERCENTILES.map(() => columns.open('last', null));
    this.#totalUs = HISTORY_PERCENTILES.map(() => columns.open('last', null));
  }

  /** The measured period has begun: its rates owe nothing to what was before it. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#window.clear();
  }

  closeSecond({ answers, judged, ...second }: ClosedSecond): void {
    this.#window.add(answers, second);
    const total = this.totals.answers;
    total.addAll(judged);
    setEach(this.#windowUs, this.#window.percentiles(HISTORY_PERCENTILES));
    setEach(this.#totalUs, total.percentiles(HISTORY_PERCENTILES));
    this.#avgUs.set(total.avg ?? null);
    this.#minUs.set(total.count === 0 ? null : total.min);
    this.#counts.requestsPerSecond.set(this.#window.requestsPerSecond());
    this.#counts.failuresPerSecond.set(this.#window.failuresPerSecond());
    this.#counts.totalRequests.set(this.totals.requests);
    this.#counts.totalFailures.set(this.totals.failures);
    this.#counts.totalBytes.set(this.totals.bytes);
  }

  data(): HistoryColumns {
    const counts = this.#counts;
    return {
      requestsPerSecond: numbersOf(counts.requestsPerSecond).map(rounded),
      failuresPerSecond: numbersOf(counts.failuresPerSecond).map(rounded),
      windowMs: this.#windowUs.map(msOf),
      totalRequests: numbersOf(counts.totalRequests),
      totalFailures: numbersOf(counts.totalFailures),
      totalMs: this.#totalUs.map(msOf),
      totalMsAvg: msOf(this.#avgUs),
      totalMsMin: msOf(this.#minUs),
      totalBytes: numbersOf(counts.totalBytes),
    };
  }
}

function setEach(columns: readonly FoldingColumn[], values: readonly number[] | undefined): void {
  columns.forEach((column, i) => void column.set(values?.[i] ?? null));
}
