import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { BugError } from '../core/errors.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { parseThresholdExpression } from '../core/threshold.ts';
import type { Expressions, ShortThresholdName } from './threshold-schema.ts';

interface ShortMeaning {
  readonly metric: string;
  readonly special: NonNullable<ThresholdPlan['special']>;
  /** What stands before the limit. */
  readonly comparison: string;
  /** What is judged, for people; undefined: the metric says it. */
  readonly label?: string;
}

/** The table of the short forms. `special` is where they mean more than their metric. */
const MEANING: Readonly<Record<ShortThresholdName, ShortMeaning>> = {
  max_p95: { metric: 'http_req_response_time', special: 'latency', comparison: 'p(95)<' },
  max_p99: { metric: 'http_req_response_time', special: 'latency', comparison: 'p(99)<' },
  max_failure_rate: { metric: 'http_req_failed', special: 'failure-rate', comparison: 'rate<=' },
  min_rps: { metric: 'http_reqs', special: 'rps', comparison: 'rate>=', label: 'successful requests' },
  max_failed_checks: { metric: 'checks', special: 'failed-checks', comparison: 'rate<=', label: 'failed checks' },
  max_iteration_errors: { metric: 'iteration_errors', special: 'iteration-errors', comparison: 'count<=' },
};

/** A short form as a threshold, of the whole run or of one task. */
export function shortPlan(
  where: string,
  { name, value }: { name: ShortThresholdName; value: string | number },
  task: string | undefined,
): ThresholdPlan {
  const { metric, special, comparison, label } = MEANING[name];
  const definition = BUILT_IN_METRICS.find((known) => known.name === metric);
  if (definition === undefined) throw new BugError(`${name} is about ${metric}, which is no built-in metric`);
  const text = `${comparison}${value}`;
  return {
    source: where,
    expression: `${label ?? metric}${task === undefined ? '' : `{task:${task}}`}: ${text}`,
    metric,
    tags: task === undefined ? {} : { task },
    parsed: parseThresholdExpression(where, text, definition),
    special,
  };
}

/** The texts of expressions in any of k6's forms. @param notes - gets a line where `abortOnFail` is asked for */
export function expressionTexts(expressions: Expressions, notes: string[], where: string): string[] {
  const list = Array.isArray(expressions) ? expressions : [expressions];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    if (item.abortOnFail === true) notes.push(`${where}: abortOnFail has no effect in this version; the threshold is judged at the end`);
    return item.threshold;
  });
}
