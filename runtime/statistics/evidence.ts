/**
 * Evidence against "the limit holds" that may be looked at as often as one likes: where the limit holds, it exceeds 1 / α at any time
 * with a probability of at most α. Natural logarithms.
 * @see Robbins (1970); Howard, Ramdas et al., https://arxiv.org/abs/1810.08240
 */

import { lnBeta } from './special-functions.ts';

/** Independent samples that the guess before the first one weighs. */
const PRIOR_SAMPLES = 100;
/** Seconds after which evidence against an average comes soonest. */
const PRIOR_SECONDS = 30;

/**
 * Of a share: beta-binomial mixture around the limit.
 * @param bad - of `samples`, both in independent ones; need not be whole
 * @param allowed - share that may be bad, between 0 and 1 without either
 */
export function shareEvidence({ bad, samples }: { bad: number; samples: number }, allowed: number): number {
  const [a, b] = [allowed * PRIOR_SAMPLES, (1 - allowed) * PRIOR_SAMPLES];
  const good = samples - bad;
  return lnBeta(a + bad, b + good) - lnBeta(a, b) - bad * Math.log(allowed) - good * Math.log1p(-allowed);
}

/** Of a sum that should not be above 0, and is: normal mixture; without any variance there is no chance in it. @param variance - of the sum, over so many seconds */
export function sumEvidence(sum: number, { variance, seconds }: { variance: number; seconds: number }): number {
  if (variance <= 0) return Number.POSITIVE_INFINITY;
  const prior = (variance / seconds) * PRIOR_SECONDS;
  return Math.log(prior / (variance + prior)) / 2 + sum ** 2 / (2 * (variance + prior));
}
