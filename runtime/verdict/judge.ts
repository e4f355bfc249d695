import type { ThresholdPlan } from '../core/plan.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import type { MetricStore } from '../metrics/store.ts';
import type { TrendTotals } from '../metrics/trend-totals.ts';
import { compare } from './compare.ts';
import { hasRun, judged, type Measured, NO_DATA, overflowOf } from './measured.ts';
import { type Scale, scaleOf } from './scale.ts';
import { SHORT_FORMS } from './short-forms.ts';
import { formatLimit, labelOf, missText } from './wording.ts';

/** Samples that should lie beyond a percentile for it to be more than an anecdote. */
const TAIL_SAMPLES_MIN = 5;

/** Lengths that rates are divided by. */
export interface JudgedWindow {
  /** After warm-up, to the planned end, in seconds. */
  readonly measuredS: number;
}

/**
 * Every threshold against what the run measured, over the measured and the drain period, per-second numbers over the measured one alone.
 * Without data the outcome is `no-data`, never `met`.
 */
export function judgeThresholds(plans: readonly ThresholdPlan[], store: MetricStore, window: JudgedWindow): ThresholdResult[] {
  return plans.map((plan) => {
    const measured =
      plan.special === undefined ? plainMetric(plan, store, window.measuredS) : SHORT_FORMS[plan.special](plan, store, window.measuredS);
    return resultOf(plan, measured, scaleOf(plan, store));
  });
}

function resultOf(plan: ThresholdPlan, measured: Measured, scale: Scale): ThresholdResult {
  const { parsed } = plan;
  const label = labelOf(plan);
  const limitText = formatLimit(parsed, scale);
  const base = { source: plan.source, expression: plan.expression, limit: parsed.limit / scale.divisor, unit: scale.unit };
  switch (measured.kind) {
    case 'no-data':
      return {
        ...base,
        outcome: 'no-data',
        detail: `${label}: ${measured.because}, limit ${limitText}`,
        ...(measured.isExcused ? { isExcused: true } : {}),
      };
    case 'undecided':
      return { ...base, outcome: 'undecided', detail: `${label}: ${measured.because}` };
    case 'over-limit': {
      const detail = `${label} over ${scale.format(parsed.limit)}, limit ${limitText}: missed, ${measured.waiting} of ${measured.samples} never got an answer in time`;
      return { ...base, outcome: 'missed', samples: measured.samples, detail };
    }
    case 'value': {
      const { value, samples } = measured;
      const isMet = compare(value, parsed.comparison, parsed.limit);
      const isThin = samples !== undefined && parsed.aggregate.kind === 'percentile' && isTooFew(samples, parsed.aggregate.ratio);
      const detail = `${label} ${scale.format(value)}, limit ${limitText}: ${isMet ? 'met' : missText(value, parsed, scale)}${isThin ? ` (${samples} samples only)` : ''}`;
      return {
        ...base,
        outcome: isMet ? 'met' : 'missed',
        actual: value / scale.divisor,
        ...(samples === undefined ? {} : { samples }),
        ...(isThin ? { isThin } : {}),
        detail,
      };
    }
  }
}

/** p95 asks for 100 samples, p99 for 500; the extremes are exact at any number. */
function isTooFew(samples: number, ratio: number): boolean {
  return ratio > 0 && ratio < 1 && samples * Math.min(ratio, 1 - ratio) < TAIL_SAMPLES_MIN - 1e-9;
}

/** An expression over a metric as it was recorded: no answers are added or left out. */
function plainMetric(plan: ThresholdPlan, store: MetricStore, measuredS: number): Measured {
  const overflow = overflowOf(store, plan, [plan.metric]);
  if (overflow !== undefined) return overflow;
  const { metric, tags } = plan;
  const { kind } = plan.parsed.aggregate;
  const trend = store.trend(metric, judged(tags));
  if (trend !== undefined) return trend.count === 0 ? NO_DATA : { kind: 'value', value: ofTrend(trend, plan), samples: trend.count };
  const rate = store.rate(metric, judged(tags));
  if (rate !== undefined && rate.count > 0) {
    const passes = kind === 'fails' ? rate.count - rate.passes : rate.passes;
    return { kind: 'value', value: kind === 'rate' ? passes / rate.count : passes, samples: rate.count };
  }
  const gauge = store.gauge(metric, judged(tags));
  if (gauge !== undefined && gauge.count > 0) return { kind: 'value', value: gauge.last };
  return kind === 'count' || kind === 'rate' ? ofCounter(plan, store, measuredS) : NO_DATA;
}

function ofTrend(trend: TrendTotals, { parsed: { aggregate } }: ThresholdPlan): number {
  if (aggregate.kind === 'percentile') return trend.percentile(aggregate.ratio) as number;
  return aggregate.kind === 'min' ? trend.min : aggregate.kind === 'max' ? trend.max : (trend.avg as number);
}

/** A counter that nobody touched is 0 when iterations ran; with tags it may be a misspelt one, and is no data. */
function ofCounter({ metric, tags, parsed }: ThresholdPlan, store: MetricStore, measuredS: number): Measured {
  const all = store.counter(metric, judged(tags));
  if (all === undefined) {
    const isUntouched = Object.keys(tags).length === 0 && parsed.aggregate.kind === 'count' && hasRun(store, tags);
    return isUntouched ? { kind: 'value', value: 0 } : NO_DATA;
  }
  if (parsed.aggregate.kind === 'count') return { kind: 'value', value: all.sum };
  if (measuredS <= 0) return NO_DATA;
  return { kind: 'value', value: (store.counter(metric, { tags, periods: ['measured'] })?.sum ?? 0) / measuredS };
}
