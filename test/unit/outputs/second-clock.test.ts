import { expect, test } from 'vitest';
import { k6ValueOf } from '../../../runtime/outputs/k6-value.ts';
import { SecondClock } from '../../../runtime/outputs/second-clock.ts';

test('moments are as they come, and later than the last one when the clock of the system is set back or stands still', () => {
  const clock = new SecondClock();
  expect([1_000, 2_000, 2_000, 500, 1_999, 3_000].map((ms) => clock.at(ms))).toEqual([1_000, 2_000, 2_001, 2_002, 2_003, 3_000]);
});

test('all series are sent every 60 seconds: Prometheus forgets what it has not heard of for five minutes', () => {
  const clock = new SecondClock();
  const full = Array.from({ length: 180 }, (_, i) => (clock.isFull() ? i + 1 : 0)).filter((second) => second > 0);
  expect(full).toEqual([60, 120, 180]);
});

test('times are ms as in k6, everything else as it is', () => {
  expect([k6ValueOf(1_500, 'time'), k6ValueOf(1_500, 'data'), k6ValueOf(0.25, 'default')]).toEqual([1.5, 1_500, 0.25]);
});
