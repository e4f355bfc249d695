/** 95 % confidence intervals of what was measured so far. */

import { betaQuantile, binomialQuantile, gammaQuantile } from './special-functions.ts';

/** Both ends belong to it; ±infinity where nothing bounds it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard deviations on either side of a normal distribution that hold 95 %. */
const Z = 1.959_963_984_540_054;
const TAIL = 0.025;

/**
 * Ranks, from 1 to `count`, of the samples between which the quantile lies with 95 %: by order statistics, whatever the distribution. The low one is 0,
 * the high one `count` + 1, when there are too few samples to bound it on that side.
 * @param ratio - between 0 and 1
 * @param count - samples, as many as independent ones: see `dependence.ts`
 * @see Hahn and Meeker, Statistical Intervals (1991), 5.2
 */
export function quantileRanks(ratio: number, count: number): Interval {
  if (count === 0 || ratio <= 0 || ratio >= 1) return { low: 0, high: count + 1 };
  return { low: binomialQuantile(TAIL, count, ratio), high: binomialQuantile(1 - TAIL, count, ratio) + 1 };
}

/** Wilson's interval of a share. @see https://doi.org/10.1080/01621459.1927.10502953 */
export function wilson(passes: number, count: number): Interval {
  if (count === 0) return { low: 0, high: 1 };
  const ratio = passes / count;
  const scale = 1 + Z ** 2 / count;
  const middle = (ratio + Z ** 2 / (2 * count)) / scale;
  const half = (Z / scale) * Math.sqrt((ratio * (1 - ratio)) / count + Z ** 2 / (4 * count ** 2));
  return { low: passes === 0 ? 0 : middle - half, high: passes === count ? 1 : middle + half };
}

/** Exact interval of a share: never less than 95 %, whatever the share. @see https://doi.org/10.1093/biomet/26.4.404 (Clopper and Pearson, 1934) */
export function exactShare(passes: number, count: number): Interval {
  if (count === 0) return { low: 0, high: 1 };
  return {
    low: passes <= 0 ? 0 : betaQuantile(TAIL, passes, count - passes + 1),
    high: passes >= count ? 1 : betaQuantile(1 - TAIL, passes + 1, count - passes),
  };
}

/** Exact interval of a count of events that come by themselves. @see https://doi.org/10.1093/biomet/28.3-4.437 (Garwood, 1936) */
export function poisson(events: number): Interval {
  return { low: events <= 0 ? 0 : gammaQuantile(TAIL, events), high: gammaQuantile(1 - TAIL, events + 1) };
}

/** Fewer samples than this say too little of an average. */
const MEAN_SAMPLES_MIN = 30;

/** Interval of an average by the central limit theorem; unbounded with fewer than 30 samples. */
export function meanInterval(mean: number, variance: number, count: number): Interval {
  const half = count < MEAN_SAMPLES_MIN ? Number.POSITIVE_INFINITY : Z * Math.sqrt(variance / count);
  return { low: mean - half, high: mean + half };
}
