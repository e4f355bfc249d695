/** Gamma and beta functions, and what distributions are made of them: to about 1e-11 of the value. */

const STEPS_MAX = 100_000;
const PRECISION = 1e-15;
const TINY = 1e-300;
const BISECTIONS = 200;

/** Stirling's series, from 10 on. @param x - above 0 */
export function lnGamma(x: number): number {
  let [shifted, product] = [x, 1];
  for (; shifted < 10; shifted++) product *= shifted;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

export function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
}

/** Regularized incomplete beta function I_x(a, b). @param x - 0 to 1 @see Lentz's continued fraction, DLMF 8.17.22 */
export function betaRatio(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaRatio(1 - x, b, a);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b)) / a;
  return front / betaFraction(x, a, b);
}

/** What divides the front factor, for x below its mean. */
function betaFraction(x: number, a: number, b: number): number {
  let [c, d, product] = [1, 0, 1];
  for (let step = 1; step < STEPS_MAX; step++) {
    const m = step >> 1;
    const term =
      step % 2 === 0 ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)) : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + term * d);
    c = away(1 + term / c);
    product *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return product;
}

/** Regularized incomplete gamma functions: P(a, x), and Q = 1 − P without losing it where it is small. @param a - above 0 */
export function gammaRatios(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  if (x < a + 1) {
    const lower = front * gammaSeries(a, x);
    return { lower, upper: 1 - lower };
  }
  const upper = front * gammaFraction(a, x);
  return { lower: 1 - upper, upper };
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < STEPS_MAX && term > sum * PRECISION; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let [c, d] = [1 / TINY, 1 / away(b)];
  let product = d;
  for (let n = 1; n < STEPS_MAX; n++) {
    const term = -n * (n - a);
    b += 2;
    d = 1 / away(term * d + b);
    c = away(b + term / c);
    product *= c * d;
    if (Math.abs(c * d - 1) < PRECISION) break;
  }
  return product;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}

/** The x at which I_x(a, b) is `ratio`. */
export function betaQuantile(ratio: number, a: number, b: number): number {
  return solve((x) => betaRatio(x, a, b) < ratio, 0, 1);
}

/** The x below which a gamma distribution of shape `a` and scale 1 has `ratio`. */
export function gammaQuantile(ratio: number, a: number): number {
  const high = a + 20 * Math.sqrt(a + 1) + 60;
  return solve((x) => (ratio < 0.5 ? gammaRatios(a, x).lower < ratio : gammaRatios(a, x).upper > 1 - ratio), 0, high);
}

/** Where a rising function stops being too low. */
function solve(isTooLow: (x: number) => boolean, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (isTooLow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Of a standard normal distribution: what lies above `z`. */
export function normalTail(z: number): number {
  const beyond = gammaRatios(0.5, z ** 2 / 2).upper / 2;
  return z >= 0 ? beyond : 1 - beyond;
}

/** The value above which a standard normal distribution has `tail`. @param tail - between 0 and 0.5 */
export function normalQuantile(tail: number): number {
  return Math.sqrt(2 * gammaQuantile(1 - 2 * tail, 0.5));
}

/** Of Student's distribution: what lies above `t`. @param freedom - above 0, need not be whole */
export function studentTail(t: number, freedom: number): number {
  const beyond = betaRatio(freedom / (freedom + t ** 2), freedom / 2, 0.5) / 2;
  return t >= 0 ? beyond : 1 - beyond;
}

/** The value above which Student's distribution has `tail`. @param tail - between 0 and 0.5 */
export function studentQuantile(tail: number, freedom: number): number {
  const x = betaQuantile(2 * tail, freedom / 2, 0.5);
  return Math.sqrt((freedom * (1 - x)) / x);
}

/** P(at most `k` of `count`), each with `ratio`. */
export function binomialCdf(k: number, count: number, ratio: number): number {
  if (k < 0) return 0;
  return k >= count ? 1 : betaRatio(1 - ratio, count - k, k + 1);
}

/** The smallest k with P(at most k of `count`) ≥ `probability`. */
export function binomialQuantile(probability: number, count: number, ratio: number): number {
  let [below, at] = [-1, count];
  while (at - below > 1) {
    const middle = Math.floor((below + at) / 2);
    if (binomialCdf(middle, count, ratio) >= probability) at = middle;
    else below = middle;
  }
  return at;
}
