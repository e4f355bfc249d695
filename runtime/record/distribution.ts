import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
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
