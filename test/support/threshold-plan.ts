import { BUILT_IN_METRICS } from '../../runtime/core/built-in-metrics.ts';
import type { ThresholdPlan } from '../../runtime/core/plan.ts';
import type { MetricDefinition } from '../../runtime/core/records.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../runtime/core/threshold.ts';

/** A threshold as it is written, such as `http_req_duration{task:a}` and `p(95)<1s`. @param custom - metrics besides the built-in ones */
export function thresholdPlanOf(key: string, text: string, custom: readonly MetricDefinition[] = []): ThresholdPlan {
  const { metric, tags } = parseThresholdKey('thresholds', key);
  const definition = [...BUILT_IN_METRICS, ...custom].find(({ name }) => name === metric) as MetricDefinition;
  return {
    source: `thresholds.${key}`,
    expression: `${key}: ${text}`,
    metric,
    tags,
    parsed: parseThresholdExpression('thresholds', text, definition),
    special: undefined,
  };
}
