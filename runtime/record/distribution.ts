import { decodeFromCompressedBase64, type JsHistogram } from 'hdr-histogram-js';
import { rankOf } from '../core/histogram.ts';

/** Points of a distribution: enough for a smooth curve from the middle to 99.9999 %. */
const NINES_MAX = 7;
const POINTS_PER_NINE = 24;
/** Width of a bucket beside its value, at 3 digits. */
const BUCKET_RATIO = 0.001;

export interface DistributionPoint {
  /** 0 to 1. */
  ratio: number;
  ms: number;
}

/**
 * An encoded histogram of µs as a curve over its percentiles, finer towards the end; the last point is the maximum.
 * @param maxMs the exact maximum: a bucket may reach past it
 */
export function distributionOf(encoded: string, maxMs: number): DistributionPoint[] {
  const histogram = decodeFromCompressedBase64(encoded, 64);
  const { totalCount } = histogram;
  const points: DistributionPoint[] = [];
  for (let step = 0; step <= NINES_MAX * POINTS_PER_NINE; step++) {
    const ratio = 1 - 10 ** (-step / POINTS_PER_NINE);
    if (totalCount * (1 - ratio) < 1) break;
    const value = histogram.getValueAtPercentile((rankOf(ratio, totalCount) / totalCount) * 100);
    points.push({ ratio, ms: Math.min(value / 1000, maxMs) });
  }
  return [...points, { ratio: 1, ms: maxMs }];
}

/**
 * Values at two ranks (from 1) of an encoded histogram of µs, in ms, rounded outwards to the bounds of their buckets.
 * @param ranksOf - given how many samples there are; null: there are too few
 */
export function valuesAtRanks(
  encoded: string,
  ranksOf: (samples: number) => readonly [low: number, high: number] | null,
): [lowMs: number, highMs: number] | null {
  const histogram = decodeFromCompressedBase64(encoded, 64);
  const ranks = ranksOf(histogram.totalCount);
  if (ranks === null) return null;
  const [low, high] = ranks.map((rank) => histogram.getValueAtPercentile((rank / histogram.totalCount) * 100)) as [number, number];
  return [(low / 1000) * (1 - BUCKET_RATIO), high / 1000]; // each is the highest of its bucket
}

/** Width of the buckets that a histogram is kept in for years: 64 to each factor of two. */
const KEPT_PER_OCTAVE = 64;

/** An encoded histogram of µs as value, count, value, count …, in buckets at most 1.6 % wide: each value is the highest of its bucket. */
export function bucketsOf(encoded: string): number[] {
  const histogram = decodeFromCompressedBase64(encoded, 64) as JsHistogram;
  const { recordedValuesIterator: values } = histogram;
  const counts = new Map<number, number>();
  values.reset();
  while (values.hasNext()) {
    const { valueIteratedTo, countAddedInThisIterationStep } = values.next();
    const value = highestKept(valueIteratedTo);
    counts.set(value, (counts.get(value) ?? 0) + countAddedInThisIterationStep);
  }
  return [...counts].flat();
}

function highestKept(us: number): number {
  const shift = Math.max(0, Math.floor(Math.log2(Math.max(1, us))) - Math.log2(KEPT_PER_OCTAVE));
  const width = 2 ** shift;
  return Math.floor(us / width) * width + width - 1;
}

/** As {@link valuesAtRanks}, of what {@link bucketsOf} gave. */
export function valuesAtRanksIn(
  buckets: readonly number[],
  ranksOf: (samples: number) => readonly [low: number, high: number] | null,
): [lowMs: number, highMs: number] | null {
  let samples = 0;
  for (let i = 1; i < buckets.length; i += 2) samples += buckets[i] as number;
  const ranks = ranksOf(samples);
  if (ranks === null) return null;
  const [low, high] = ranks.map((rank) => {
    let seen = 0;
    for (let i = 0; i < buckets.length; i += 2) {
      seen += buckets[i + 1] as number;
      if (seen >= rank) return buckets[i] as number;
    }
    return 0;
  }) as [number, number];
  return [(low / 1000) * (1 - 1 / KEPT_PER_OCTAVE), high / 1000];
}
