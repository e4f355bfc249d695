import { isBuiltInMetric } from '../core/built-in-metrics.ts';
import { monotonicUs } from '../core/clock.ts';
import type { SeriesDelta } from '../core/delta.ts';
import { ErrorBook } from '../core/error-book.ts';
import type { ErrorTally, KeptRequest, MetricType, Period, Tags } from '../core/records.ts';
import { Redactor } from '../core/redactor.ts';
import { HTTP, STALLED_US_MIN } from '../core/roles.ts';
import { usOfMs } from '../core/units.ts';
import type { DroppedStarts } from '../engine/host.ts';
import { AnswerWords, failureKindOf } from './answer-words.ts';
import { HttpRecorder } from './http-recorder.ts';
import { IterationSeries } from './iteration-series.ts';
import { KeptPicker } from './kept-picker.ts';
import { type EndedRequest, keptRequestOf } from './kept-request.ts';
import type { MeasuredVu } from './measured-vu.ts';
import type { OwnTimes } from './own-share.ts';
import { MetricRegistry } from './registry.ts';
import { SampleTags } from './sample-tags.ts';
import type { RateSeries } from './series.ts';
import { StalledSamples } from './stalled-samples.ts';
import { StreamMeter } from './stream-meter.ts';

/** Which part of the run it is, and when its planned end comes. */
export interface RunWindow {
  period: 'setup' | 'warm-up' | 'measured' | 'teardown';
  /** Monotonic µs; infinite while nobody knows. */
  plannedEndUs: number;
}

/** Past these, further series of a metric are counted together. A request with its twelve metrics takes twelve. */
const SERIES_MAX = 5_000;
const ITERATION_SERIES_MAX = 500;
const CHECK_NAMES_MAX = 2_000;
const CHECK_SERIES_PER_NAME_MAX = 100;
const NAME_MAX = 120;

interface CheckSeries {
  tags: Tags | undefined;
  task: string;
  group: string;
  phase: string;
  scenario: number;
  period: Period;
  series: RateSeries;
}

/** Turns what VUs do into samples of the right series. */
export class SampleRecorder {
  readonly registry: MetricRegistry;
  readonly window: RunWindow = { period: 'setup', plannedEndUs: Number.POSITIVE_INFINITY };
  readonly #http: HttpRecorder;
  readonly #errors: ErrorBook;
  readonly #redactor: Redactor;
  readonly #words: AnswerWords;
  readonly #kept = new KeptPicker();
  readonly #tags: SampleTags;
  readonly #checks = new Map<string, CheckSeries[]>();
  readonly #iterations: IterationSeries[] = [];
  /** When this worker was away, and whether the starts of a scenario are due by the clock; set by whoever has it. */
  worker: { readonly own: OwnTimes; isOpen(scenario: number): boolean } | undefined;

  /**
   * @param scenarioTags - of a scenario, those of the run among them; the same object each time. Undefined: those of the run alone
   * @param redactor - for texts that are cut here
   * @param epochUs - zero of the run's clock, monotonic µs
   */
  constructor(
    scenarios: () => readonly string[],
    runTags: Tags,
    {
      scenarioTags,
      redactor = new Redactor(),
      epochUs = 0,
    }: { scenarioTags?: (scenario: number) => Tags | undefined; redactor?: Redactor; epochUs?: number } = {},
  ) {
    this.registry = new MetricRegistry({ seriesMax: SERIES_MAX, epochUs });
    this.#http = new HttpRecorder(this.registry);
    this.#tags = new SampleTags(scenarios, runTags, scenarioTags);
    this.#redactor = redactor;
    this.#words = new AnswerWords(redactor);
    this.#errors = new ErrorBook((text, lengthMax) => redactor.cut(text, lengthMax));
  }

  /** A change of period: series of checks are kept per period. */
  enter(period: RunWindow['period'], plannedEndUs = Number.POSITIVE_INFINITY): void {
    Object.assign(this.window, { period, plannedEndUs });
  }

  /** A metric of the script's own. @throws ConfigError when the name is taken by another type or unit */
  define(name: string, type: string, unit: string): void {
    const known = unit === 'time' || unit === 'data' ? unit : 'default';
    this.registry.define({ name, type: type as MetricType, unit: known });
  }

