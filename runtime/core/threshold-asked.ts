import type { Aggregate, Comparison, ThresholdPlan, ThresholdWindow, ThresholdWords } from './plan.ts';

/** What a threshold asks, kept beside its result: nobody has to read its text again. */
export interface Asked extends ThresholdWords {
  /** What is recorded; `checks` for `failed checks`. */
  readonly metric: string;
  /** Exact tag values. */
  readonly tags: Readonly<Record<string, string>>;
  /** `p(95)`, `avg`, `min`, `max`, `count`, `rate`, `value`, `passes`, `fails`. */
  readonly statistic: string;
  readonly comparison: Comparison;
  /** What the statistic is compared with, in `secondUnit` of the result, or else in its `unit`. Absent for a share of seconds in files of older versions. */
  readonly limit?: number;
  /** Absent: over the whole of the run. */
  readonly window?: ThresholdWindow;
  /** The short form of config.yaml that it is, which means more than its metric. */
  readonly form?: NonNullable<ThresholdPlan['special']>;
}

/** @param divisor - from the recording unit of the metric to that of the result */
export function askedOf(plan: ThresholdPlan, divisor: number): Asked {
  const { metric, tags, parsed, special } = plan;
  return {
    ...wordsOf(plan),
    metric,
    tags: { ...tags },
    statistic: statisticOf(parsed.aggregate),
    comparison: parsed.comparison,
    limit: parsed.limit / divisor,
    ...(parsed.window === undefined ? {} : { window: parsed.window }),
    ...(special === undefined ? {} : { form: special }),
  };
}

/** As it was written. */
export function wordsOf({ words, expression }: Pick<ThresholdPlan, 'words' | 'expression'>): ThresholdWords {
  return words ?? wordsIn(expression);
}

function statisticOf(aggregate: Aggregate): string {
  return aggregate.kind === 'percentile' ? `p(${Number((aggregate.ratio * 100).toPrecision(12))})` : aggregate.kind;
}

/** Whether more of it is better. */
export function isAtLeast(comparison: Comparison): boolean {
  return comparison === '>' || comparison === '>=';
}

/** Whether more of what was measured is better; of a share of seconds it always is, whatever is asked of each of them. */
export function isFloorOf({ comparison, window }: Pick<Asked, 'comparison' | 'window'>): boolean {
  return window?.kind === 'share' || isAtLeast(comparison);
}

/** What the margin of a threshold is made of. */
export interface Margined {
  /** Absent without data. */
  readonly actual?: number;
  /** In the same unit as {@link actual}. */
  readonly limit: number;
  readonly asked: Pick<Asked, 'comparison' | 'window'>;
}

/**
 * How far a value is from its limit as a share of the limit, below 0 on the wrong side. Undefined where that means nothing: without data, beside a limit of 0,
 * and where one value is asked for (`==`, `!=`), from which nothing is near or far.
 */
export function marginRatioOf({ actual, limit, asked }: Margined): number | undefined {
  const isExact = asked.window?.kind !== 'share' && (asked.comparison === '==' || asked.comparison === '!=');
  if (actual === undefined || isExact || limit === 0) return undefined;
  return (isFloorOf(asked) ? actual - limit : limit - actual) / Math.abs(limit);
}

/** The same out of the whole: metric and tags stand before the last colon and space. */
export function wordsIn(expression: string): ThresholdWords {
  const end = expression.lastIndexOf(': ');
  return end < 0 ? { subject: '', condition: expression } : { subject: expression.slice(0, end), condition: expression.slice(end + 2) };
}
