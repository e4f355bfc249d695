import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import { type ErrorTally, type GeneratorSecond, NO_STARTS, type SecondEvent, type StartCounts } from '../core/records.ts';
import { HTTP, isExpectedAnswer, SCRIPT_TAGS } from '../core/roles.ts';
import type { TimelineData } from '../core/timeline-data.ts';
import { type FoldingColumn, FoldingColumns } from './folding-columns.ts';
import { HeatMap } from './heat-map.ts';
import { HistoryFigures } from './history-figures.ts';
import { type Figures, msOf, numbersOf, openFigures, rounded } from './timeline-figures.ts';
import { TimelineErrors, TimelineRows } from './timeline-rows.ts';

/** Points that are kept: two hours by the second; longer runs by two, four … seconds. */
const POINTS_MAX = 7_200;
/** Workers tell of whole seconds: a line that comes sooner after the last one, such as the very last, still tells of one. */
const SECOND_S_MIN = 1;
const EVENTS_MAX = 500;
const GAUGES_MAX = 40;
const POINT_PERCENTILES = [0.5, 0.95, 0.99];
const USER_GAUGES: ReadonlySet<string> = new Set(['vus', 'vus_max']);

/** A line of the journal, as far as the timeline reads it; its deltas are `SeriesDelta`s of one stream, identities come once. */
export interface TimelineLine {
  readonly atMs: number;
  readonly users: number;
  readonly deltas: readonly unknown[];
  readonly errors?: readonly ErrorTally[];
  /** Since the measured period began. */
  readonly starts?: Readonly<Record<string, number>>;
  readonly generator?: Readonly<Record<string, unknown>>;
  readonly events?: readonly SecondEvent[];
}

/** A run second by second, from the lines of its journal: while it goes, or read back. A few MB at most, whatever the run's length. */
export class RunTimeline {
  readonly #columns: FoldingColumns;
  readonly #figures: Figures;
  readonly #history: HistoryFigures;
  readonly #rows: TimelineRows;
  readonly #errors = new TimelineErrors();
  readonly #heatMap = new HeatMap();
  readonly #series = new Map<number, SeriesIdentity>();
  readonly #gauges = new Map<string, { unit: string; divisor: number; column: FoldingColumn }>();
  readonly #events: { atS: number; text: string }[] = [];
  readonly #answers = new Histogram('time');
  readonly #judged = new Histogram('time');
  readonly #durations = new Histogram('time');
  readonly #scratch = new Histogram('time');
  /** Second that each worker told of last. */
  readonly #generatorSeconds: number[] = [];
  #starts: Readonly<StartCounts> = NO_STARTS;
  #startMs = 0;
  #lastMs = 0;
  #requests = 0;
  #failures = 0;

  /** @param options.pointsMax an even number; for tests @param options.isFullHistory rows have a history each */
  constructor(options: { pointsMax?: number; isFullHistory?: boolean } = {}) {
    this.#columns = new FoldingColumns(options.pointsMax ?? POINTS_MAX, () => this.#errors.fold());
    this.#figures = openFigures(this.#columns);
    this.#history = new HistoryFigures(this.#columns);
    this.#rows = new TimelineRows(this.#columns, options.isFullHistory ?? false);
  }

