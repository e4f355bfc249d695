import type { MetricUnit } from '../core/records.ts';
import { BUCKET_VALUE_MAX, DEFAULT_UNIT_SCALE, highestEquivalent, valueAt } from '../metrics/buckets.ts';
import type { TrendValues } from '../metrics/delta.ts';
import { rankOf } from '../metrics/trend-totals.ts';

/** Upper bounds of the histograms that go out, in the metric's recording unit; a value equal to a bound is within. What is over the last has a place of its own. */
export const BOUNDS: Readonly<Record<MetricUnit, readonly number[]>> = {
  time: [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000].map((ms) => ms * 1_000),
  data: [8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28].map((power) => 2 ** power),
  default: [-3, -2, -1, 0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2.5, 5].map((step) => Number(`${step}e${power}`))),
};

/** Adds a delta's buckets to `counts`, one per bound and one for what is over all of them. To 0.1 %, as everything in these buckets. */
export function addToBounds(counts: number[], at: number, unit: MetricUnit, { buckets }: TrendValues): void {
  const bounds = BOUNDS[unit];
  for (let i = 0; i < buckets.length; i += 2) {
    // by the bucket's smallest value: exact where buckets are one wide
    const place = at + placeOf(bounds, scaled(valueAt(buckets[i] as number), unit));
    counts[place] = (counts[place] as number) + (buckets[i + 1] as number);
  }
}

/** What shares of a delta's samples do not exceed, in the recording unit; never outside min and max. Empty for an empty delta. */
export function percentilesOf(values: TrendValues, unit: MetricUnit, ratios: readonly number[]): number[] {
  if (values.count === 0) return [];
  const pairs: [index: number, count: number][] = [];
  for (let i = 0; i < values.buckets.length; i += 2) pairs.push([values.buckets[i] as number, values.buckets[i + 1] as number]);
  pairs.sort(([a], [b]) => a - b);
  return ratios.map((ratio) => {
    let left = rankOf(ratio, values.count);
    const found = pairs.find(([, count]) => {
      left -= count;
      return left <= 0;
    });
    const value = found === undefined ? values.max : scaled(Math.min(highestEquivalent(found[0]), BUCKET_VALUE_MAX), unit);
    return Math.min(Math.max(value, values.min), values.max);
  });
}

function scaled(value: number, unit: MetricUnit): number {
  return unit === 'default' ? value / DEFAULT_UNIT_SCALE : value;
}

function placeOf(bounds: readonly number[], value: number): number {
  const place = bounds.findIndex((bound) => value <= bound);
  return place < 0 ? bounds.length : place;
}