  request(vu: MeasuredVu, ended: EndedRequest): void {
    const { built, group, method, outcome, dueAtUs, isExpected, own } = ended;
    if (outcome.serverTimings !== undefined) this.#words.cleanParts(ended, outcome.serverTimings);
    const period = ended.period ?? this.periodOf(vu, outcome.endedAtUs);
    this.#http.record({
      scenario: this.#tags.scenarioOf(vu.scenario),
      task: vu.task,
      phase: vu.shapePhase,
      group,
      name: built.name,
      method,
      tags: this.#tags.ofRequest(vu, ended),
      period,
      expected: isExpected,
      outcome,
      dueAtUs,
      own,
    });
    if (outcome.kind === 'interrupted') return;
    const isJudged = period === 'measured' || period === 'drain';
    if (isExpected) {
      if (isJudged && this.#kept.isSlow(vu.task, outcome.endedAtUs - dueAtUs))
        this.#keep(vu, ended, { why: 'slow', kind: '', error: () => '' });
      return;
    }
    const kind = failureKindOf(ended);
    const error = (): string => this.#words.of(ended);
    this.#errors.record({
      ...{ name: built.name, kind, code: outcome.errorCode, task: vu.task, method },
      ...uncounted(period),
      ...{ message: error, atMs: Date.now() },
      ...(ended.refusal ? { reason: ended.refusal } : {}),
    });
    if (!isJudged) return;
    if (this.#kept.isSlow(vu.task, outcome.endedAtUs - dueAtUs)) this.#keep(vu, ended, { why: 'slow', kind, error });
    if (this.#kept.isFirst(vu.task, kind, outcome.errorCode)) this.#keep(vu, ended, { why: 'failed', kind, error });
  }

  #keep(vu: MeasuredVu, ended: EndedRequest, about: { why: KeptRequest['why']; kind: string; error: () => string }): void {
    this.#kept.keep(
      keptRequestOf(vu, ended, {
        ...about,
        error: about.error(),
        scenario: this.#tags.scenarioOf(vu.scenario),
        redactor: this.#words.redactorOf(ended),
      }),
    );
  }

  /** What its events are recorded with; opened when the answer begins. */
  stream(vu: MeasuredVu, of: Pick<EndedRequest, 'built' | 'group' | 'method' | 'tags'>, status: number): StreamMeter {
    const { built, group, method } = of;
    const { task, shapePhase: phase } = vu;
    const place = { scenario: this.#tags.scenarioOf(vu.scenario), task, phase, group, name: built.name, method, status: String(status) };
    return new StreamMeter(this.registry, {
      tags: { ...this.#tags.ofRequest(vu, of), ...place },
      periodOf: (atUs) => this.periodOf(vu, atUs),
      unseenUs: (atUs) => this.worker?.own.unseenUs(atUs) ?? 0,
    });
  }

  check(vu: MeasuredVu, what: { name: string; passed: boolean; group: string; tags: Tags | undefined; reason: string }): void {
    const { name, passed, group, tags, reason } = what;
    const period = this.periodOf(vu, vu.dueAtUs);
    const series = this.#checkSeries(vu, name, { group, tags, period });
    series.record(passed);
    if (reason !== '') this.#errors.record({ name, kind: 'check', code: 0, ...uncounted(period), message: reason, atMs: Date.now() });
  }

  #checkSeries(vu: MeasuredVu, name: string, where: { group: string; tags: Tags | undefined; period: Period }): RateSeries {
    const { group, tags, period } = where;
    let known = this.#checks.get(name);
    if (known === undefined) {
      known = [];
      if (this.#checks.size < CHECK_NAMES_MAX) this.#checks.set(name, known);
    }
    for (const each of known)
      if (
        each.task === vu.task &&
        each.group === group &&
        each.phase === vu.shapePhase &&
        each.scenario === vu.scenario &&
        each.period === period &&
        each.tags === tags
      )
        return each.series;
    const series = this.registry.rate('checks', period, this.#tags.of(vu, { ...tags, check: name, group }));
    if (known.length < CHECK_SERIES_PER_NAME_MAX)
      known.push({ tags, task: vu.task, group, phase: vu.shapePhase, scenario: vu.scenario, period, series });
    return series;
  }

  /** A value of a metric that the script (or a group) records, in its unit for people. */
  sample(vu: MeasuredVu, what: { metric: string; value: number; group: string; tags: Tags | undefined }): void {
    const definition = this.registry.definition(what.metric);
    if (definition === undefined) return;
    const period = this.periodOf(vu, vu.dueAtUs);
    const tags = this.#tags.of(vu, { group: what.group, ...what.tags });
    const value = definition.unit === 'time' ? usOf(what.metric, what.value) : what.value;
    if (definition.type === 'counter') this.registry.counter(what.metric, period, tags).add(value);
    else if (definition.type === 'gauge') this.registry.gauge(what.metric, period, tags).set(value);
    else if (definition.type === 'rate') {
      const series = this.registry.rate(what.metric, period, tags);
      if (Number.isNaN(value)) series.refuse();
      else series.record(value !== 0);
    } else {
      this.registry.trend(what.metric, period, tags).record(value);
      if (definition.unit === 'time') this.#stalled(vu, what.metric, { period, tags, valueUs: value });
    }
  }

  /** An iteration ended; interrupted ones are counted by the engine alone. */
  iteration(vu: MeasuredVu, kind: 'done' | 'threw', error: string): void {
    const endedAtUs = monotonicUs();
    const period = this.periodOf(vu, endedAtUs);
    const hasErred = kind === 'threw' && vu.erredToken !== vu.token;
    this.#iterationSeries(vu, period).record(vu, {
      endedAtUs,
      threw: hasErred,
      own: this.worker?.own,
      isOpenModel: this.worker?.isOpen(vu.scenario) === true,
    });
    if (kind !== 'threw') return;
    vu.erredToken = vu.token;
    this.scriptError(error, period);
  }

  /** An error of an iteration, running or over, that nobody awaited; an iteration fails once, however many it lost. */
  lostError(vu: MeasuredVu, token: number, error: string): void {
    const period = this.periodOf(vu, monotonicUs());
    this.scriptError(error, period);
    if (token <= vu.erredToken) return;
    vu.erredToken = token;
    const whose = token === vu.ended.token ? { ...vu, ...vu.ended } : vu;
    this.#iterationSeries(whose, period).fail();
  }

  /** A time that the script measured: nobody knows when of its iteration. */
  #stalled(vu: MeasuredVu, metric: string, { period, tags, valueUs }: { period: Period; tags: Tags; valueUs: number }): void {
    const ownUs = this.worker?.own.spoiltUs(vu.begunAtUs, monotonicUs(), this.worker.isOpen(vu.scenario)) ?? 0;
    if (ownUs >= STALLED_US_MIN) new StalledSamples(this.registry, { metric, period, tags }).record(valueUs, Math.min(ownUs, valueUs));
  }

  #iterationSeries(vu: MeasuredVu, period: Period): IterationSeries {
    for (const each of this.#iterations) if (each.isOf(vu, period)) return each;
    const series = new IterationSeries(this.registry, vu, { period, tags: this.#tags.of(vu, vu.tags ?? {}) });
    if (this.#iterations.length < ITERATION_SERIES_MAX) this.#iterations.push(series);
    return series;
  }

  scriptError(error: string, period: Period = this.window.period): void {
    const firstLine = error.split('\n', 1)[0] ?? '';
    const name = this.#redactor.cut(firstLine, NAME_MAX);
    this.#errors.record({ name, kind: 'script', code: 0, ...uncounted(period), message: error, atMs: Date.now() });
  }

  /** Starts that were due and never begun; what they waited counts against limits of latency. */
  dropped(drop: DroppedStarts, ownWaitUs?: (scenario: number, waitedUs: number) => number): void {
    const { period } = this.window;
    const scenario = this.#tags.scenarioOf(drop.scenario);
    const tags: Tags = { ...this.#tags.fixed(drop.scenario), scenario, ...(drop.phase === '' ? {} : { phase: drop.phase }) };
    const isLost = drop.isLost === true;
    this.registry.counter('dropped_iterations', period, isLost ? { ...tags, kind: 'lost' } : tags).add(drop.count);
    if (isLost) return; // they waited for no user: that says nothing of the target
    const ofDrop = { ...tags, kind: 'dropped' };
    this.registry.trend(HTTP.cutOff, period, ofDrop).record(drop.waitedUs, drop.count);
    const { busyUs } = drop;
    const ownUs = busyUs === undefined ? (ownWaitUs?.(drop.scenario, drop.waitedUs) ?? 0) : Math.max(0, drop.waitedUs - busyUs);
    if (ownUs >= STALLED_US_MIN)
      new StalledSamples(this.registry, { metric: HTTP.cutOff, period, tags: ofDrop }).record(drop.waitedUs, ownUs, drop.count);
  }

  /** Users at work now, for the gauges. */
  users(active: number, most: number): void {
    const period = this.window.period;
    this.registry.gauge('vus', period, {}).set(active);
    this.registry.gauge('vus_max', period, {}).set(most);
  }

  drain(): { deltas: SeriesDelta[]; errors: ErrorTally[]; overflowed: number; kept: KeptRequest[] } {
    return {
      deltas: this.registry.drain(),
      errors: this.#errors.drain(),
      overflowed: this.registry.overflowed,
      kept: this.#kept.drain(),
    };
  }

  /** The part of the run that something which ended then belongs to. */
  periodOf(vu: MeasuredVu, endedAtUs: number): Period {
    if (vu.phase === 'setup' || vu.phase === 'vuSetup' || vu.phase === 'init' || vu.phase === 'check') return 'setup';
    if (vu.phase === 'teardown' || vu.phase === 'vuTeardown') return 'teardown';
    if (this.window.period === 'measured' && endedAtUs > this.window.plannedEndUs) return 'drain';
    return this.window.period;
  }
}

/** What an error of this part of the run is marked with: nothing where it counts. */
function uncounted(period: Period): { period?: 'setup' | 'warm-up' | 'teardown' } {
  return period === 'measured' || period === 'drain' ? {} : { period };
}

/** Built-in metrics are in whole µs; those of the script keep what they are given. */
function usOf(metric: string, ms: number): number {
  return isBuiltInMetric(metric) ? Math.round(ms * 1000) : usOfMs(ms);
}
