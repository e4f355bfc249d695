import { Histogram } from '../core/histogram.ts';
import { SCRIPT_TAGS } from '../core/roles.ts';
import type { TimelineData } from '../core/timeline-data.ts';
import { type FoldingColumn, FoldingColumns } from './folding-columns.ts';
import { HeatMap } from './heat-map.ts';
import { HistoryFigures } from './history-figures.ts';
import type { GaugeSecond, LoadSecond, Second } from './second.ts';
import { type Figures, msOf, numbersOf, openFigures, rounded } from './timeline-figures.ts';
import { TimelineErrors, TimelineRows } from './timeline-rows.ts';

/** Points that are kept: two hours by the second; longer runs by two, four … seconds. */
const POINTS_MAX = 7_200;
/** Workers tell of whole seconds: a line that comes sooner after the last one, such as the very last, still tells of one. */
const SECOND_S_MIN = 1;
const EVENTS_MAX = 500;
const GAUGES_MAX = 40;
const POINT_PERCENTILES = [0.5, 0.95, 0.99];

/** A run second by second: while it goes, or read back. A few MB at most, whatever the run's length. */
export class RunTimeline {
  readonly #columns: FoldingColumns;
  readonly #figures: Figures;
  readonly #history: HistoryFigures;
  readonly #rows: TimelineRows;
  readonly #errors = new TimelineErrors();
  readonly #heatMap = new HeatMap();
  readonly #gauges = new Map<string, { unit: string; divisor: number; column: FoldingColumn }>();
  readonly #events: { atS: number; text: string }[] = [];
  readonly #scratch = new Histogram('time');
  #startMs = 0;
  #lastMs = 0;

  /** @param options.pointsMax an even number; for tests @param options.isFullHistory rows have a history each */
  constructor(options: { pointsMax?: number; isFullHistory?: boolean } = {}) {
    this.#columns = new FoldingColumns(options.pointsMax ?? POINTS_MAX, () => this.#errors.fold());
    this.#figures = openFigures(this.#columns);
    this.#history = new HistoryFigures(this.#columns);
    this.#rows = new TimelineRows(this.#columns, options.isFullHistory ?? false);
  }

  /** Call with every second, in order. */
  add(second: Second): void {
    const { atMs } = second;
    const isFirst = this.#columns.points === 0;
    if (isFirst) this.#startMs = atMs - 1000;
    const lengthS = isFirst ? SECOND_S_MIN : Math.max(SECOND_S_MIN, (atMs - this.#lastMs) / 1000);
    this.#lastMs = isFirst ? atMs : Math.max(atMs, this.#lastMs + 1);
    this.#addLoad(second.all);
    this.#addStates(second);
    this.#addRows(second, lengthS);
    this.#figures.lengthS.add(lengthS);
    this.#figures.endS.set(this.#endS());
    this.#columns.commit();
    this.#errors.add(second.errors, this.#columns.points - 1);
    for (const { text } of second.events) if (this.#events.length < EVENTS_MAX) this.#events.push({ atS: this.#endS(), text });
  }

  /** Everything so far, as plain JSON. */
  data(): TimelineData {
    const figures = this.#figures;
    const numbers = (name: keyof Figures): number[] => numbersOf(figures[name]);
    return {
      version: 1,
      startMs: this.#startMs,
      foldedBy: this.#columns.foldedBy,
      endS: numbers('endS'),
      lengthS: numbers('lengthS').map(rounded),
      users: numbers('users'),
      requests: numbers('requests'),
      failures: numbers('failures'),
      responseTimeMs: { p50: msOf(figures.responseUsP50), p95: msOf(figures.responseUsP95), p99: msOf(figures.responseUsP99) },
      durationMs: { p50: msOf(figures.durationUsP50), p95: msOf(figures.durationUsP95), p99: msOf(figures.durationUsP99) },
      bytesReceived: numbers('bytesReceived'),
      bytesSent: numbers('bytesSent'),
      checks: numbers('checks'),
      checksFailed: numbers('checksFailed'),
      starts: { begun: numbers('begun'), late: numbers('late'), queued: numbers('queued'), dropped: numbers('dropped') },
      generator: { loopLagMsP99: msOf(figures.loopLagUs), cpu: figures.cpu.values.map((cpu) => (cpu === null ? null : rounded(cpu))) },
      history: this.#history.data(),
      rows: this.#rows.data(),
      errors: this.#errors.data(),
      gauges: [...this.#gauges].map(([name, { unit, divisor, column }]) => ({
        name,
        unit,
        values: column.values.map((value) => (value === null ? null : value / divisor)),
      })),
      events: [...this.#events],
      heatMap: this.#heatMap.data(),
    };
  }

  #addLoad({ requests, failures, bytesSent, bytesReceived, answers, durations }: LoadSecond): void {
    const figures = this.#figures;
    for (const [name, count] of Object.entries({ requests, failures, bytesSent, bytesReceived })) figures[name as keyof Figures].add(count);
    for (const [metric, times] of [['responseUs', answers] as const, ['durationUs', durations] as const]) {
      const [p50, p95, p99] = times.percentiles(POINT_PERCENTILES) ?? [];
      figures[`${metric}P50`].set(p50 ?? null);
      figures[`${metric}P95`].set(p95 ?? null);
      figures[`${metric}P99`].set(p99 ?? null);
    }
    this.#heatMap.addSecond(answers);
  }

  #addStates({ users, checks, gauges, newStarts, workers }: Second): void {
    const figures = this.#figures;
    figures.users.set(users);
    for (const { count, passes } of checks) {
      figures.checks.add(count);
      figures.checksFailed.add(count - passes);
    }
    for (const gauge of gauges) this.#gaugeOf(gauge)?.set(gauge.last);
    for (const kind of ['begun', 'late', 'queued', 'dropped'] as const) figures[kind].add(newStarts[kind]);
    const news = workers.flatMap(({ said, isNew }) => (isNew ? [said] : []));
    if (news.length === 0) return;
    figures.loopLagUs.set(Math.max(...news.map(({ loopLagP99Us }) => loopLagP99Us)));
    figures.cpu.set(Math.max(...news.map(({ cpu }) => cpu)));
  }

  #addRows({ all, judged, rows }: Second, lengthS: number): void {
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

  #gaugeOf({ metric, unit, tags }: GaugeSecond): FoldingColumn | undefined {
    const own = Object.entries(tags).filter(([tag, value]) => !SCRIPT_TAGS.includes(tag) && value !== '');
    const name = own.length === 0 ? metric : `${metric}{${own.map(([tag, value]) => `${tag}:${value}`).join(',')}}`;
    const known = this.#gauges.get(name);
    if (known !== undefined || this.#gauges.size >= GAUGES_MAX) return known?.column;
    const column = this.#columns.open('last', null);
    this.#gauges.set(name, { unit: { time: 'ms', data: 'bytes', default: '' }[unit], divisor: unit === 'time' ? 1000 : 1, column });
    return column;
  }

  #endS(): number {
    return rounded((this.#lastMs - this.#startMs) / 1000);
  }
}
