import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { monotonicUs, runClock } from '../../../runtime/core/clock.ts';

const DAY_US = 86_400_000_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a moment in 30 days comes in 30 days, though one timer of Node reaches 24.8', () => {
  const clock = runClock(monotonicUs());
  const called = vi.fn();
  clock.at(30 * DAY_US, called);
  vi.advanceTimersByTime(29.9 * 86_400_000);
  expect(called).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0.2 * 86_400_000);
  expect(called).toHaveBeenCalledTimes(1);
});

test('it can be cancelled before and after the first timer has ended', () => {
  const clock = runClock(monotonicUs());
  const called = vi.fn();
  const [cancelEarly, cancelLate] = [clock.at(30 * DAY_US, called), clock.at(30 * DAY_US, called)];
  cancelEarly();
  vi.advanceTimersByTime(26 * 86_400_000);
  cancelLate();
  vi.advanceTimersByTime(10 * 86_400_000);
  expect(called).not.toHaveBeenCalled();
});

test('a process that is stopped for 20 ms while it starts has the same clock as all others', async () => {
  vi.useRealTimers();
  vi.resetModules();
  const { hrtime } = process;
  const read = hrtime.bigint.bind(hrtime);
  vi.spyOn(hrtime, 'bigint').mockImplementation(() => {
    const now = read();
    while (read() - now < 20_000_000n);
    return now;
  });
  const fresh = await import('../../../runtime/core/clock.ts');
  vi.restoreAllMocks();
  const sharedUs = (): number => Number(read() / 1000n);
  const beforeUs = sharedUs();
  const us = fresh.monotonicUs();
  expect([us >= beforeUs, us <= sharedUs() + 1]).toEqual([true, true]);
});
