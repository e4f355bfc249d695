import { rankOf } from '../core/histogram.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { HTTP, ofAnyAnswer, ofExpected } from '../core/roles.ts';
import { hasAsked, hasRun, type Measured, measuredIn, NO_DATA, overflowOf } from './measured.ts';
import { judged, type MetricSource, type TrendView } from './metric-source.ts';

/** The short thresholds of config.yaml, which mean more than their metric. @see Thresholds in the README */
export const SHORT_FORMS: Readonly<
  Record<NonNullable<ThresholdPlan['special']>, (plan: ThresholdPlan, source: MetricSource, measuredS: number) => Measured>
> = {
  latency: latencyOfAnswers,
  'failure-rate': failureRate,
  rps: successesPerSecond,
  'failed-checks': failedChecks,
  'iteration-errors': iterationErrors,
};

/** What a latency is ranked among: the expected answers, then everything that is known to have been slower than the limit. */
export interface RankedAnswers {
  readonly answers: TrendView | undefined;
  readonly answered: number;
  /** Timeouts always; requests and starts that were cut off, once they had waited past the limit. */
  readonly waiting: number;
}

export function rankedAnswersOf({ metric, tags, parsed }: ThresholdPlan, source: MetricSource): RankedAnswers {
  const answers = source.trend(metric, judged(ofExpected(tags)));
  const anyAnswer = ofAnyAnswer(tags);
  const cutOff = source.trend(HTTP.cutOff, judged(anyAnswer));
  const timeouts = source.trend(HTTP.cutOff, judged({ ...anyAnswer, kind: 'timeout' }));
  const isInclusive = parsed.comparison === '<'; // a request that waited exactly the limit is not under it
  const waiting =
    (timeouts?.count ?? 0) + (cutOff?.countOver(parsed.limit, isInclusive) ?? 0) - (timeouts?.countOver(parsed.limit, isInclusive) ?? 0);
  return { answers, answered: answers?.count ?? 0, waiting };
}

/** The percentile over {@link RankedAnswers}; when it is among those that waited, it is over the limit. */
function latencyOfAnswers(plan: ThresholdPlan, source: MetricSource): Measured {
  const { tags, parsed } = plan;
  const overflow = overflowOf(source, plan, [plan.metric, HTTP.cutOff]);
  if (overflow !== undefined) return overflow;
  const { answers, answered, waiting } = rankedAnswersOf(plan, source);
  const samples = answered + waiting;
  if (samples === 0) return { kind: 'no-data', because: hasAsked(source, tags) ? 'no expected answer' : 'no data' };
  if (parsed.aggregate.kind !== 'percentile')
    return answers === undefined || answered === 0 ? NO_DATA : { kind: 'value', value: answers.avg as number, samples };
  const rank = rankOf(parsed.aggregate.ratio, samples);
  if (answers === undefined || rank > answered) return { kind: 'over-limit', samples, waiting };
  return measuredIn(answers.rangeAtRank(rank), samples);
}

/** Interrupted requests are in neither number. */
function failureRate(plan: ThresholdPlan, source: MetricSource): Measured {
  const overflow = overflowOf(source, plan, [HTTP.failed]);
  if (overflow !== undefined) return overflow;
  const requests = source.rate(HTTP.failed, judged(plan.tags));
  return requests === undefined || requests.count === 0
    ? NO_DATA
    : { kind: 'value', value: requests.passes / requests.count, samples: requests.count };
}

function successesPerSecond(plan: ThresholdPlan, source: MetricSource, measuredS: number): Measured {
  const overflow = overflowOf(source, plan, [HTTP.failed]);
  if (overflow !== undefined) return overflow;
  if (measuredS <= 0 || !hasAsked(source, plan.tags)) return NO_DATA;
  const requests = source.rate(HTTP.failed, { tags: plan.tags, periods: ['measured'] });
  return { kind: 'value', value: requests === undefined ? 0 : (requests.count - requests.passes) / measuredS };
}

function failedChecks(plan: ThresholdPlan, source: MetricSource): Measured {
  const overflow = overflowOf(source, plan, ['checks']);
  if (overflow !== undefined) return overflow;
  const checks = source.rate('checks', judged(plan.tags));
  if (checks !== undefined && checks.count > 0)
    return { kind: 'value', value: (checks.count - checks.passes) / checks.count, samples: checks.count };
  const isForAll = Object.keys(plan.tags).length === 0;
  if (isForAll && source.rate('checks', {}) === undefined)
    return { kind: 'no-data', because: 'the script made no checks', isExcused: true };
  return { kind: 'no-data', because: 'no checks' };
}

/** No error at all is data once iterations ran (of a task: once it asked for something). */
function iterationErrors(plan: ThresholdPlan, source: MetricSource): Measured {
  const overflow = overflowOf(source, plan, ['iteration_errors']);
  if (overflow !== undefined) return overflow;
  const errors = source.counter('iteration_errors', judged(plan.tags));
  return errors === undefined && !hasRun(source, plan.tags) ? NO_DATA : { kind: 'value', value: errors?.sum ?? 0 };
}
