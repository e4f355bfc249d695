import { normalQuantile, studentQuantile } from './special-functions.ts';

/** How much less samples say that came in a row than as many independent ones: neighbours share queues, pauses and noisy neighbours. */

/** Fewer seconds than this say nothing of how they hang together. */
export const DEPENDENCE_SECONDS_MIN = 20;
const BATCHES = 10;
const CORRELATION_MAX = 0.95;
/** Standard deviations that evidence lies out, roughly: so far out the estimate of a variance from few seconds counts most. */
const Z = 3;

export interface LongRun {
  /** Variance of the sum over all seconds. */
  readonly variance: number;
  /** By how much it is to be widened for being estimated from so few seconds, as a factor. */
  readonly widening: number;
  /** Degrees of freedom that it is known with. */
  readonly freedom: number;
}

/**
 * Variance of a sum over seconds that depend on each other: the largest of a Bartlett window, an autoregressive process of first order and
 * ten batch means, each corrected for the mean that was taken away.
 * @param residuals - of each second, around their mean; at least {@link DEPENDENCE_SECONDS_MIN}
 * @see Newey and West (1987), Kendall (1954)
 */
export function longRunVariance(residuals: readonly number[]): LongRun {
  const seconds = residuals.length;
  const lags = Math.ceil(1.5 * seconds ** (1 / 3));
  const own = covariance(residuals, 0);
  let window = own;
  for (let lag = 1; lag <= lags; lag++) window += 2 * (1 - lag / (lags + 1)) * covariance(residuals, lag);
  const bartlett = (seconds * window) / (1 - (lags + 1) / seconds);
  const next = own > 0 ? covariance(residuals, 1) / own : 0;
  const correlation = Math.min(Math.max(next + (1 + 3 * next) / seconds, 0), CORRELATION_MAX);
  const autoregressive = ((seconds ** 2 / (seconds - 1)) * own * (1 + correlation)) / (1 - correlation);
  const freedom = (1.5 * seconds) / (lags + 1);
  return { variance: Math.max(bartlett, autoregressive, ofBatches(residuals)), widening: (studentOf(freedom) / Z) ** 2, freedom };
}

function covariance(residuals: readonly number[], lag: number): number {
  let sum = 0;
  for (let t = lag; t < residuals.length; t++) sum += (residuals[t - lag] as number) * (residuals[t] as number);
  return sum / residuals.length;
}

function ofBatches(residuals: readonly number[]): number {
  const size = Math.floor(residuals.length / BATCHES);
  const sums = Array.from({ length: BATCHES }, (_, batch) => sumOf(residuals.slice(batch * size, (batch + 1) * size)));
  const mean = sumOf(sums) / BATCHES;
  const squares = sumOf(sums.map((sum) => (sum - mean) ** 2));
  return ((squares / (BATCHES - 1)) * residuals.length) / size;
}

/** Student's t beyond which as much lies as beyond Z deviations, to 3 % from 7 degrees of freedom on. @see Cornish and Fisher (1938) */
function studentOf(freedom: number): number {
  return Z + (Z ** 3 + Z) / (4 * freedom) + (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * freedom ** 2);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What samples of some seconds weigh. */
export interface Weight {
  /** Samples that are worth as much as one independent one, for a 95 % interval; at least 1. It counts in that so few seconds tell it roughly only. */
  readonly factor: number;
  /** False: too few seconds, or too few samples on one side, to say; then they are taken for independent. */
  readonly isKnown: boolean;
}

/** Fewer samples on either side of a value tell nothing of how they hang together. */
export const SIDE_SAMPLES_MIN = 20;
const TAIL = 0.025;

/**
 * How many independent samples those of a run are worth, where what is asked is the share of them that is over something.
 * @param over - of each second
 * @param of - samples of each second
 * @see Korn and Graubard (1998)
 */
export function weightOf(over: readonly number[], of: readonly number[]): Weight {
  const [bad, all, seconds] = [sumOf(over), sumOf(of), of.length];
  const share = all === 0 ? 0 : bad / all;
  if (seconds < DEPENDENCE_SECONDS_MIN || Math.min(bad, all - bad) < SIDE_SAMPLES_MIN) return { factor: 1, isKnown: false };
  const { variance, freedom } = longRunVariance(over.map((each, t) => each - share * (of[t] as number)));
  const inflation = Math.max(1, variance / (all * share * (1 - share)));
  const widening = (studentQuantile(TAIL, freedom) / normalQuantile(TAIL)) ** 2;
  return { factor: Math.max(1, inflation * widening), isKnown: true };
}
