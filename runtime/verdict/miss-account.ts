import type { ThresholdPlan } from '../core/plan.ts';
import { STREAM } from '../core/roles.ts';
import type { Measured } from './measured.ts';
import { judged, type MetricSource, type TrendView } from './metric-source.ts';
import { answerTagsOf, rankedAnswersOf } from './ranked-answers.ts';
import { isFloor, isPerSecond } from './threshold-kind.ts';

/** What counts against a threshold, beside how much of it is allowed: it is missed when `bad` is more than `allowed` × `of`. */
export interface MissAccount {
  /** `share`: bad samples of all. `amount`: a sum over samples or seconds, negative where more is better. */
  readonly kind: 'share' | 'amount';
  readonly bad: number;
  readonly of: number;
  readonly allowed: number;
  /** Variance of `bad`, were all samples independent; of a share it follows from the share. */
  readonly variance: number;
}

/** Whether more samples make it truer: a percentile, an average, a share, a rate; not a count, a maximum or the last value. */
export function isEstimate({ special, parsed: { aggregate } }: ThresholdPlan): boolean {
  if (special === 'rps' || special === 'failure-rate' || special === 'failed-checks') return true;
  if (aggregate.kind === 'percentile') return aggregate.ratio > 0 && aggregate.ratio < 1;
  return special !== 'iteration-errors' && (aggregate.kind === 'avg' || aggregate.kind === 'rate');
}

/** So far. Undefined: nothing came yet, it is no estimate, or it has no wrong side (`==`): then the run is not ended for it by what it may be. */
export function missAccountOf(
  plan: ThresholdPlan,
  measured: Measured,
  { source, seconds }: { source: MetricSource; seconds: number },
): MissAccount | undefined {
  const { aggregate, comparison } = plan.parsed;
  if (!isEstimate(plan) || comparison === '==' || comparison === '!=') return undefined;
  if (measured.kind === 'no-data' || measured.kind === 'undecided') return undefined;
  if (aggregate.kind === 'percentile') return ofPercentile(plan, source);
  if (measured.kind !== 'value') return undefined;
  const { value, samples } = measured;
  if (isPerSecond(plan, source)) return amount(plan, { value, of: seconds, variance: varianceOfAmounts(plan, value * seconds, source) });
  if (aggregate.kind !== 'avg') return ofShare(plan, value, samples ?? 0);
  const trend = source.trend(plan.metric, judged(plan.special === 'latency' ? answerTagsOf(plan) : plan.tags));
  const of = trend?.count ?? 0;
  return amount(plan, { value, of, variance: (trend?.variance() ?? 0) * of });
}

/** Samples on the wrong side of the limit, those that never got an answer in time among them. */
function ofPercentile(plan: ThresholdPlan, source: MetricSource): MissAccount | undefined {
  const { aggregate, comparison, limit } = plan.parsed;
  if (aggregate.kind !== 'percentile') return undefined;
  const { answers, answered, waiting } =
    plan.special === 'latency' ? rankedAnswersOf(plan, source) : plainAnswers(source.trend(plan.metric, judged(plan.tags)));
  const of = answered + waiting;
  const isInclusive = comparison === '<' || comparison === '>=';
  const over = (answers?.countOver(limit, isInclusive) ?? 0) + waiting;
  const base = { kind: 'share', of, variance: 0 } as const;
  return isFloor(plan) ? { ...base, bad: of - over, allowed: aggregate.ratio } : { ...base, bad: over, allowed: 1 - aggregate.ratio };
}

function plainAnswers(answers: TrendView | undefined): { answers: TrendView | undefined; answered: number; waiting: number } {
  return { answers, answered: answers?.count ?? 0, waiting: 0 };
}

function ofShare(plan: ThresholdPlan, value: number, of: number): MissAccount {
  const { limit } = plan.parsed;
  const base = { kind: 'share', of, variance: 0 } as const;
  const passes = Math.round(value * of); // 1 / 49 × 49 is 0.999…
  return isFloor(plan) ? { ...base, bad: of - passes, allowed: 1 - limit } : { ...base, bad: passes, allowed: limit };
}

function amount(plan: ThresholdPlan, { value, of, variance }: { value: number; of: number; variance: number }): MissAccount {
  const sign = isFloor(plan) ? -1 : 1;
  return { kind: 'amount', bad: sign * value * of, of, allowed: sign * plan.parsed.limit, variance };
}

/** How often a counter is added to is chance, how much at a time is taken as it was on average. */
function varianceOfAmounts({ metric, tags, special }: ThresholdPlan, sum: number, source: MetricSource): number {
  if (special === 'rps') return sum;
  const { count: added = 0, sum: stalls = 0 } = source.counter(metric, judged(tags)) ?? {};
  const count = metric === STREAM.stalls ? stalls : added; // its zeros say that somebody looked
  return count === 0 ? 0 : sum ** 2 / count;
}
