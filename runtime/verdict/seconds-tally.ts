import type { ThresholdPlan } from '../core/plan.ts';
import { DEPENDENCE_SECONDS_MIN, longRunVariance, SIDE_SAMPLES_MIN, type Weight, weightOf } from '../statistics/dependence.ts';
import { measure } from './measure.ts';
import { judged, type MetricSource } from './metric-source.ts';
import { isEstimate } from './miss-account.ts';

import { answerTagsOf, rankedAnswersOf } from './ranked-answers.ts';
import { isPerSecond } from './threshold-kind.ts';

/** So many stretches of the same length, and each pair becomes one: memory does not grow with the run. */
const STRETCHES_MAX = 2048;
/** Values this close are one when it comes to who is over: about 3 %. */
const STEPS_PER_E = 32;
/** Fewer seconds than this tell nothing of how a number a second scatters. */
const SECONDS_MIN = 5;
const WAITING = Number.MAX_SAFE_INTEGER;

/** What some seconds in a row had of one threshold. */
interface Stretch {
  /** Samples, or seconds of what is counted per second. */
  of: number;
  /** Passes of a share, otherwise what all came to. */
  sum: number;
  /** Of a percentile: samples by coarse value. */
  readonly values: Map<number, number>;
}

/** A run in short stretches, for one threshold over the whole of it: what tells how much its samples weigh. */
export class SecondsTally {
  readonly #plan: ThresholdPlan;
  #stretches: Stretch[] = [];
  #secondsEach = 1;
  #open: { stretch: Stretch; seconds: number } | undefined;

  constructor(plan: ThresholdPlan) {
    this.#plan = plan;
  }

  /** Whether it would tell anything: a count, a maximum or the last value is no estimate. */
  static isFor(plan: ThresholdPlan): boolean {
    return plan.parsed.window === undefined && isEstimate(plan);
  }

  /** The next second. @param source - of this second alone */
  push(source: MetricSource): void {
    const open = this.#open ?? { stretch: { of: 0, sum: 0, values: new Map() }, seconds: 0 };
    this.#addTo(open.stretch, source);
    open.seconds++;
    this.#open = open.seconds < this.#secondsEach ? open : undefined;
    if (this.#open !== undefined) return;
    this.#stretches.push(open.stretch);
    if (this.#stretches.length >= STRETCHES_MAX) this.#halve();
  }

  /** What the samples of a share or of a percentile weigh. @param ratio - of the percentile, 0 to 1; undefined: a share */
  weight(ratio: number | undefined): Weight {
    const of = this.#stretches.map((stretch) => stretch.of);
    if (ratio === undefined)
      return weightOf(
        this.#stretches.map(({ sum }) => sum),
        of,
      );
    const level = this.#levelOf(ratio);
    return weightOf(
      this.#stretches.map(({ values }) => countAbove(values, level)),
      of,
    );
  }

  /** Variance of an average over all samples, or over all seconds, and degrees of freedom; undefined: too few seconds to tell. */
  varianceOfMean(): { variance: number; freedom: number } | undefined {
    const all = sumOf(this.#stretches, 'of');
    const count = this.#stretches.length;
    if (count < SECONDS_MIN || all <= 0) return undefined;
    const mean = sumOf(this.#stretches, 'sum') / all;
    const residuals = this.#stretches.map(({ of, sum }) => sum - mean * of);
    if (count >= DEPENDENCE_SECONDS_MIN) {
      const { variance, freedom } = longRunVariance(residuals);
      return { variance: variance / all ** 2, freedom };
    }
    // so few tell how they scatter, not how they hang together
    const squares = residuals.reduce((sum, each) => sum + each ** 2, 0);
    return { variance: (squares * count) / (count - 1) / all ** 2, freedom: count - 1 };
  }

  /** The value of the percentile, or the nearest one that has enough samples on either side to tell anything. */
  #levelOf(ratio: number): number {
    const counts = new Map<number, number>();
    for (const { values } of this.#stretches) for (const [value, count] of values) counts.set(value, (counts.get(value) ?? 0) + count);
    const all = sumOf(this.#stretches, 'of');
    const rank = Math.min(Math.max(Math.ceil(ratio * all), SIDE_SAMPLES_MIN), all - SIDE_SAMPLES_MIN);
    let below = 0;
    let before = Number.NEGATIVE_INFINITY;
    for (const value of [...counts.keys()].sort((a, b) => a - b)) {
      const upTo = below + (counts.get(value) as number);
      // where too few are over a value that many have, those that have it count as over
      if (upTo >= rank) return all - upTo >= SIDE_SAMPLES_MIN ? value : before;
      [below, before] = [upTo, value];
    }
    return before;
  }

  #addTo(stretch: Stretch, source: MetricSource): void {
    const { aggregate } = this.#plan.parsed;
    if (aggregate.kind === 'percentile') return this.#addValues(stretch, source);
    if (aggregate.kind === 'avg') {
      const { metric, tags, special } = this.#plan;
      const trend = source.trend(metric, judged(special === 'latency' ? answerTagsOf(this.#plan) : tags));
      stretch.of += trend?.count ?? 0;
      stretch.sum += trend?.sum ?? 0;
      return;
    }
    const measured = measure(this.#plan, source, 1);
    const value = measured.kind === 'value' ? measured.value : 0;
    if (isPerSecond(this.#plan, source)) {
      stretch.of += 1;
      stretch.sum += value;
      return;
    }
    const samples = measured.kind === 'value' ? (measured.samples ?? 0) : 0;
    stretch.of += samples;
    stretch.sum += Math.round(value * samples);
  }

  #addValues(stretch: Stretch, source: MetricSource): void {
    const { metric, tags, special } = this.#plan;
    const { answers, waiting } =
      special === 'latency' ? rankedAnswersOf(this.#plan, source) : { answers: source.trend(metric, judged(tags)), waiting: 0 };
    const count = (value: number, samples: number): void => {
      stretch.values.set(value, (stretch.values.get(value) ?? 0) + samples);
      stretch.of += samples;
    };
    if (waiting > 0) count(WAITING, waiting);
    answers?.each(({ high }, samples) => count(coarse(high), samples));
  }

  #halve(): void {
    const halved: Stretch[] = [];
    for (let i = 0; i + 1 < this.#stretches.length; i += 2) {
      const [into, next] = [this.#stretches[i] as Stretch, this.#stretches[i + 1] as Stretch];
      into.of += next.of;
      into.sum += next.sum;
      for (const [value, count] of next.values) into.values.set(value, (into.values.get(value) ?? 0) + count);
      halved.push(into);
    }
    this.#stretches = halved;
    this.#secondsEach *= 2;
  }
}

function coarse(value: number): number {
  return Math.ceil(Math.asinh(value) * STEPS_PER_E);
}

function countAbove(values: ReadonlyMap<number, number>, level: number): number {
  let above = 0;
  for (const [value, count] of values) if (value > level) above += count;
  return above;
}

function sumOf(stretches: readonly Stretch[], what: 'of' | 'sum'): number {
  return stretches.reduce((sum, stretch) => sum + stretch[what], 0);
}
