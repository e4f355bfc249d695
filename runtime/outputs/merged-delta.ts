import type { SeriesDelta } from '../metrics/delta.ts';

/** What two deltas of one series come to; of a gauge the later one counts. Both stay as they are. */
export function mergedDelta(a: SeriesDelta, b: SeriesDelta): SeriesDelta {
  if (b.count === 0) return a;
  if (a.count === 0) return b;
  if (a.type === 'counter' && b.type === 'counter') return { ...a, count: a.count + b.count, sum: a.sum + b.sum };
  if (a.type === 'rate' && b.type === 'rate') return { ...a, count: a.count + b.count, passes: a.passes + b.passes };
  if (a.type !== 'trend' || b.type !== 'trend') return b;
  const range = { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
  const ends = a.ends === undefined && b.ends === undefined ? {} : { ends: [...(a.ends ?? []), ...(b.ends ?? [])] };
  return { ...a, ...range, ...ends, count: a.count + b.count, sum: a.sum + b.sum, buckets: [...a.buckets, ...b.buckets] };
}
