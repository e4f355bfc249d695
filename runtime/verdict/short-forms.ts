import { rankOf } from '../core/histogram.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { HTTP } from '../core/roles.ts';
import { hasAsked, hasRun, type Measured, measuredIn, NO_DATA, noDataOf, overflowOf } from './measured.ts';
import { judged, type MetricSource } from './metric-source.ts';
import { cutOffsOf, rankedAnswersOf } from './ranked-answers.ts';

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

const NO_ANSWER: Measured = { kind: 'no-data', because: 'no expected answer' };

/** The percentile over what was answered and what was cut off; when it is among those that waited, it is over the limit. */
function latencyOfAnswers(plan: ThresholdPlan, source: MetricSource): Measured {
  const { metric, tags, parsed } = plan;
  const overflow = overflowOf(source, plan, [metric, ...cutOffsOf(plan).map((cut) => cut.metric)]);
  if (overflow !== undefined) return overflow;
  const { answers, answered, waiting } = rankedAnswersOf(plan, source);
  const samples = answered + waiting;
  if (samples === 0) return metric === HTTP.responseTime && hasAsked(source, tags) ? NO_ANSWER : noDataOf(metric);
  if (parsed.aggregate.kind !== 'percentile')
    return answers === undefined || answered === 0 ? noDataOf(metric) : { kind: 'value', value: answers.avg as number, samples };
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
