import { rankOf } from '../core/histogram.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { isStreamMetric } from '../core/roles.ts';
import { hasRun, type Measured, measuredIn, NO_DATA, noDataOf, overflowOf, withAnswers } from './measured.ts';
import { judged, type MetricSource, type TrendView } from './metric-source.ts';
import { withOwnStalls } from './own-stalls.ts';
import { SHORT_FORMS } from './short-forms.ts';

/** What a threshold comes to. @param seconds - what counts per second are divided by */
export function measure(plan: ThresholdPlan, source: MetricSource, seconds: number): Measured {
  if (plan.special !== undefined) return withOwnStalls(plan, source, SHORT_FORMS[plan.special](plan, source, seconds));
  return withOwnStalls(plan, source, withAnswers(plan, source, plainMetric(plan, source, seconds)));
}

/** An expression over a metric as it was recorded: no answers are added or left out. */
function plainMetric(plan: ThresholdPlan, source: MetricSource, seconds: number): Measured {
  const overflow = overflowOf(source, plan, [plan.metric]);
  if (overflow !== undefined) return overflow;
  const { metric, tags } = plan;
  const { kind } = plan.parsed.aggregate;
  const trend = source.trend(metric, judged(tags));
  if (trend !== undefined) return trend.count === 0 ? noDataOf(metric) : ofTrend(trend, plan);
  const rate = source.rate(metric, judged(tags));
  if (rate !== undefined && rate.count > 0) {
    const passes = kind === 'fails' ? rate.count - rate.passes : rate.passes;
    return { kind: 'value', value: kind === 'rate' ? passes / rate.count : passes, samples: rate.count };
  }
  const gauge = source.gauge(metric, judged(tags));
  if (gauge !== undefined && gauge.count > 0) return { kind: 'value', value: gauge.last };
  return kind === 'count' || kind === 'rate' ? ofCounter(plan, source, seconds) : noDataOf(metric);
}

function ofTrend(trend: TrendView, { parsed: { aggregate } }: ThresholdPlan): Measured {
  const { count: samples, min, max, avg } = trend;
  if (aggregate.kind === 'percentile')
    return measuredIn(aggregate.ratio <= 0 ? { low: min, high: min } : trend.rangeAtRank(rankOf(aggregate.ratio, samples)), samples);
  return { kind: 'value', value: aggregate.kind === 'min' ? min : aggregate.kind === 'max' ? max : (avg as number), samples };
}

/** A counter that nobody touched is 0 when iterations ran; with tags it may be a misspelt one, and is no data, as is one of streams. */
function ofCounter({ metric, tags, parsed }: ThresholdPlan, source: MetricSource, seconds: number): Measured {
  const all = source.counter(metric, judged(tags));
  if (all === undefined) {
    const isForAll = Object.keys(tags).length === 0 && !isStreamMetric(metric);
    const isUntouched = isForAll && parsed.aggregate.kind === 'count' && hasRun(source, tags);
    return isUntouched ? { kind: 'value', value: 0 } : noDataOf(metric);
  }
  if (parsed.aggregate.kind === 'count') return { kind: 'value', value: all.sum };
  if (seconds <= 0) return NO_DATA;
  return { kind: 'value', value: (source.counter(metric, { tags, periods: ['measured'] })?.sum ?? 0) / seconds };
}
