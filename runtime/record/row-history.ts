import { Histogram } from '../core/histogram.ts';
import type { HistoryColumns } from '../core/timeline-data.ts';
import type { FoldingColumns } from './folding-columns.ts';
import { HistoryFigures } from './history-figures.ts';
import type { RowSecond } from './second.ts';

/** What the history of a run has of each second, of one row of its requests. */
export class RowHistory {
  readonly #figures: HistoryFigures;
  readonly #answers = new Histogram('time');
  readonly #judged = new Histogram('time');
  #requests = 0;
  #failures = 0;

  constructor(columns: FoldingColumns) {
    this.#figures = new HistoryFigures(columns);
  }

  /** The measured period has begun. */
  begin(): void {
    this.#figures.begin();
  }

  add({ part, requests, failures, expected, bodyBytes }: RowSecond): void {
    this.#requests += requests;
    this.#failures += failures;
    expected.addTo(this.#answers);
    if (part !== 'judged') return;
    expected.addTo(this.#judged);
    const { totals } = this.#figures;
    totals.requests += requests;
    totals.failures += failures;
    totals.bytes += bodyBytes;
  }

  closeSecond(lengthS: number): void {
    const [requests, failures] = [this.#requests, this.#failures];
    this.#figures.closeSecond({ answers: this.#answers, judged: this.#judged, lengthS, requests, failures });
    this.#answers.clear();
    this.#judged.clear();
    this.#requests = this.#failures = 0;
  }

  data(): HistoryColumns {
    return this.#figures.data();
  }
}
