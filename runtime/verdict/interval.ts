/** 95 % confidence intervals of what was measured so far. */

/** Both ends belong to it; ±infinity where nothing bounds it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Standard deviations on either side of a normal distribution that hold 95 %. */
const Z = 1.959_963_984_540_054;
const TAIL = 0.025;
/** Beyond this variance of the rank the normal distribution is as good as the binomial one. */
const VARIANCE_EXACT_MAX = 1000;

/**
 * Ranks, from 1 to `count`, of the samples between which the quantile lies: by order statistics, whatever the distribution. The low one is 0,
 * the high one `count` + 1, when there are too few samples to bound it on that side.
 * @param ratio - between 0 and 1
 * @see Hahn and Meeker, Statistical Intervals (1991), 5.2
 */
export function quantileRanks(ratio: number, count: number): Interval {
  const p = Math.min(ratio, 1 - ratio);
  const variance = count * p * (1 - p);
  const lower = variance > VARIANCE_EXACT_MAX ? nearRanks(count * p, Math.sqrt(variance)) : exactRanks(p, count);
  return ratio <= 0.5 ? lower : { low: count + 1 - lower.high, high: count + 1 - lower.low };
}

/** By the normal distribution, and up to two ranks wider: the binomial one leans to one side. */
function nearRanks(mean: number, deviation: number): Interval {
  return { low: Math.floor(mean - 0.5 - Z * deviation), high: Math.ceil(mean + 2 + Z * deviation) };
}

/** The largest r with P(B < r) ≤ 2.5 % and the smallest with P(B ≥ r) ≤ 2.5 %, where B samples of `count` are below the quantile. */
function exactRanks(p: number, count: number): Interval {
  if (count === 0 || p <= 0) return { low: 0, high: count + 1 };
  const logOdds = Math.log(p) - Math.log1p(-p);
  let logMass = count * Math.log1p(-p); // of B = 0
  let below = 0; // P(B < r)
  let low = 0;
  for (let r = 1; r <= count + 1; r++) {
    below += Math.exp(logMass);
    if (below <= TAIL) low = r;
    if (below >= 1 - TAIL) return { low, high: r };
    logMass += Math.log((count - r + 1) / r) + logOdds;
  }
  return { low, high: count + 1 };
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

/** Byar's interval of a count of events that come by themselves. @see Rothman and Boice, Epidemiologic Analysis (1979) */
export function poisson(events: number): Interval {
  const low = events <= 0 ? 0 : events * (1 - 1 / (9 * events) - Z / (3 * Math.sqrt(events))) ** 3;
  const next = events + 1;
  return { low, high: next * (1 - 1 / (9 * next) + Z / (3 * Math.sqrt(next))) ** 3 };
}

/** Fewer samples than this say too little of an average. */
const MEAN_SAMPLES_MIN = 30;

/** Interval of an average by the central limit theorem; unbounded with fewer than 30 samples. */
export function meanInterval(mean: number, variance: number, count: number): Interval {
  const half = count < MEAN_SAMPLES_MIN ? Number.POSITIVE_INFINITY : Z * Math.sqrt(variance / count);
  return { low: mean - half, high: mean + half };
}
