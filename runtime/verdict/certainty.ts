import type { ValueRange } from '../core/buckets.ts';
import type { Comparison, ThresholdPlan } from '../core/plan.ts';
import { STREAM } from '../core/roles.ts';
import type { Weight } from '../statistics/dependence.ts';
import { type Interval, meanInterval, poisson, quantileRanks, wilson } from '../statistics/interval.ts';
import { studentQuantile } from '../statistics/special-functions.ts';
import type { Measured } from './measured.ts';
import { judged, type MetricSource } from './metric-source.ts';
import { answerTagsOf, type RankedAnswers, rankedAnswersOf } from './ranked-answers.ts';
import type { SecondsTally } from './seconds-tally.ts';
import { samplesNeeded } from './threshold-kind.ts';

const [LOWEST, HIGHEST] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const TAIL = 0.025;

/** What the value was measured on. */
export interface Basis {
  readonly source: MetricSource;
  readonly seconds: number;
  /** Whether more may still come: a count can only grow then. */
  readonly isOpen: boolean;
  /** How it was spread over the seconds: then samples weigh what they are worth. Without it they are taken for independent. */
  readonly tally?: SecondsTally | undefined;
}

/**
 * Whether a miss is more than chance: there are samples enough, and the 95 % confidence interval of what was measured excludes the limit. Counts and
 * extremes are exact. Without a tally the interval takes samples for independent, and looking every second raises the odds of a false alarm: a delay is
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

/** Whether any value of the interval misses the limit. */
export function canMiss(interval: Interval, comparison: Comparison, limit: number): boolean {
  const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=', '!=': '==' } as const;
  return canHold(interval, opposite[comparison], limit);
}

/** Where the value lies with 95 %, in the recording unit; undefined without a value. */
export function intervalOf(plan: ThresholdPlan, measured: Measured, basis: Basis): Interval | undefined {
  if (measured.kind === 'no-data' || measured.kind === 'undecided') return undefined;
  const { kind } = plan.parsed.aggregate;
  if (measured.kind === 'over-limit' || (plan.special === 'latency' && kind === 'percentile')) return ofAnswers(plan, basis);
  const { value, samples } = measured;
  if (plan.special === 'rps') return ofMean(value, basis) ?? perSecond(value, basis.seconds);
  if (plan.special === 'iteration-errors') return ofCount(value, basis);
  if (plan.special === 'failure-rate' || plan.special === 'failed-checks') return ofShare(value, samples ?? 0, basis);
  if (kind === 'count' || kind === 'passes' || kind === 'fails') return ofCount(value, basis);
  if (kind === 'rate')
    return samples === undefined ? (ofMean(value, basis) ?? amountPerSecond(plan, basis)) : ofShare(value, samples, basis);
  return kind === 'value' ? { low: value, high: value } : ofTrend(plan, value, basis);
}

function ofCount(value: number, { isOpen }: Basis): Interval {
  return { low: value, high: isOpen ? HIGHEST : value };
}

function ofShare(share: number, samples: number, { tally }: Basis): Interval {
  const worth = worthOf(samples, tally?.weight(undefined));
  return wilson(share * worth, worth);
}

/** Independent samples that these are worth. */
export function worthOf(samples: number, weight: Weight | undefined): number {
  if (weight === undefined || !weight.isKnown) return samples;
  return Math.max(1, Math.min(samples, Math.floor(samples / weight.factor)));
}

/** By how it came second by second; undefined where that does not tell. */
function ofMean(value: number, { tally }: Basis): Interval | undefined {
  const mean = tally?.varianceOfMean();
  if (mean === undefined) return undefined;
  const half = studentQuantile(TAIL, mean.freedom) * Math.sqrt(mean.variance);
  return { low: value - half, high: value + half };
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

function ofTrend(plan: ThresholdPlan, value: number, basis: Basis): Interval {
  const { aggregate } = plan.parsed;
  const { source, isOpen, tally } = basis;
  const trend = source.trend(plan.metric, judged(plan.special === 'latency' ? answerTagsOf(plan) : plan.tags));
  if (trend === undefined) return { low: LOWEST, high: HIGHEST };
  const ratio = aggregate.kind === 'percentile' ? aggregate.ratio : undefined;
  if (aggregate.kind === 'max' || ratio === 1) return { low: value, high: isOpen ? HIGHEST : value };
  if (aggregate.kind === 'min' || ratio === 0) return { low: isOpen ? LOWEST : value, high: value };
  if (ratio === undefined) return ofMean(value, basis) ?? meanInterval(value, trend.variance() ?? 0, trend.count);
  return betweenRanks(ratio, { answers: trend, answered: trend.count, waiting: 0 }, tally);
}

/** Those that never got an answer in time rank last, above all limits. */
function ofAnswers(plan: ThresholdPlan, { source, tally }: Basis): Interval | undefined {
  const { aggregate } = plan.parsed;
  return aggregate.kind === 'percentile' ? betweenRanks(aggregate.ratio, rankedAnswersOf(plan, source), tally) : undefined;
}

/** Outwards to the ends of the buckets: what is known to 0.1 % only is never known better. */
function betweenRanks(ratio: number, { answers, answered, waiting }: RankedAnswers, tally: SecondsTally | undefined): Interval {
  const samples = answered + waiting;
  const worth = worthOf(samples, tally?.weight(ratio));
  const ranks = quantileRanks(ratio, worth);
  const [low, high] = [Math.floor(((ranks.low - 1) * samples) / worth) + 1, Math.ceil((ranks.high * samples) / worth)];
  const at = (rank: number): ValueRange =>
    answers === undefined || rank > answered ? { low: HIGHEST, high: HIGHEST } : answers.rangeAtRank(rank);
  return { low: ranks.low < 1 ? LOWEST : at(low).low, high: ranks.high > worth ? HIGHEST : at(high).high };
}
