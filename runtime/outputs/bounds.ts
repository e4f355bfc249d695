import { denseRange, eachOf } from '../core/buckets.ts';
import type { TrendValues } from '../core/delta.ts';
import type { MetricUnit } from '../core/records.ts';

/** Upper bounds of the histograms that go out, in the metric's recording unit; a value equal to a bound is within. What is over the last has a place of its own. */
export const BOUNDS: Readonly<Record<MetricUnit, readonly number[]>> = {
  time: [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000].map((ms) => ms * 1_000),
  data: [8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28].map((power) => 2 ** power),
  default: [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2.5, 5].map((step) => Number(`${step}e${power}`))),
};

/** Adds a delta's buckets to `counts`, one per bound and one for what is over all of them. To 0.1 %, as everything in these buckets. */
export function addToBounds(counts: number[], at: number, unit: MetricUnit, values: TrendValues): void {
  const bounds = BOUNDS[unit];
  eachOf(values, (index, count, ends = denseRange(index)) => {
    // by the bucket's smallest value: exact where buckets are one wide, or hold one value
    const place = at + placeOf(bounds, ends.low);
    counts[place] = (counts[place] as number) + count;
  });
}

function placeOf(bounds: readonly number[], value: number): number {
  const place = bounds.findIndex((bound) => value <= bound);
  return place < 0 ? bounds.length : place;
}
