import { rankOf } from '../core/histogram.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { STALLED_METRIC, STALLED_REST_METRIC } from '../core/roles.ts';

import type { SeriesFilter } from '../record/store.ts';
import { compare, standing } from './compare.ts';
import type { Measured } from './measured.ts';
import { judged, type MetricSource, type TrendView } from './metric-source.ts';
import { answerTagsOf, cutOffsOf, rankedAnswersOf } from './ranked-answers.ts';

/** Why a latency that was too long is no miss. */
export const OWN_STALLS = "the load generator's own stalls were long enough to have made the difference";

/**
 * A limit of a time that was missed is missed for sure only if it still is when each sample gives back what its own worker was away: a generator can add to a time
 * and take nothing from it. @returns what was measured, with `isOwn` where the miss does not outlast that
 */
export function withOwnStalls(plan: ThresholdPlan, source: MetricSource, measured: Measured): Measured {
  if (measured.kind !== 'value' && measured.kind !== 'over-limit') return measured;
  const { comparison } = plan.parsed;
  if (comparison !== '<' && comparison !== '<=') return measured;
  if (measured.kind === 'value' && standing(measured, plan.parsed) !== 'missed') return measured;
  const isMissed = plan.special === 'latency' ? answersMiss(plan, source) : trendMisses(plan, source);
  return isMissed ? measured : { ...measured, isOwn: true };
}

/** Of all times of a metric: how many are over the limit, without the stalls. */
class Rest {
  readonly all: TrendView | undefined;
  readonly #marked: TrendView | undefined;
  readonly #rest: TrendView | undefined;

  constructor(source: MetricSource, metric: string, tags: SeriesFilter['tags'] & object) {
    this.all = source.trend(metric, judged(tags));
    const of = { ...tags, of: metric };
    this.#marked = source.trend(STALLED_METRIC, judged(of));
    this.#rest = source.trend(STALLED_REST_METRIC, judged(of));
  }

  over(limit: number, isInclusive: boolean): number {
    const over = (trend: TrendView | undefined): number => trend?.countOver(limit, isInclusive) ?? 0;
    return over(this.all) - over(this.#marked) + over(this.#rest);
  }

  /** Of samples that count as over the limit whatever they are: those that were long before their stalls, and those without any. */
  longOnes(limit: number, isInclusive: boolean): number {
    return (this.all?.count ?? 0) - (this.#marked?.count ?? 0) + (this.#rest?.countOver(limit, isInclusive) ?? 0);
  }

  get avg(): number | undefined {
    if (this.all?.avg === undefined) return undefined;
    const sum = (trend: TrendView | undefined): number => (trend?.avg ?? 0) * (trend?.count ?? 0);
    return (sum(this.all) - sum(this.#marked) + sum(this.#rest)) / this.all.count;
  }
}

function answersMiss(plan: ThresholdPlan, source: MetricSource): boolean {
  if (hasLostStalls(source)) return false;
  const { metric, parsed } = plan;
  const { limit, aggregate } = parsed;
  const isInclusive = parsed.comparison === '<';
  const answers = new Rest(source, metric, answerTagsOf(plan));
  if (aggregate.kind !== 'percentile') return averageMisses(plan, answers);
  let waiting = 0;
  for (const cut of cutOffsOf(plan)) {
    waiting += new Rest(source, cut.metric, cut.tags).over(limit, isInclusive);
    if (cut.always === undefined) continue;
    const timeouts = new Rest(source, cut.metric, cut.always);
    waiting += timeouts.longOnes(limit, isInclusive) - timeouts.over(limit, isInclusive);
  }
  const { answered, waiting: waited } = rankedAnswersOf(plan, source);
  const samples = answered + waited;
  return answers.over(limit, isInclusive) + waiting > samples - rankOf(aggregate.ratio, samples);
}

function trendMisses(plan: ThresholdPlan, source: MetricSource): boolean {
  const { metric, tags, parsed } = plan;
  if (source.definition(metric)?.type !== 'trend' || source.definition(metric)?.unit !== 'time') return true;
  if (hasLostStalls(source)) return false;
  const rest = new Rest(source, metric, tags);
  const { aggregate, limit } = parsed;
  const count = rest.all?.count ?? 0;
  const over = rest.over(limit, parsed.comparison === '<');
  if (aggregate.kind === 'avg') return averageMisses(plan, rest);
  if (aggregate.kind === 'max') return over > 0;
  if (aggregate.kind === 'min') return over >= count;
  return aggregate.kind !== 'percentile' || over > count - rankOf(aggregate.ratio, count);
}

function averageMisses({ parsed: { comparison, limit } }: ThresholdPlan, rest: Rest): boolean {
  return rest.avg !== undefined && !compare(rest.avg, comparison, limit);
}

/** Whether stalls have lost the name of their metric to the cap of series: then any sample may have had one. */
function hasLostStalls(source: MetricSource): boolean {
  return source.hasOverflowed(STALLED_METRIC);
}
