import { expect, test } from 'vitest';
import {
  betaQuantile,
  betaRatio,
  binomialCdf,
  binomialQuantile,
  gammaQuantile,
  lnGamma,
  normalQuantile,
  normalTail,
  studentQuantile,
  studentTail,
} from '../../../runtime/statistics/special-functions.ts';

/** To so many of the value. */
function expectClose(actual: number, expected: number, relative = 1e-9): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));
}

test('ln Γ of whole numbers and halves is what factorials and √π say', () => {
  expectClose(lnGamma(5), Math.log(24), 1e-12);
  expectClose(lnGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-12);
  expectClose(lnGamma(21), Math.log(2_432_902_008_176_640_000), 1e-13);
});

test.each([
  [0.025, 1.959963984540054],
  [0.05, 1.6448536269514722],
  [0.005, 2.5758293035489004],
  [0.001, 3.090232306167813],
])('qnorm: %d lies above %d', (tail, z) => {
  expectClose(normalQuantile(tail), z);
  expectClose(normalTail(z), tail);
});

test.each([
  [0.05, 4, 2.131847],
  [0.025, 5, 2.570582],
  [0.025, 20, 2.085963],
  [0.01, 30, 2.457262],
])('qt: %d of Student’s distribution with %d degrees of freedom lies above %d', (tail, freedom, t) => {
  expect(studentQuantile(tail, freedom)).toBeCloseTo(t, 6);
  expectClose(studentTail(studentQuantile(tail, freedom), freedom), tail);
  expectClose(studentTail(-studentQuantile(tail, freedom), freedom), 1 - tail);
});

test('with one and with two degrees of freedom Student’s quantiles are those of their closed forms', () => {
  for (const tail of [0.2, 0.025, 0.001]) {
    expectClose(studentQuantile(tail, 1), 1 / Math.tan(Math.PI * tail), 1e-11);
    expectClose(studentQuantile(tail, 2), (1 - 2 * tail) / Math.sqrt(2 * tail * (1 - tail)), 1e-11);
  }
});

test('binomial sums are those that adding up gives', () => {
  const ratio = 0.3;
  let sum = 0;
  for (let k = 0; k <= 12; k++) {
    let term = 1;
    for (let i = 0; i < k; i++) term *= ((40 - i) / (i + 1)) * ratio;
    sum += term * 0.7 ** (40 - k);
    expectClose(binomialCdf(k, 40, ratio), sum, 1e-11);
  }
  expect([binomialCdf(-1, 40, ratio), binomialCdf(40, 40, ratio)]).toEqual([0, 1]);
});

test('the quantile of a binomial is the smallest number whose sum reaches the probability', () => {
  for (const probability of [0.001, 0.025, 0.5, 0.975, 0.999]) {
    const k = binomialQuantile(probability, 1_000, 0.05);
    expect(binomialCdf(k, 1_000, 0.05)).toBeGreaterThanOrEqual(probability);
    expect(binomialCdf(k - 1, 1_000, 0.05)).toBeLessThan(probability);
  }
});

test('quantiles of the beta and gamma distribution are where their ratio is met, from 1e-6 to 1e6', () => {
  for (const [a, b] of [
    [0.5, 0.5],
    [3, 700],
    [50_000, 950_000],
  ] as const)
    for (const ratio of [0.001, 0.025, 0.5, 0.975]) expectClose(betaRatio(betaQuantile(ratio, a, b), a, b), ratio, 1e-7);
  expectClose(gammaQuantile(0.95, 1), -Math.log(0.05), 1e-12);
  expectClose(gammaQuantile(0.001, 1), -Math.log1p(-0.001), 1e-12);
});
