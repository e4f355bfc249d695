import type { Comparison, ThresholdPlan } from '../core/plan.ts';
import { STREAM } from '../core/roles.ts';
import { type Interval, meanInterval, poisson, quantileRanks, wilson } from '../statistics/interval.ts';
import type { Measured } from './measured.ts';
import { judged } from './metric-source.ts';
import { answerTagsOf, rankedAnswersOf } from './ranked-answers.ts';
import type { SecondsSource } from './seconds-source.ts';
import { samplesNeeded } from './threshold-kind.ts';

const [LOWEST, HIGHEST] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** What the value was measured on. */
export interface Basis {
  readonly source: SecondsSource;
  readonly seconds: number;
  /** Whether more may still come: a count can only grow then. */
  readonly isOpen: boolean;
}

/**
 * Whether a miss is more than chance: there are samples enough, and the 95 % confidence interval of what was measured excludes the limit. Counts and
 * extremes are exact. The interval takes samples for independent, and looking every second raises the odds of a false alarm: a delay is
 * what keeps a cold start out.
 */
export function isCertainMiss(plan: ThresholdPlan, measured: Measured, basis: Basis): boolean {
  if ('samples' in measured && (measured.samples ?? 0) < samplesNeeded(plan)) return false;
  const interval = intervalOf(plan, measured, basis);
  return interval !== undefined && !canHold(interval, plan.parsed.comparison, plan.parsed.limit);
}

/** Whether any value of the interval meets the limit. */
export function canHold({ low, high }: Interval, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return low < limit;
    case '<=':
      return low <= limit;
    case '>':
      return high > limit;
    case '>=':
      return high >= limit;
    case '==':
      return low <= limit && limit <= high;
    case '!=':
      return low !== limit || high !== limit;
  }
}

/** Where the value lies with 95 %, in the recording unit; undefined without a value. */
function intervalOf(plan: ThresholdPlan, measured: Measured, basis: Basis): Interval | undefined {
  if (measured.kind === 'no-data' || measured.kind === 'undecided') return undefined;
  const { kind } = plan.parsed.aggregate;
  if (measured.kind === 'over-limit' || (plan.special === 'latency' && kind === 'percentile')) return ofAnswers(plan, basis);
  const { value, samples } = measured;
  if (plan.special === 'rps') return perSecond(value, basis.seconds);
  if (plan.special === 'iteration-errors') return ofCount(value, basis);
  if (plan.special === 'failure-rate' || plan.special === 'failed-checks') return wilson(value * (samples ?? 0), samples ?? 0);
  if (kind === 'count' || kind === 'passes' || kind === 'fails') return ofCount(value, basis);
  if (kind === 'rate') return samples === undefined ? amountPerSecond(plan, basis) : wilson(value * samples, samples);
  return kind === 'value' ? { low: value, high: value } : ofTrend(plan, value, basis);
}

function ofCount(value: number, { isOpen }: Basis): Interval {
  return { low: value, high: isOpen ? HIGHEST : value };
}

function perSecond(value: number, seconds: number): Interval {
  const { low, high } = poisson(value * seconds);
  return { low: low / seconds, high: high / seconds };
}

/** Of a counter: how often it was added to is chance, how much at a time is taken as it was on average. */
function amountPerSecond({ metric, tags }: ThresholdPlan, { source, seconds }: Basis): Interval {
  const { count: added = 0, sum = 0 } = source.counter(metric, judged(tags)) ?? {};
  const count = metric === STREAM.stalls ? sum : added; // its zeros say that somebody looked
  if (count === 0) return perSecond(0, seconds);
  const { low, high } = poisson(count);
  const ends = [low, high].map((times) => (times * sum) / count / seconds);
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

function ofTrend(plan: ThresholdPlan, value: number, { source, isOpen }: Basis): Interval {
  const { aggregate } = plan.parsed;
  const trend = source.trend(plan.metric, judged(plan.special === 'latency' ? answerTagsOf(plan) : plan.tags));
  if (trend === undefined) return { low: LOWEST, high: HIGHEST };
  const ratio = aggregate.kind === 'percentile' ? aggregate.ratio : undefined;
  if (aggregate.kind === 'max' || ratio === 1) return { low: value, high: isOpen ? HIGHEST : value };
  if (aggregate.kind === 'min' || ratio === 0) return { low: isOpen ? LOWEST : value, high: value };
  if (ratio === undefined) return meanInterval(value, trend.variance() ?? 0, trend.count);
  const { low, high } = quantileRanks(ratio, trend.count);
  return { low: low < 1 ? LOWEST : trend.valueAtRank(low), high: high > trend.count ? HIGHEST : trend.valueAtRank(high) };
}

/** Those that never got an answer in time rank last, above all limits. */
function ofAnswers(plan: ThresholdPlan, { source }: Basis): Interval | undefined {
  const { aggregate } = plan.parsed;
  if (aggregate.kind !== 'percentile') return undefined;
  const { answers, answered, waiting } = rankedAnswersOf(plan, source);
  const { low, high } = quantileRanks(aggregate.ratio, answered + waiting);
  const at = (rank: number): number => (answers === undefined || rank > answered ? HIGHEST : answers.valueAtRank(rank));
  return { low: low < 1 ? LOWEST : at(low), high: at(high) };
}
