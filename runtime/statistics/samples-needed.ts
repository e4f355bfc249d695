import { binomialCdf, normalQuantile } from './special-functions.ts';

/** Beyond either end of a 95 % interval. */
const TAIL = 0.025;
/** Percentiles that people ask for, highest first. */
const OFFERED = [0.9999, 0.999, 0.995, 0.99, 0.97, 0.95, 0.9, 0.75, 0.5] as const;

/**
 * Independent samples from which on a percentile has an interval with two ends.
 * @param ratio - between 0 and 1
 */
export function samplesToBound(ratio: number): number {
  return Math.ceil(Math.log(TAIL) / Math.log(Math.max(ratio, 1 - ratio)));
}

/** The highest percentile that so many independent samples bound on both sides; undefined: not even the median. */
export function highestJudgeable(samples: number): number | undefined {
  return OFFERED.find((ratio) => samplesToBound(ratio) <= samples);
}

/**
 * The smallest number of samples of which so many may be over the limit and a percentile is still shown to be within it.
 * @param over - samples over the limit
 * @param doubt - how often a percentile that is just the limit may be called within it
 * @see MLPerf's early stopping, https://arxiv.org/abs/1911.02549
 */
export function samplesToPass(over: number, ratio: number, doubt = 0.01): number {
  const isEnough = (samples: number): boolean => binomialCdf(over, samples, 1 - ratio) <= doubt;
  let [below, at] = [over, over + 1];
  while (!isEnough(at)) [below, at] = [at, at * 2];
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2);
    if (isEnough(middle)) at = middle;
    else below = middle;
  }
  return at;
}

/** Samples that tell the share of those beyond a percentile to `marginRatio` of it with 99 %. @see MLPerf's query counts, https://arxiv.org/abs/1911.02549 */
export function samplesForMargin(ratio: number, marginRatio = 1 / 20): number {
  const margin = (1 - ratio) * marginRatio;
  return Math.round((normalQuantile(0.005) ** 2 * ratio * (1 - ratio)) / margin ** 2);
}

/**
 * About how many samples would tell a share from a limit at 95 %, if it stays as it is; undefined: no number would.
 * @param inflation - samples that weigh as much as one independent one
 */
export function samplesToTell({ share, limit, inflation }: { share: number; limit: number; inflation: number }): number | undefined {
  if (limit <= 0 || limit >= 1 || Math.abs(share - limit) < 1e-12) return undefined; // 1 − 0.95 is not quite 0.05
  // none of so many, or all of them: exact
  if (share <= 0) return Math.ceil((Math.log(TAIL) / Math.log1p(-limit)) * inflation);
  if (share >= 1) return Math.ceil((Math.log(TAIL) / Math.log(limit)) * inflation);
  const variance = limit * (1 - limit);
  return Math.ceil(((normalQuantile(TAIL) ** 2 * variance) / (share - limit) ** 2) * inflation);
}
