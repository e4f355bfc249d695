import type { Period, Tags } from '../core/records.ts';
import { STALLED_US_MIN } from '../core/roles.ts';
import type { MeasuredVu } from './measured-vu.ts';
import { type OwnTimes, queuedOwnUs } from './own-share.ts';
import type { MetricRegistry } from './registry.ts';
import type { CounterSeries, TrendSeries } from './series.ts';
import { StalledSamples } from './stalled-samples.ts';

/** The series of the iterations of one kind: same scenario, task, phase, tags and part of the run. */
export class IterationSeries {
  readonly tags: Tags | undefined;
  readonly task: string;
  readonly phase: string;
  readonly scenario: number;
  readonly period: Period;
  readonly #iterations: CounterSeries;
  readonly #duration: TrendSeries;
  readonly #responseTime: TrendSeries;
  readonly #errors: CounterSeries;
  readonly #openStalled: () => { duration: StalledSamples; responseTime: StalledSamples };
  #stalled: { duration: StalledSamples; responseTime: StalledSamples } | undefined;

  /** @param tags - of the series, all of them */
  constructor(registry: MetricRegistry, vu: MeasuredVu, { period, tags }: { period: Period; tags: Tags }) {
    this.tags = vu.tags;
    this.task = vu.task;
    this.phase = vu.shapePhase;
    this.scenario = vu.scenario;
    this.period = period;
    this.#iterations = registry.counter('iterations', period, tags);
    this.#duration = registry.trend('iteration_duration', period, tags);
    this.#responseTime = registry.trend('iteration_response_time', period, tags);
    this.#errors = registry.counter('iteration_errors', period, tags);
    const stalledOf = (metric: string): StalledSamples => new StalledSamples(registry, { metric, period, tags });
    this.#openStalled = () => ({ duration: stalledOf('iteration_duration'), responseTime: stalledOf('iteration_response_time') });
  }

  isOf(vu: MeasuredVu, period: Period): boolean {
    return (
      this.task === vu.task &&
      this.phase === vu.shapePhase &&
      this.scenario === vu.scenario &&
      this.period === period &&
      this.tags === vu.tags
    );
  }

  record(vu: MeasuredVu, end: { endedAtUs: number; threw: boolean; own: OwnTimes | undefined; isOpenModel: boolean }): void {
    const { endedAtUs, threw, own, isOpenModel } = end;
    this.#iterations.add(1);
    this.#duration.record(endedAtUs - vu.begunAtUs);
    this.#responseTime.record(endedAtUs - vu.iterationDueAtUs);
    this.#errors.add(threw ? 1 : 0);
    if (own !== undefined) this.#recordStalled(vu, endedAtUs, { own, isOpenModel });
  }

  /** One more of those that ended has failed. */
  fail(): void {
    this.#errors.add(1);
  }

  /** An iteration's own code is its worker's time as well: it is not told apart from what held it up. */
  #recordStalled(vu: MeasuredVu, endedAtUs: number, { own, isOpenModel }: { own: OwnTimes; isOpenModel: boolean }): void {
    const { begunAtUs: fromUs, iterationDueAtUs: dueUs } = vu;
    if (endedAtUs - dueUs < STALLED_US_MIN) return;
    const ownUs = own.spoiltUs(fromUs, endedAtUs, isOpenModel);
    const { inTimeAtUs, busyUs } = vu;
    const lateUs = queuedOwnUs(own, { dueAtUs: dueUs, freeAtUs: fromUs, inTimeAtUs, busyUs, isOpenModel });
    if (ownUs + lateUs < STALLED_US_MIN) return;
    this.#stalled ??= this.#openStalled();
    if (ownUs >= STALLED_US_MIN) this.#stalled.duration.record(endedAtUs - fromUs, ownUs);
    this.#stalled.responseTime.record(endedAtUs - dueUs, ownUs + lateUs);
  }
}
