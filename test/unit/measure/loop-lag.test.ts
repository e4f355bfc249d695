import { expect, test } from 'vitest';
import { LoopLagSampler } from '../../../runtime/measure/loop-lag.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function sampler(): { clock: FakeClock; lag: LoopLagSampler } {
  const clock = new FakeClock();
  const lag = new LoopLagSampler(clock);
  lag.start();
  return { clock, lag };
}

test('a second without a stall has a lag of 0', () => {
  const { clock, lag } = sampler();
  clock.advanceTo(1_000_000);
  expect(lag.take()).toEqual({ p50Us: 0, p99Us: 0, maxUs: 0 });
});

test('one stall from 0.5 to 0.7 s makes the p99 of the second 180 ms: it counts with the 20 moments it covers', () => {
  const { clock, lag } = sampler();
  clock.advanceTo(500_000);
  clock.stallUntil(700_000);
  clock.advanceTo(1_000_000);
  expect(lag.take()).toEqual({ p50Us: 0, p99Us: 180_000, maxUs: 190_000 });
});

test('a stall of 600 ms of a second makes the median 100 ms', () => {
  const { clock, lag } = sampler();
  clock.advanceTo(400_000);
  clock.stallUntil(1_000_000);
  expect(lag.take()).toEqual({ p50Us: 90_000, p99Us: 580_000, maxUs: 590_000 });
});

test('each take begins anew, and a stall over its end is split between two seconds', () => {
  const { clock, lag } = sampler();
  clock.advanceTo(990_000);
  clock.stallUntil(1_000_000);
  expect(lag.take()?.maxUs).toBe(0);
  clock.stallUntil(1_050_000);
  clock.advanceTo(2_000_000);
  expect(lag.take()?.maxUs).toBe(40_000);
  clock.advanceTo(3_000_000);
  expect(lag.take()?.maxUs).toBe(0);
});

test('a stall of an hour keeps at most 1,000 moments, and the grid goes on behind it', () => {
  const { clock, lag } = sampler();
  clock.advanceTo(5_000);
  clock.stallUntil(3_600_000_000);
  expect(lag.take()).toMatchObject({ maxUs: 3_599_990_000 });
  clock.advanceTo(3_601_000_000);
  expect(lag.take()).toEqual({ p50Us: 0, p99Us: 0, maxUs: 0 });
});

test('nothing is measured before start, within 10 ms or after stop', () => {
  const clock = new FakeClock();
  const lag = new LoopLagSampler(clock);
  clock.advanceTo(1_000_000);
  expect(lag.take()).toBeUndefined();
  lag.start();
  clock.advanceTo(1_009_999);
  expect(lag.take()).toBeUndefined();
  lag.stop();
  clock.advanceTo(2_000_000);
  expect(lag.take()).toBeUndefined();
  expect(clock.waiting).toBe(0);
});
