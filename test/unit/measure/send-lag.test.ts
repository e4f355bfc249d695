import { expect, test } from 'vitest';
import { SendLag } from '../../../runtime/measure/send-lag.ts';

test('of 1,000 lags of 1 to 1,000 µs in any order the p99 is 990 µs, and the next second begins anew', () => {
  const lag = new SendLag();
  for (let i = 0; i < 1000; i++) lag.record(((i * 7) % 1000) + 1);
  expect(lag.takeP99Us()).toBe(990);
  expect(lag.takeP99Us()).toBeUndefined();
});

test('1 lag of 5 s among 50 is the p99, exactly; among 200 it is not', () => {
  const lag = new SendLag();
  for (let i = 0; i < 49; i++) lag.record(100);
  lag.record(5_000_000);
  expect(lag.takeP99Us()).toBe(5_000_000);
  for (let i = 0; i < 199; i++) lag.record(100);
  lag.record(5_000_000);
  expect(lag.takeP99Us()).toBe(100);
});

test('a request that went out before it was due has a lag of 0', () => {
  const lag = new SendLag();
  lag.record(-300);
  expect(lag.takeP99Us()).toBe(0);
});
