import { Histogram } from '../core/histogram.ts';
import type { TimelineData } from '../core/timeline-data.ts';
import { FoldingColumns } from './folding-columns.ts';
import { HeatMap } from './heat-map.ts';
import { HistoryFigures } from './history-figures.ts';
import type { Second } from './second.ts';
import { SecondSeries } from './second-series.ts';
import { POINTS_MAX, SeriesHistory } from './series-history.ts';
import { TimelineErrors, TimelineRows } from './timeline-rows.ts';

/** A run second by second: while it goes, or read back. A few MB at most, whatever the run's length. */
export class RunTimeline {
  readonly #columns: FoldingColumns;
  readonly #seconds = new SecondSeries();
  readonly #series: SeriesHistory;
  readonly #history: HistoryFigures;
  readonly #rows: TimelineRows;
  readonly #errors = new TimelineErrors();
  readonly #heatMap = new HeatMap();
  readonly #scratch = new Histogram('time');

  /** @param options.pointsMax an even number; for tests @param options.isFullHistory rows have a history each */
  constructor(options: { pointsMax?: number; isFullHistory?: boolean } = {}) {
    this.#columns = new FoldingColumns(options.pointsMax ?? POINTS_MAX, () => this.#errors.fold());
    this.#series = new SeriesHistory(this.#columns);
    this.#history = new HistoryFigures(this.#columns);
    this.#rows = new TimelineRows(this.#columns, options.isFullHistory ?? false);
  }

  /** Call with every second, in order. */
  add(second: Second): void {
    const point = this.#seconds.of(second);
    this.#series.set(point);
    this.#heatMap.addSecond(second.all.answers);
    this.#addRows(second);
    this.#columns.commit();
    this.#errors.add(second.errors, this.#columns.points - 1);
  }

  /** Everything so far, as plain JSON. */
  data(): TimelineData {
    const { gauges, events, ...figures } = this.#series.data();
    const [history, rows, errors, heatMap] = [this.#history.data(), this.#rows.data(), this.#errors.data(), this.#heatMap.data()];
    return { version: 1, ...figures, history, rows, errors, gauges, events, heatMap };
  }

  #addRows({ all, judged, rows, lengthS }: Second): void {
    for (const row of rows) this.#rows.add(row);
    const { totals } = this.#history;
    totals.requests += judged.requests;
    totals.failures += judged.failures;
    totals.bytes += judged.bodyBytes;
    if (judged.requests > 0) {
      this.#history.begin();
      this.#rows.begin();
    }
    const { answers, requests, failures } = all;
    this.#history.closeSecond({ answers, judged: judged.answers, lengthS, requests, failures });
    this.#rows.closeSecond(this.#scratch, lengthS);
  }
}
