import type { TrendValues } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import type { HistoryColumns } from '../core/timeline-data.ts';
import type { FoldingColumns } from './folding-columns.ts';
import { HistoryFigures } from './history-figures.ts';

/** What the history of a run has of each second, of one row of its requests. */
export class RowHistory {
  /** Response times of the open second that count in the verdict. */
  judged: TrendValues[] = [];
  readonly #figures: HistoryFigures;
  readonly #answers = new Histogram('time');
  readonly #judgedAnswers = new Histogram('time');
  #requests = 0;
  #failures = 0;

  constructor(columns: FoldingColumns) {
    this.#figures = new HistoryFigures(columns);
  }

  /** The measured period has begun. */
  begin(): void {
    this.#figures.begin();
  }

  count({ count, passes, isJudged }: { count: number; passes: number; isJudged: boolean }): void {
    this.#requests += count;
    this.#failures += passes;
    if (!isJudged) return;
    this.#figures.totals.requests += count;
    this.#figures.totals.failures += passes;
  }

  /** Of bodies, decoded. */
  addBytes(bytes: number): void {
    this.#figures.totals.bytes += bytes;
  }

  /** @param answers response times of the second, of all periods */
  closeSecond(answers: readonly TrendValues[], lengthS: number): void {
    for (const values of answers) this.#answers.add(values);
    for (const values of this.judged) this.#judgedAnswers.add(values);
    const [requests, failures] = [this.#requests, this.#failures];
    this.#figures.closeSecond({ answers: this.#answers, judged: this.#judgedAnswers, lengthS, requests, failures });
    this.#answers.clear();
    this.#judgedAnswers.clear();
    this.judged = [];
    this.#requests = this.#failures = 0;
  }

  data(): HistoryColumns {
    return this.#figures.data();
  }
}
