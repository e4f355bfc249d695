import { expect, test } from 'vitest';
import type { Calibration, GeneratorSecond } from '../../../runtime/core/records.ts';
import { overheadMsOf } from '../../../runtime/monitor/overhead.ts';

const CALIBRATION: Calibration = { requests: 1000, overheadUsP50: 300, overheadUsP95: 1200, overheadUsP99: 4000 };

function secondOf(changes: Partial<GeneratorSecond>): GeneratorSecond {
  return { second: 0, loopLagP99Us: 1500, loopLagMaxUs: 1500, cpu: 0.2, lateStarts: 0, begunStarts: 10, rssBytes: 1, ...changes };
}

test('nothing measured is null; a calibration alone is its p95', () => {
  expect(overheadMsOf({ calibration: null, workers: [] })).toBeNull();
  expect(overheadMsOf({ calibration: null, workers: [[]] })).toBeNull();
  expect(overheadMsOf({ calibration: CALIBRATION, workers: [] })).toBe(1.2);
});

test('an idle loop, whose timers are 1.5 ms late, adds nothing to a calibration of 1.2 ms', () => {
  expect(overheadMsOf({ calibration: CALIBRATION, workers: [[secondOf({}), secondOf({ sendLagUsP99: 200 })]] })).toBe(1.2);
});

test('send lags of 2 and 4 ms are 3 ms, and the worse of 2 workers counts', () => {
  const quiet = [secondOf({}), secondOf({})];
  const busy = [secondOf({ sendLagUsP99: 2000 }), secondOf({ sendLagUsP99: 4000 })];
  expect(overheadMsOf({ calibration: CALIBRATION, workers: [quiet, busy] })).toBe(3);
});

test('a loop that lags 62 ms in every second is 60 ms, in one of six 10 ms', () => {
  const slow = secondOf({ loopLagP99Us: 62_000 });
  expect(overheadMsOf({ calibration: null, workers: [[slow, slow, slow]] })).toBe(60);
  expect(overheadMsOf({ calibration: null, workers: [[slow, ...Array.from({ length: 5 }, () => secondOf({}))]] })).toBe(10);
});
