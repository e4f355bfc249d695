import { expect, test } from 'vitest';
import { quantileRanks } from '../../../runtime/statistics/interval.ts';
import {
  highestJudgeable,
  samplesForMargin,
  samplesToBound,
  samplesToPass,
  samplesToTell,
} from '../../../runtime/statistics/samples-needed.ts';

test.each([
  [0.9, [44, 64, 81, 127, 197, 681]],
  [0.95, [90, 130, 165, 259, 398, 1_372]],
  [0.99, [459, 662, 838, 1_307, 2_010, 6_898]],
  [0.999, [4_603, 6_636, 8_403, 13_105, 20_140, 69_058]],
])('MLPerf: with 0, 1, 2, 5, 10 and 50 over the limit the quantile %d is shown by %j samples', (ratio, needed) => {
  expect([0, 1, 2, 5, 10, 50].map((over) => samplesToPass(over, ratio))).toEqual(needed);
});

test.each([
  [0.9, 23_886],
  [0.95, 50_425],
  [0.97, 85_811],
  [0.99, 262_742],
])('MLPerf: a twentieth of what is beyond the quantile %d is told by %d samples', (ratio, needed) => {
  expect(samplesForMargin(ratio)).toBe(needed);
});

test.each([
  [0.5, 6],
  [0.75, 13],
  [0.9, 36],
  [0.95, 72],
  [0.97, 122],
  [0.99, 368],
  [0.995, 736],
  [0.999, 3_688],
  [0.9999, 36_887],
])('the quantile %d has an interval with two ends from %d samples on', (ratio, needed) => {
  expect(samplesToBound(ratio)).toBe(needed);
  expect(quantileRanks(ratio, needed).high).toBeLessThanOrEqual(needed);
  expect(quantileRanks(ratio, needed - 1).high).toBe(needed);
});

test.each([
  [5, undefined],
  [6, 0.5],
  [50, 0.9],
  [100, 0.95],
  [367, 0.97],
  [368, 0.99],
])('of %d samples the highest percentile that can be judged is %d', (samples, ratio) => {
  expect(highestJudgeable(samples)).toBe(ratio);
});

test('nothing over the limit tells a p95 after 72 samples, and after three times as many where three weigh as much as one', () => {
  expect(samplesToTell({ share: 0, limit: 0.05, inflation: 1 })).toBe(72);
  expect(samplesToTell({ share: 0, limit: 0.05, inflation: 3 })).toBe(216);
});

test('a share of 4 % is told from 5 % by 1,825 samples, 6 % by as many; 5 % by no number', () => {
  expect(samplesToTell({ share: 0.04, limit: 0.05, inflation: 1 })).toBe(1_825);
  expect(samplesToTell({ share: 0.06, limit: 0.05, inflation: 1 })).toBe(1_825);
  expect(samplesToTell({ share: 0.05, limit: 0.05, inflation: 1 })).toBeUndefined();
});
