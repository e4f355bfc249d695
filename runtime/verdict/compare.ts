import type { ValueRange } from '../core/buckets.ts';
import type { Comparison, ThresholdExpression } from '../core/plan.ts';

/** Whether `value` stands in this relation to `limit`. */
export function compare(value: number, comparison: Comparison, limit: number): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

/**
 * A value that is known to 0.1 % only stands where all that it could be stands; with the limit in between nobody knows.
 */
export function standing(
  { value, range = { low: value, high: value } }: { readonly value: number; readonly range?: ValueRange },
  { comparison, limit }: Pick<ThresholdExpression, 'comparison' | 'limit'>,
): 'met' | 'missed' | 'undecided' {
  const { low, high } = range;
  const ends = [low, high].map((end) => compare(end, comparison, limit));
  const isBetween = low < limit && limit < high;
  if (isBetween && (comparison === '==' || comparison === '!=')) return 'undecided';
  return ends[0] !== ends[1] ? 'undecided' : ends[0] === true ? 'met' : 'missed';
}
