import type { ThresholdPlan } from '../core/plan.ts';
import type { MetricStore } from '../metrics/store.ts';
import { rankOf } from '../metrics/trend-totals.ts';
import { hasAsked, hasRun, judged, type Measured, NO_DATA, overflowOf } from './measured.ts';

/** The short thresholds of config.yaml, which mean more than their metric. @see the table in `script-and-config` */
export const SHORT_FORMS: Readonly<
  Record<NonNullable<ThresholdPlan['special']>, (plan: ThresholdPlan, store: MetricStore, measuredS: number) => Measured>
> = {
  latency: latencyOfAnswers,
  'failure-rate': failureRate,
  rps: successesPerSecond,
  'failed-checks': failedChecks,
  'iteration-errors': iterationErrors,
};

/**
 * The percentile over expected answers and over everything that is known to have been slower than the limit: timeouts always, requests and
 * starts that were cut off once they had waited past it. These rank last; a percentile among them is over the limit.
 */
function latencyOfAnswers(plan: ThresholdPlan, store: MetricStore): Measured {
  const { tags, parsed } = plan;
  const overflow = overflowOf(store, plan, [plan.metric, 'http_req_cut_off']);
  if (overflow !== undefined) return overflow;
  const answers = store.trend(plan.metric, judged({ ...tags, expected_response: 'true' }));
  const { expected_response: _, ...anyAnswer } = tags; // what was cut off had no answer to expect
  const cutOff = store.trend('http_req_cut_off', judged(anyAnswer));
  const timeouts = store.trend('http_req_cut_off', judged({ ...anyAnswer, kind: 'timeout' }));
  const isInclusive = parsed.comparison === '<'; // a request that waited exactly the limit is not under it
  const waiting =
    (timeouts?.count ?? 0) + (cutOff?.countOver(parsed.limit, isInclusive) ?? 0) - (timeouts?.countOver(parsed.limit, isInclusive) ?? 0);

  const answered = answers?.count ?? 0;
  const samples = answered + waiting;
  if (samples === 0) return { kind: 'no-data', because: hasAsked(store, tags) ? 'no expected answer' : 'no data' };
  if (parsed.aggregate.kind !== 'percentile')
    return answers === undefined || answered === 0 ? NO_DATA : { kind: 'value', value: answers.avg as number, samples };
  const rank = rankOf(parsed.aggregate.ratio, samples);
  if (answers === undefined || rank > answered) return { kind: 'over-limit', samples, waiting };
  return { kind: 'value', value: answers.valueAtRank(rank), samples };
}

/** Interrupted requests are in neither number. */
function failureRate(plan: ThresholdPlan, store: MetricStore): Measured {
  const overflow = overflowOf(store, plan, ['http_req_failed']);
  if (overflow !== undefined) return overflow;
  const requests = store.rate('http_req_failed', judged(plan.tags));
  return requests === undefined || requests.count === 0
    ? NO_DATA
    : { kind: 'value', value: requests.passes / requests.count, samples: requests.count };
}

function successesPerSecond(plan: ThresholdPlan, store: MetricStore, measuredS: number): Measured {
  const overflow = overflowOf(store, plan, ['http_req_failed']);
  if (overflow !== undefined) return overflow;
  if (measuredS <= 0 || !hasAsked(store, plan.tags)) return NO_DATA;
  const requests = store.rate('http_req_failed', { tags: plan.tags, periods: ['measured'] });
  return { kind: 'value', value: requests === undefined ? 0 : (requests.count - requests.passes) / measuredS };
}

function failedChecks(plan: ThresholdPlan, store: MetricStore): Measured {
  const overflow = overflowOf(store, plan, ['checks']);
  if (overflow !== undefined) return overflow;
  const checks = store.rate('checks', judged(plan.tags));
  if (checks !== undefined && checks.count > 0) return { kind: 'value', value: 1 - checks.passes / checks.count, samples: checks.count };
  const isForAll = Object.keys(plan.tags).length === 0;
  if (isForAll && store.rate('checks') === undefined) return { kind: 'no-data', because: 'the script made no checks', isExcused: true };
  return { kind: 'no-data', because: 'no checks' };
}

/** No error at all is data once iterations ran (of a task: once it asked for something). */
function iterationErrors(plan: ThresholdPlan, store: MetricStore): Measured {
  const overflow = overflowOf(store, plan, ['iteration_errors']);
  if (overflow !== undefined) return overflow;
  const errors = store.counter('iteration_errors', judged(plan.tags));
  return errors === undefined && !hasRun(store, plan.tags) ? NO_DATA : { kind: 'value', value: errors?.sum ?? 0 };
}
