import type { ThresholdPlan } from '../core/plan.ts';
import { isAtLeast } from '../core/threshold-asked.ts';
import type { MetricSource } from './metric-source.ts';

/** Whether nothing at all comes to 0 rather than to no data: counts, and counts per second. */
export function isCountOf({ special, metric, parsed: { aggregate } }: ThresholdPlan, source: Pick<MetricSource, 'definition'>): boolean {
  if (special !== undefined) return special === 'rps' || special === 'iteration-errors';
  if (aggregate.kind === 'rate') return source.definition(metric)?.type === 'counter';
  return aggregate.kind === 'count' || aggregate.kind === 'passes' || aggregate.kind === 'fails';
}

/** Whether it is divided by time: then a second that is not whole says nothing. */
export function isPerSecond(plan: ThresholdPlan, source: Pick<MetricSource, 'definition'>): boolean {
  return plan.special === 'rps' || (plan.parsed.aggregate.kind === 'rate' && isCountOf(plan, source));
}

/** Samples that a stretch must have to say anything: one beyond a percentile on its far side, so 20 for p95 and 100 for p99. */
export function samplesNeeded({ parsed: { aggregate } }: ThresholdPlan): number {
  if (aggregate.kind !== 'percentile') return 1;
  const tail = Math.min(aggregate.ratio, 1 - aggregate.ratio);
  return tail <= 0 ? 1 : Math.ceil(1 / tail - 1e-9);
}

/** Whether more of it is better. */
export function isFloor({ parsed: { comparison } }: ThresholdPlan): boolean {
  return isAtLeast(comparison);
}
