import { expect, test } from 'vitest';
import { drawLatencyUs, parseLatency } from '../../../runtime/target/latency.ts';

/** 20,000 draws in order of size. */
function drawn(text: string, seed = 1): number[] {
  const plan = parseLatency('--latency', text);
  return Array.from({ length: 20_000 }, (_, index) => drawLatencyUs(plan, seed, index)).sort((a, b) => a - b);
}
const at = (sorted: number[], ratio: number): number => sorted[Math.floor(ratio * sorted.length)] as number;

test.each([
  ['50ms', { kind: 'fixed', latencyUs: 50_000 }],
  ['uniform(10ms,90ms)', { kind: 'uniform', minUs: 10_000, maxUs: 90_000 }],
  ['normal( 50ms , 10ms )', { kind: 'normal', meanUs: 50_000, deviationUs: 10_000 }],
  ['lognormal(50ms,0.3)', { kind: 'lognormal', medianUs: 50_000, sigma: 0.3 }],
])('%s is read', (text, plan) => {
  expect(parseLatency('--latency', text)).toEqual(plan);
});

test.each([
  '50',
  '',
  'normal(50ms)',
  'normal(50,10)',
  'uniform(90ms,10ms)',
  'lognormal(50ms,0.3ms)',
  'lognormal(50ms,9)',
  'gamma(1s,2s)',
  '2h',
  50,
])('%j is refused with the 4 allowed shapes', (text) => {
  expect(() => parseLatency('--latency', text)).toThrow(
    `--latency: expected a latency such as "50ms", "uniform(10ms,90ms)", "normal(50ms,10ms)" or "lognormal(50ms,0.3)", at most 1h; got ${JSON.stringify(text)}`,
  );
});

test('50ms is always 50,000 µs', () => {
  expect(new Set(drawn('50ms'))).toEqual(new Set([50_000]));
});

test('uniform(10ms,90ms) stays within and has its median within 2 % of 50 ms', () => {
  const values = drawn('uniform(10ms,90ms)');
  expect(values[0]).toBeGreaterThanOrEqual(10_000);
  expect(values.at(-1)).toBeLessThanOrEqual(90_000);
  expect(Math.abs(at(values, 0.5) / 50_000 - 1)).toBeLessThan(0.02);
  expect(Math.abs(at(values, 0.1) / 18_000 - 1)).toBeLessThan(0.05);
});

test('normal(50ms,10ms) has quantiles at 40, 50 and 60 ms, and normal(1ms,10ms) never goes below 0', () => {
  const values = drawn('normal(50ms,10ms)');
  for (const [ratio, us] of [
    [0.1587, 40_000],
    [0.5, 50_000],
    [0.8413, 60_000],
  ] as const) {
    expect(Math.abs(at(values, ratio) / us - 1)).toBeLessThan(0.02);
  }
  expect(drawn('normal(1ms,10ms)')[0]).toBe(0);
});

test('lognormal(50ms,0.3) has its median at 50 ms and its p95 at 50 · e^(0.3 · 1.645) = 81.9 ms', () => {
  const values = drawn('lognormal(50ms,0.3)');
  expect(Math.abs(at(values, 0.5) / 50_000 - 1)).toBeLessThan(0.02);
  expect(Math.abs(at(values, 0.95) / 81_900 - 1)).toBeLessThan(0.03);
});

test('index 7 of seed 1 is always the same, and seed 2 has others', () => {
  const plan = parseLatency('--latency', 'uniform(0s,1s)');
  expect(drawLatencyUs(plan, 1, 7)).toBe(drawLatencyUs(plan, 1, 7));
  expect(drawLatencyUs(plan, 1, 7)).not.toBe(drawLatencyUs(plan, 2, 7));
  expect(drawLatencyUs(plan, 1, 7)).not.toBe(drawLatencyUs(plan, 1, 8));
});
