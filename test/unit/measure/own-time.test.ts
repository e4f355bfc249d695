import { expect, test } from 'vitest';
import { loopWithOwnTime } from './fake-loop.ts';

test('10 laps of 9 ms of waiting and 1 ms of work are 10 ms of own time', () => {
  const { loop, own, from } = loopWithOwnTime();
  for (let i = 0; i < 10; i++) {
    loop.sleep(9_000);
    loop.work(1_000);
    loop.endLap();
  }
  expect(own.totalUs).toBe(10_000);
  expect(own.betweenUs(from, loop.now)).toBe(10_000);
});

test('of 20 ms asleep 12 ms in which the thread waited for a processor are its own', () => {
  const { loop, own, from } = loopWithOwnTime();
  loop.sleep(20_000, 12_000);
  expect(own.unseenUs(loop.now)).toBe(12_000);
  loop.endLap();
  expect(own.betweenUs(from, loop.now)).toBe(12_000);
});

test('a sleep of 3 s past a timer that was due after 10 ms is a stop: all of it is own', () => {
  const { loop, own, from } = loopWithOwnTime();
  own.expect(from + 10_000);
  loop.sleep(3_000_000);
  expect(own.unseenUs(loop.now)).toBe(3_000_000);
  loop.endLap();
  expect([own.catchUp.meets(loop.now + 2_999_999), own.catchUp.includes(from)]).toEqual([true, true]);
  own.expect(loop.now + 10_000);
  loop.sleep(9_000);
  loop.endLap();
  expect(own.betweenUs(from, loop.now)).toBe(3_000_000);
});

test('a nap that a stop made 3 s long is own, also when the timer comes, and the next is set, before the lap ends', () => {
  const { loop, own, from } = loopWithOwnTime();
  own.expect(from + 10_000);
  loop.sleep(3_000_000);
  own.expect(loop.now + 10_000);
  loop.sleep(2_000);
  expect(own.unseenUs(loop.now)).toBe(3_000_000);
  loop.endLap();
  expect(own.catchUp.includes(from + 10_000)).toBe(true);
  loop.sleep(9_000);
  loop.endLap();
  expect(own.betweenUs(from, loop.now)).toBe(3_000_000);
});

test('a sleep up to its timer, 1 ms late, is no stop', () => {
  const { loop, own, from } = loopWithOwnTime();
  own.expect(from + 10_000);
  loop.sleep(11_000);
  expect(own.unseenUs(loop.now)).toBe(0);
});

test('an answer that is found without a wait may have come while 80 ms of code ran in the lap before', () => {
  const { loop, own } = loopWithOwnTime();
  loop.work(80_000);
  loop.endLap();
  loop.work(500);
  expect(own.unseenUs(loop.now)).toBe(80_500);
});

test('an answer that woke the loop came when it did, whatever ran before', () => {
  const { loop, own } = loopWithOwnTime();
  loop.work(80_000);
  loop.endLap();
  loop.sleep(5_000);
  loop.work(500);
  expect(own.unseenUs(loop.now)).toBe(500);
});

test('where the system tells no wait for a processor, what a timer was late is what an event may have waited, for 1 s', () => {
  const { loop, own, from } = loopWithOwnTime();
  loop.queued = undefined;
  own.expect(from + 10_000);
  loop.sleep(10_000);
  loop.work(8_000);
  own.expect(loop.now + 10_000);
  loop.endLap();
  loop.sleep(9_000);
  expect(own.unseenUs(loop.now)).toBe(8_000);
  loop.endLap();
  own.expect(loop.now + 2_000_000);
  loop.sleep(1_500_000);
  expect(own.unseenUs(loop.now)).toBe(0);
});

test('a moment of 30 s ago is known to 5 ms, one of 10 minutes ago to 0.1 s, both on the safe side', () => {
  const { loop, own, from } = loopWithOwnTime();
  for (let i = 0; i < 120_000; i++) {
    loop.sleep(4_000);
    loop.work(1_000);
    loop.endLap();
  }
  const at = (sinceUs: number) => own.betweenUs(loop.now - sinceUs, loop.now);
  expect(at(30_000_000)).toBeGreaterThanOrEqual(6_000_000);
  expect(at(30_000_000)).toBeLessThanOrEqual(6_005_000);
  expect(at(500_000_000)).toBeGreaterThanOrEqual(100_000_000);
  expect(at(500_000_000)).toBeLessThanOrEqual(100_100_000);
  expect(own.betweenUs(from - 10_000_000, loop.now)).toBe(own.totalUs + 10_000_000); // before it began nothing is known
});

test('of 300 ms between two timers the 80 ms on a processor are what code did in one piece; asked again, it is what came since', () => {
  const { loop, own } = loopWithOwnTime();
  const tick = (): void => own.expect(loop.now + 10_000);
  tick();
  loop.work(4_000);
  tick();
  loop.work(50_000);
  loop.wait(220_000);
  loop.work(30_000);
  tick();
  loop.work(9_000);
  tick();
  expect(own.takeRanUsMax()).toBe(80_000);
  loop.work(7_000);
  tick();
  expect(own.takeRanUsMax()).toBe(7_000);
  expect(own.takeRanUsMax()).toBeUndefined();
});

test('where the system does not tell how long a thread ran, nothing is said of it', () => {
  const { loop, own } = loopWithOwnTime();
  loop.ran = undefined;
  own.expect(loop.now + 10_000);
  loop.work(80_000);
  own.expect(loop.now + 10_000);
  expect(own.takeRanUsMax()).toBeUndefined();
});
