import { mapColumns } from '../core/join-points.ts';
import { type OpenColumn, type RunSeries, SERIES_RULES } from '../core/run-series.ts';
import { type FoldingColumn, FoldingColumns } from './folding-columns.ts';
import { rounded } from './timeline-figures.ts';

/** Points that are kept of a run: two hours by the second; longer runs by two, four … seconds. */
export const POINTS_MAX = 7_200;
/** Stages are few and kept whatever else was said. */
const EVENTS_MAX = 500;

/** The series of a run as its seconds come, in bounded memory. */
export class SeriesHistory {
  readonly #columns: FoldingColumns;
  readonly #figures;
  readonly #gauges = new Map<string, { unit: string; column: FoldingColumn }>();
  readonly #events: RunSeries['events'] = [];
  #startMs = 0;

  constructor(columns = new FoldingColumns(POINTS_MAX)) {
    this.#columns = columns;
    this.#figures = mapColumns(SERIES_RULES, (rule) => columns.open(rule, rule === 'worst' ? null : 0));
  }

  /** @param second - a series of one point: it is in the history once the columns are committed */
  set(second: RunSeries): void {
    if (this.#columns.points === 0) this.#startMs = second.startMs;
    mapColumns(SERIES_RULES, (_, at) => at<FoldingColumn>(this.#figures).set(at<OpenColumn>(second)[0] ?? null));
    for (const { name, unit, values } of second.gauges) {
      const gauge = this.#gauges.get(name) ?? { unit, column: this.#columns.open('last', null) };
      this.#gauges.set(name, gauge);
      gauge.column.set(values[0] ?? null);
    }
    for (const event of second.events) if (event.kind === 'stage' || this.#events.length < EVENTS_MAX) this.#events.push(event);
  }

  add(second: RunSeries): void {
    this.set(second);
    this.#columns.commit();
  }

  data(): RunSeries {
    const columns = mapColumns(SERIES_RULES, (_, at) => [...at<FoldingColumn>(this.#figures).values]) as Pick<
      RunSeries,
      keyof typeof SERIES_RULES
    >;
    return {
      startMs: this.#startMs,
      foldedBy: this.#columns.foldedBy,
      ...columns,
      lengthS: columns.lengthS.map(rounded),
      gauges: [...this.#gauges].map(([name, { unit, column }]) => ({ name, unit, values: [...column.values] })),
      events: [...this.#events],
    };
  }
}
