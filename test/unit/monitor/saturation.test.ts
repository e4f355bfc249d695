import { expect, test } from 'vitest';
import type { GeneratorSecond } from '../../../runtime/core/records.ts';
import { assessGenerator } from '../../../runtime/monitor/saturation.ts';

/** `count` quiet seconds; those listed are replaced in part. */
function secondsOf(count: number, changed: Record<number, Partial<GeneratorSecond>> = {}): GeneratorSecond[] {
  return Array.from({ length: count }, (_, second) => ({
    ...{ second, loopLagP99Us: 1000, loopLagMaxUs: 2000, cpu: 0.4, lateStarts: 0, begunStarts: 100, rssBytes: 1 },
    ...changed[second],
  }));
}

test('2 measured seconds say nothing, 3 do', () => {
  expect(assessGenerator([secondsOf(2)])).toEqual({ saturated: null, reasons: [], cpu: null, loopLagMs: null, saturatedSeconds: 0 });
  expect(assessGenerator([secondsOf(3)]).saturated).toBe(false);
  expect(assessGenerator([]).saturated).toBeNull();
});

test('5 bad seconds of 100 are within 5 %, 6 are saturated', () => {
  const bad = { loopLagP99Us: 20_001, loopLagMaxUs: 85_000 };
  const at = (count: number): Record<number, typeof bad> => Object.fromEntries(Array.from({ length: count }, (_, i) => [i, bad]));
  expect(assessGenerator([secondsOf(100, at(5))])).toMatchObject({ saturated: false, reasons: [], saturatedSeconds: 5 });
  const { saturated, reasons, saturatedSeconds } = assessGenerator([secondsOf(100, at(6))]);
  expect({ saturated, saturatedSeconds }).toEqual({ saturated: true, saturatedSeconds: 6 });
  expect(reasons).toHaveLength(1);
  expect(reasons[0]).toMatch(/^event-loop lag \(p99\) over 20ms in 6 of 100 s, stalls up to 85ms: fewer users per worker/);
});

test('a lag of 20 ms, a CPU of 90 % and no late start are still good', () => {
  const edge = { loopLagP99Us: 20_000, cpu: 0.9, lateStarts: 1, begunStarts: 10 };
  expect(assessGenerator([secondsOf(3, { 0: edge, 1: edge, 2: edge })]).saturated).toBe(false);
});

test('a second is bad once, whichever of 2 workers and 3 causes made it so; the commonest cause comes first', () => {
  const first = secondsOf(10, { 0: { cpu: 0.97, lateStarts: 4 }, 1: { lateStarts: 2 } });
  const second = secondsOf(10, { 0: { cpu: 0.95 }, 1: { lateStarts: 2 }, 2: { lateStarts: 3 } });
  const { reasons, saturatedSeconds } = assessGenerator([first, second]);
  expect(saturatedSeconds).toBe(3);
  expect(reasons.map((reason) => reason.split(':')[0])).toEqual([
    '11 iterations began over 10 ms late in 3 of 10 s',
    "a worker's CPU over 90 % in 1 of 10 s, up to 97 %",
  ]);
});

test('CPU is the mean of the busiest of 2 workers, lag the p99s of all seconds with the longest stall as its max', () => {
  const idle = secondsOf(4, { 0: { loopLagP99Us: 3000, loopLagMaxUs: 15_000 } });
  const busy = secondsOf(4, { 0: { cpu: 0.6 }, 1: { cpu: 0.8 } });
  const { cpu, loopLagMs } = assessGenerator([idle, busy, []]);
  expect(cpu).toBeCloseTo(0.55, 9);
  expect(loopLagMs).toEqual({ min: 1, avg: 1.25, p50: 1, p90: 3, p95: 3, p99: 3, max: 15 });
});