  /** The next second. Its deltas must be as `MetricStore.merge` gives them to the journal, and valid. */
  add(line: TimelineLine): void {
    const isFirst = this.#columns.points === 0;
    if (isFirst) this.#startMs = line.atMs - 1000;
    const lengthS = isFirst ? SECOND_S_MIN : Math.max(SECOND_S_MIN, (line.atMs - this.#lastMs) / 1000);
    this.#lastMs = isFirst ? line.atMs : Math.max(line.atMs, this.#lastMs + 1);
    for (const delta of line.deltas as readonly SeriesDelta[]) this.#addDelta(delta);
    this.#addStarts(line.starts);
    this.#addGenerator(line.generator?.['workers']);
    this.#figures.users.set(line.users);
    this.#closeSecond(lengthS);
    if (line.errors !== undefined) this.#errors.add(line.errors, this.#columns.points - 1);
    for (const { text } of line.events ?? []) if (this.#events.length < EVENTS_MAX) this.#events.push({ atS: this.#endS(), text });
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

  #addDelta(delta: SeriesDelta): void {
    if (delta.series !== undefined) this.#series.set(delta.id, delta.series);
    const identity = this.#series.get(delta.id);
    if (identity === undefined || identity.period === 'setup' || identity.period === 'teardown') return;
    const { metric, tags } = identity;
    const isJudged = JUDGED_PERIODS.includes(identity.period);
    switch (delta.type) {
      case 'rate':
        return this.#addRate(identity, delta, isJudged);
      case 'gauge':
        if (delta.count > 0 && !USER_GAUGES.has(metric)) this.#gaugeOf(identity)?.set(delta.last);
        return;
      case 'counter':
        if (metric === 'data_sent') this.#figures.bytesSent.add(delta.sum);
        if (metric === 'data_received') this.#addReceived(identity, delta.sum);
        if (metric === 'body_received' && isJudged) {
          this.#history.totals.bytes += delta.sum;
          this.#rows.rowOf(tags).past?.addBytes(delta.sum);
        }
        return;
      case 'trend':
        if (!isExpectedAnswer(tags)) return;
        if (metric === HTTP.duration) this.#durations.add(delta);
        if (metric !== HTTP.responseTime) return;
        this.#answers.add(delta);
        if (isJudged) this.#judged.add(delta);
        this.#rows.rowOf(tags).answers.push(delta);
        if (isJudged) this.#rows.rowOf(tags).past?.judged.push(delta);
    }
  }

  #addRate({ metric, tags }: SeriesIdentity, { count, passes }: { count: number; passes: number }, isJudged: boolean): void {
    if (metric === 'checks') {
      this.#figures.checks.add(count);
      this.#figures.checksFailed.add(count - passes);
    }
    if (metric !== HTTP.failed) return;
    for (const columns of [this.#figures, this.#rows.rowOf(tags)]) {
      columns.requests.add(count);
      columns.failures.add(passes);
    }
    this.#requests += count;
    this.#failures += passes;
    this.#rows.rowOf(tags).past?.count({ count, passes, isJudged });
    if (!isJudged) return;
    if (count > 0) {
      this.#history.begin();
      this.#rows.begin();
    }
    this.#history.totals.requests += count;
    this.#history.totals.failures += passes;
  }

  #addReceived({ tags }: SeriesIdentity, bytes: number): void {
    this.#figures.bytesReceived.add(bytes);
    this.#rows.rowOf(tags).bytesReceived.add(bytes);
  }

  #gaugeOf({ metric, unit, tags }: SeriesIdentity): FoldingColumn | undefined {
    const own = Object.entries(tags).filter(([tag, value]) => !SCRIPT_TAGS.includes(tag) && value !== '');
    const name = own.length === 0 ? metric : `${metric}{${own.map(([tag, value]) => `${tag}:${value}`).join(',')}}`;
    const known = this.#gauges.get(name);
    if (known !== undefined || this.#gauges.size >= GAUGES_MAX) return known?.column;
    const column = this.#columns.open('last', null);
    this.#gauges.set(name, { unit: { time: 'ms', data: 'bytes', default: '' }[unit], divisor: unit === 'time' ? 1000 : 1, column });
    return column;
  }

  #addStarts(starts: TimelineLine['starts']): void {
    if (starts === undefined) return;
    const now = { ...NO_STARTS, ...starts };
    for (const kind of ['begun', 'late', 'queued', 'dropped'] as const)
      this.#figures[kind].add(Math.max(0, now[kind] - this.#starts[kind]));
    this.#starts = now;
  }

  /** A line repeats what a worker said last when it has said nothing since. */
  #addGenerator(workers: unknown): void {
    if (!Array.isArray(workers)) return;
    const fresh = (workers as GeneratorSecond[]).filter(({ second }, i) => this.#generatorSeconds[i] !== second);
    (workers as GeneratorSecond[]).forEach(({ second }, i) => {
      this.#generatorSeconds[i] = second;
    });
    if (fresh.length === 0) return;
    this.#figures.loopLagUs.set(Math.max(...fresh.map(({ loopLagP99Us }) => loopLagP99Us)));
    this.#figures.cpu.set(Math.max(...fresh.map(({ cpu }) => cpu)));
  }

  #closeSecond(lengthS: number): void {
    const figures = this.#figures;
    for (const [metric, seconds] of [['responseUs', this.#answers] as const, ['durationUs', this.#durations] as const]) {
      const [p50, p95, p99] = seconds.percentiles(POINT_PERCENTILES) ?? [];
      figures[`${metric}P50`].set(p50 ?? null);
      figures[`${metric}P95`].set(p95 ?? null);
      figures[`${metric}P99`].set(p99 ?? null);
    }
    figures.lengthS.add(lengthS);
    figures.endS.set(this.#endS());
    this.#heatMap.addSecond(this.#answers);
    const [answers, judged, requests, failures] = [this.#answers, this.#judged, this.#requests, this.#failures];
    this.#history.closeSecond({ answers, judged, lengthS, requests, failures });
    this.#rows.closeSecond(this.#scratch, lengthS);
    this.#columns.commit();
    for (const histogram of [this.#answers, this.#judged, this.#durations]) histogram.clear();
    this.#requests = this.#failures = 0;
  }

  #endS(): number {
    return rounded((this.#lastMs - this.#startMs) / 1000);
  }
}
