import type { RatePoint } from '../core/plan.ts';

/** A stretch over which the rate goes in a straight line. Rates are starts per time unit, times µs since the scenario began. */
export interface RateSegment {
  readonly fromUs: number;
  readonly toUs: number;
  readonly fromRate: number;
  readonly toRate: number;
  /** Work due before it and by its end. */
  readonly fromWork: number;
  readonly toWork: number;
}

/**
 * The curve from 0 to `durationUs`; before its first point and after its last the rate is theirs.
 * Work is twice the area under the line, rate × µs: for whole rates and times a whole number, so that stages add up without rounding.
 */
export function rateSegments(points: readonly RatePoint[], durationUs: number): RateSegment[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const segments: RateSegment[] = [];
  let from = { atUs: 0, rate: first.rate };
  for (const to of [...points, { atUs: Math.max(durationUs, last.atUs), rate: last.rate }]) {
    push(segments, from, to);
    from = to;
  }
  return cutAt(segments, durationUs);
}

/** The segments when the rate is `rate` from `atUs` to their end. */
export function changedAt(segments: readonly RateSegment[], atUs: number, rate: number): RateSegment[] {
  const endUs = segments.at(-1)?.toUs ?? 0;
  const kept = cutAt(segments, atUs);
  if (endUs > atUs) push(kept, { atUs, rate }, { atUs: endUs, rate });
  return kept;
}

/** Work due by a moment. */
export function workBy(segments: readonly RateSegment[], atUs: number): number {
  return cutAt(segments, atUs).at(-1)?.toWork ?? 0;
}

/** When the work is `work`, which the segment must reach; not rounded. */
export function reachedAtUs({ fromUs, toUs, fromRate, toRate, fromWork }: RateSegment, work: number): number {
  const missing = work - fromWork;
  if (missing <= 0) return fromUs;
  if (fromRate === toRate) return Math.min(fromUs + missing / (2 * fromRate), toUs);
  // Of from·x + (to − from)·x² / (2·length) = missing / 2 the root that loses no digits when the line is nearly flat.
  const square = fromRate * fromRate + (missing * (toRate - fromRate)) / (toUs - fromUs);
  return Math.min(fromUs + missing / (fromRate + Math.sqrt(Math.max(square, 0))), toUs);
}

/** What lies before `atUs`. */
function cutAt(segments: readonly RateSegment[], atUs: number): RateSegment[] {
  const kept = segments.filter(({ fromUs }) => fromUs < atUs);
  const last = kept.at(-1);
  if (last === undefined || last.toUs <= atUs) return kept;
  kept.pop();
  const { fromUs, toUs, fromRate, toRate } = last;
  push(kept, { atUs: fromUs, rate: fromRate }, { atUs, rate: fromRate + ((toRate - fromRate) * (atUs - fromUs)) / (toUs - fromUs) });
  return kept;
}

/** Appends the line between two points; a jump has no length and no work. */
function push(segments: RateSegment[], from: RatePoint, to: RatePoint): void {
  if (to.atUs <= from.atUs) return;
  const fromWork = segments.at(-1)?.toWork ?? 0;
  const toWork = fromWork + (from.rate + to.rate) * (to.atUs - from.atUs);
  segments.push({ fromUs: from.atUs, toUs: to.atUs, fromRate: from.rate, toRate: to.rate, fromWork, toWork });
}
