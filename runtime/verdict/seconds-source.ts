import type { CounterTotals, RateTotals, SeriesValues } from '../core/delta.ts';
import { BugError } from '../core/errors.ts';
import type { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { MetricDefinition } from '../core/records.ts';
import type { SecondBook, SecondValues, Selector } from '../record/second-book.ts';
import { SlidingTotals } from '../record/sliding-totals.ts';
import type { SeriesFilter } from '../record/store.ts';
import type { MetricSource } from './metric-source.ts';
import { selectorKey } from './selectors.ts';

/** What some closed seconds come to, for the selectors of a threshold or of all of them. */
export class SecondsSource implements MetricSource {
  readonly #book: Pick<SecondBook, 'definition' | 'hasOverflowed'>;
  readonly #selectors: readonly Selector[];
  readonly #totals: SlidingTotals[];
  readonly #slots: ReadonlyMap<string, number>;

  constructor(selectors: readonly Selector[], book: Pick<SecondBook, 'definition' | 'hasOverflowed'>) {
    this.#book = book;
    this.#selectors = selectors;
    this.#totals = selectors.map(() => new SlidingTotals());
    this.#slots = new Map(selectors.map((selector, slot) => [selectorKey(selector), slot]));
  }

  /** @param values - in the order of the selectors, here and below */
  add(values: SecondValues): void {
    values.forEach((each, slot) => {
      if (each === undefined) return;
      const totals = this.#totals[slot] as SlidingTotals;
      totals.unit = this.#book.definition((this.#selectors[slot] as Selector).metric)?.unit ?? 'default';
      totals.add(each);
    });
  }

  /** @param rest - the seconds that stay */
  remove(values: SecondValues, rest: readonly SecondValues[]): void {
    values.forEach((each, slot) => {
      if (each === undefined) return;
      (this.#totals[slot] as SlidingTotals).remove(
        each,
        rest.flatMap((second): SeriesValues[] => (second[slot] === undefined ? [] : [second[slot]])),
      );
    });
  }

  definition(metric: string): MetricDefinition | undefined {
    return this.#book.definition(metric);
  }

  hasOverflowed(metric: string): boolean {
    return this.#book.hasOverflowed(metric);
  }

  trend(metric: string, where: SeriesFilter): Histogram | undefined {
    return this.#totalsOf(metric, where).trend;
  }

  counter(metric: string, where: SeriesFilter): CounterTotals | undefined {
    const { counter } = this.#totalsOf(metric, where);
    return counter.count === 0 ? undefined : counter;
  }

  rate(metric: string, where: SeriesFilter): RateTotals | undefined {
    const { rate } = this.#totalsOf(metric, where);
    return rate.count === 0 ? undefined : rate;
  }

  gauge(metric: string, where: SeriesFilter): { readonly count: number; readonly last: number } | undefined {
    return this.#totalsOf(metric, where).gauge;
  }

  /** @throws {BugError} when nobody said that this would be asked for */
  #totalsOf(metric: string, { tags = {}, periods = JUDGED_PERIODS }: SeriesFilter): SlidingTotals {
    const slot = this.#slots.get(selectorKey({ metric, tags, periods }));
    if (slot === undefined) throw new BugError(`no second keeps ${metric} ${JSON.stringify(tags)} of ${periods.join(' and ')}`);
    return this.#totals[slot] as SlidingTotals;
  }
}
